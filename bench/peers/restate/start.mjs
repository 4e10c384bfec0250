// Restate with its defaults but for the ports: a server that syncs its log, and a process of Node with the service.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, ready, untilAnswers } from "../child.mjs";

const [directory] = process.argv.slice(2);
const platform = `${process.platform}-${process.arch}`;
const require = createRequire(import.meta.url);
let program;
try {
  program = join(dirname(require.resolve(`@restatedev/restate-server-${platform}/package.json`)), "bin/restate-server");
} catch {
  console.error(`restate: there is no server of it for ${platform}.`);
  process.exit(3);
}

const [ingress, admin, node, service] = [await freePort(), await freePort(), await freePort(), await freePort()];
const url = `http://127.0.0.1:${ingress}`;
const server = spawn(program, ["--base-dir", directory, "--node-name", "bench", "--bind-ip", "127.0.0.1"], {
  stdio: ["ignore", "ignore", "inherit"],
  env: {
    ...process.env,
    DO_NOT_TRACK: "1",
    RUST_LOG: "error",
    RESTATE_BIND_PORT: `${node}`,
    RESTATE_INGRESS__BIND_PORT: `${ingress}`,
    RESTATE_ADMIN__BIND_PORT: `${admin}`,
  },
});
const functions = spawn(
  process.execPath,
  [fileURLToPath(new URL("service.mjs", import.meta.url)), `${service}`, url],
  { stdio: ["ignore", "ignore", "inherit"] },
);
const stop = () => {
  server.kill("SIGKILL");
  functions.kill("SIGKILL");
};
process.on("exit", stop);

await untilAnswers(`http://127.0.0.1:${admin}/health`);
await untilAnswers(`${url}/restate/health`);
for (let tries = 0; ; tries++) {
  const registered = await fetch(`http://127.0.0.1:${admin}/deployments`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ uri: `http://127.0.0.1:${service}` }),
  });
  if (registered.ok) {
    break;
  }
  if (tries === 20) {
    throw new Error(`The service is not registered: ${await registered.text()}`);
  }
  await new Promise((resolve) => setTimeout(resolve, 250)); // The service may not listen yet.
}
ready(url, stop);
