// How a measured process talks to the one that started it: a line when ready, the end of its input when to stop.
import { createServer } from "node:net";

export function ready(url, stop) {
  process.stdin.resume();
  process.stdin.on("end", async () => {
    await stop?.();
    process.exit(0);
  });
  process.stdout.write(`ready ${url}\n`);
}

/** A port that nobody listens on now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export async function untilAnswers(url, secondsMax = 60) {
  const ends = Date.now() + secondsMax * 1000;
  for (;;) {
    try {
      if ((await fetch(url)).ok) {
        return;
      }
    } catch {
      // Not yet.
    }
    if (Date.now() > ends) {
      throw new Error(`${url} does not answer.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
