// The workloads as workflows of DBOS, behind a small server: it is a library in the application's process.
import { createServer } from "node:http";
import { DBOS } from "@dbos-inc/dbos-sdk";
import { ready } from "../child.mjs";

const [databaseUrl] = process.argv.slice(2);
const step = (name, value) => DBOS.runStep(async () => value, { name });

const w1 = DBOS.registerWorkflow(async (order) => step("work", { number: order.order }), { name: "w1" });
const w2 = DBOS.registerWorkflow(
  async () => {
    let total = 0;
    for (let i = 0; i < 10; i++) {
      total += await step(`step-${i}`, i);
    }
    return { total };
  },
  { name: "w2" },
);
const w3 = DBOS.registerWorkflow(async () => DBOS.recv("approval", 60), { name: "w3" });
const w5 = DBOS.registerWorkflow(
  async () => {
    const branches = Array.from({ length: 1000 }, (_, i) => step(`work-${i}`, i));
    return { count: (await Promise.all(branches)).length };
  },
  { name: "w5" },
);

const run = (workflow) => async (order) => (await DBOS.startWorkflow(workflow)(order)).getResult();
const routes = {
  "/w1": run(w1),
  "/w2": run(w2),
  "/w3": async () => {
    const waiting = await DBOS.startWorkflow(w3)();
    await DBOS.send(waiting.workflowID, { approved: true }, "approval"); // The system outside answers at once.
    return waiting.getResult();
  },
  "/w5": run(w5),
};

DBOS.setConfig({ name: "bench", systemDatabaseUrl: databaseUrl, logLevel: "error" });
await DBOS.launch();
const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", async () => {
    try {
      response.end(JSON.stringify(await routes[request.url](JSON.parse(Buffer.concat(chunks).toString()))));
    } catch (error) {
      response.statusCode = 500;
      response.end(String(error));
    }
  });
});
server.listen(0, "127.0.0.1", () => ready(`http://127.0.0.1:${server.address().port}`, () => server.close()));
