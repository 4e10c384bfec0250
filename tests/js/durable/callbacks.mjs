// Callbacks: 4-x and 7-x.
import { withDurableExecution as durable } from "@aws/durable-execution-sdk-js";

const json = { deserialize: async (text) => (text === undefined ? undefined : JSON.parse(text)) };
const submit = async (callbackId, { logger }) => logger.info(`submitted ${callbackId}`);

/** Runs what stands between a callback's creation and its result. */
const withCallback = (name, config, between) =>
  durable(async (input, context) => {
    const [result] = await context.createCallback(name ?? input, config);
    await between?.(context);
    return result;
  });

export const handlers = {
  "4-2": withCallback("approval"),
  "4-7": withCallback(undefined, undefined, (context) => context.step(async () => "between")),
  "4-8": withCallback(undefined, { timeout: { seconds: 5 } }, (context) => context.step(async () => "between")),
  "4-10": withCallback(undefined, undefined, (context) => context.wait({ seconds: 5 })),
  "4-12": durable(async (name, context) => {
    const [result] = await context.createCallback(name);
    const value = await result;
    await context.wait({ seconds: 2 });
    return value;
  }),
  "4-14": durable(async (name, context) => {
    const [result] = await context.createCallback(name, { timeout: { seconds: 3 } });
    const message = await result.catch((error) => `caught ${error.message}`);
    await context.wait({ seconds: 2 });
    return message;
  }),
  "4-15": durable(async (name, context) => {
    const serdes = {
      deserialize: async (text) => {
        const received = JSON.parse(text);
        return { ...received, timestamp: new Date(received.timestamp) };
      },
    };
    const [result] = await context.createCallback(name, { serdes });
    const received = await result;
    return { received: { ...received, timestamp: received.timestamp.getTime() / 1000 } };
  }),
  "4-16": durable(async (name, context) => {
    const [result] = await context.createCallback(name, { serdes: { deserialize: async (text) => Number(text) } });
    const count = await result;
    return { count, doubled: count * 2 };
  }),
  "4-17": durable(async ([nameOfA, nameOfB], context) => {
    const [a] = await context.createCallback(nameOfA);
    const first = await a;
    const [b] = await context.createCallback(nameOfB);
    return [first, await b];
  }),
  "4-19": durable(async ([nameOfA, nameOfB], context) => {
    const [a] = await context.createCallback(nameOfA);
    const [b] = await context.createCallback(nameOfB);
    const second = await b;
    return [await a, second];
  }),

  "7-2": durable(async (_input, context) => context.waitForCallback("approval", submit)),
  "7-3": durable(async (_input, context) => context.waitForCallback(async () => {})),
  "7-5": durable(async (name, context) => context.waitForCallback(name, submit, { timeout: { seconds: 3 } })),
  "7-6": durable(async (name, context) => context.waitForCallback(name, submit).catch(() => "recovered")),
  "7-8": durable(async (name, context) =>
    context.runInChildContext("wrapper", async (child) => child.waitForCallback(name, submit)),
  ),
  "7-9": durable(async (_input, context) => {
    await context.waitForCallback("first", submit);
    return context.waitForCallback("second", submit);
  }),
  "7-10": durable(async (name, context) => {
    await context.wait({ seconds: 1 });
    await context.step(async () => "fixed data");
    return context.waitForCallback(name, submit);
  }),
  "7-11": durable(async (name, context) => (await context.waitForCallback(name, submit, { serdes: json })).status),
  "7-13": durable(async (name, context) =>
    context.waitForCallback(name, submit, { heartbeatTimeout: { seconds: 10 } }),
  ),
  "7-14": durable(async (name, context) =>
    context.waitForCallback(name, submit, { timeout: { seconds: 3 } }).catch(() => "timed-out-handled"),
  ),
};
