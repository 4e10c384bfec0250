// Requirements of our own: 20-x.
import { setTimeout } from "node:timers/promises";
import { withDurableExecution as durable } from "@aws/durable-execution-sdk-js";
import { boom, noRetry, timesBefore } from "./common.mjs";

const seconds = (count) => ({ seconds: count });

/** A step that fails at first and is retried after so many seconds. */
const failOnce = (value, delay) => async (branch) =>
  branch.step(
    async ({ attempt }) => {
      if (attempt === 1) throw new Error("not yet");
      return value;
    },
    { retryStrategy: () => ({ shouldRetry: true, delay: seconds(delay) }) },
  );

export const handlers = {
  "20-1": durable(async (_input, context) => {
    const done = [];
    const run = async (name) => done.push(await context.step(name, async () => name));
    try {
      await run("reserve");
      await run("charge");
      await context.step("ship", boom, { retryStrategy: noRetry });
    } catch {
      await run("refund");
      await run("release");
    }
    return done;
  }),
  "20-2": durable(async (_input, context) => {
    const branches = [
      async (branch) => {
        await branch.wait(seconds(1));
        return "waited";
      },
      async (branch) =>
        branch.step(async () => {
          await setTimeout(3000);
          return "worked";
        }),
    ];
    return (await context.parallel(branches)).getResults();
  }),
  "20-3": durable(async (_input, context) => {
    let seen = 0;
    for (let i = 0; i < 150; i++) {
      seen += (await context.step(async () => "z".repeat(60_000))).length;
    }
    await context.wait(seconds(1));
    return seen;
  }),
  "20-4": durable(async (input, context) => {
    const text = await context.step(async () => input.text);
    await context.wait(seconds(1));
    const empty = await context.step(async () => input.empty);
    return { text, empty };
  }),
  "20-5": durable(async (_input, context) => context.invoke("napping", process.env.NAPPING_FUNCTION, null)),
  "20-6": durable(async (_input, context) => {
    const branches = Array.from({ length: 40 }, () => async (branch) => branch.wait(seconds(2)));
    return (await context.parallel(branches)).successCount;
  }),
  "20-7": durable(async (_input, context) => context.wait(seconds(60))),
  "20-8": durable(async (_input, context) =>
    context.step(async () => {
      if (timesBefore(context) === 0) await setTimeout(60_000);
      return "in time";
    }),
  ),
  "20-9": durable(async (input, context) => {
    const answer = await context.invoke("plain", process.env.PLAIN_FUNCTION, input);
    const failure = await context
      .invoke("failing", process.env.PLAINFAILING_FUNCTION, input)
      .catch(({ message }) => message);
    return [answer, failure];
  }),
  "20-10": durable(async (_input, context) =>
    (await context.parallel([failOnce("soon", 1), failOnce("late", 3)])).getResults(),
  ),
  "20-11": durable(async (input) => input),
  "20-12": durable(boom),
  "20-13": durable(async (_input, context) => {
    const [result] = await context.createCallback("whoever");
    return result.catch(() => "caught");
  }),
  "20-14": durable(async (_input, context) => {
    for (let i = 0; i < 5; i++) await context.wait(seconds(1));
    return "rested";
  }),
  "20-15": durable(async () => "z".repeat(6_291_430)),
};

export const napping = durable(async (_input, context) => {
  await context.wait(seconds(1));
  return "rested";
});

export const plain = async (event) => event;
export const plainFailing = async () => {
  throw new Error("plain target failed");
};
