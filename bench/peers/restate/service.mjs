// The workloads as a service of Restate: bench/js/durable.mjs does the same on Lungfish.
import { Agent, request } from "node:http";

// The SDK needs it, and Node has it from version 22 on.
Promise.withResolvers ??= function withResolvers() {
  const made = {};
  made.promise = new this((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};
const restate = await import("@restatedev/restate-sdk");

const [port, ingress] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });

/** The system outside, which answers as soon as it is asked. */
function answer(id) {
  const sent = request(
    `${ingress}/restate/awakeables/${id}/resolve`,
    { method: "POST", agent, headers: { "content-type": "application/json" } },
    (response) => response.resume(),
  );
  sent.on("error", (error) => console.error(`restate: ${error.message}`));
  sent.end('{"approved":true}');
}

const bench = restate.service({
  name: "bench",
  handlers: {
    w1: async (context, order) => context.run("work", () => ({ number: order.order })),
    w2: async (context) => {
      let total = 0;
      for (let i = 0; i < 10; i++) {
        total += await context.run(`step-${i}`, () => i);
      }
      return { total };
    },
    w3: async (context) => {
      const callback = context.awakeable();
      await context.run("ask", () => answer(callback.id));
      return await callback.promise;
    },
    w5: async (context) => {
      const branches = Array.from({ length: 1000 }, (_, i) => context.run(`work-${i}`, () => i));
      return { count: (await restate.RestatePromise.all(branches)).length };
    },
  },
});

await restate.serve({ services: [bench], port: Number(port) });
