// The durable functions that are measured; those in C# beside them do the same. ../README.md says what each is.
import http from "node:http";
import { withDurableExecution } from "@aws/durable-execution-sdk-js";

const agent = new http.Agent({ keepAlive: true });

export const w1 = withDurableExecution(async (event, context) => {
  return await context.step("work", async () => ({ number: event.number }));
});

export const w2 = withDurableExecution(async (event, context) => {
  let total = 0;
  for (let i = 0; i < 10; i++) {
    total += await context.step(`step-${i}`, async () => i);
  }
  return { total };
});

// The system outside answers as soon as it is told the callback's id, as in the peers' w3.
export const w3 = withDurableExecution(async (event, context) => {
  return await context.waitForCallback("approval", (id) =>
    post(`/2025-12-01/durable-execution-callbacks/${encodeURIComponent(id)}/succeed`, { approved: true }));
});

// The system outside is another process, and answers later.
export const w3later = withDurableExecution(async (event, context) => {
  return await context.waitForCallback("approval", (token) => post("/bench/handover", { name: event.name, token }));
});

export const w5 = withDurableExecution(async (event, context) => {
  const branches = Array.from({ length: 1000 }, (_, i) => async (branch) => branch.step("work", async () => i));
  const results = await context.parallel("branches", branches);
  return { count: results.getResults().length };
});

function post(path, body) {
  return new Promise((resolve, reject) => {
    const url = process.env.AWS_ENDPOINT_URL_LAMBDA + path;
    const request = http.request(url, { method: "POST", agent }, (answer) => {
      answer.resume();
      answer.on("end", () => (answer.statusCode < 300 ? resolve() : reject(new Error(`${path}: ${answer.statusCode}`))));
    });
    request.on("error", reject);
    request.end(JSON.stringify(body));
  });
}

export const sleep = withDurableExecution(async (event, context) => {
  await context.wait("sleep", { seconds: event.seconds });
  return { awake: true };
});
