// Child contexts: 3-x.
import { setTimeout } from "node:timers/promises";
import { withDurableExecution as durable } from "@aws/durable-execution-sdk-js";
import { attempts, boom, noRetry, timesBefore } from "./common.mjs";

const upperCase = {
  serialize: async (value) => value?.toUpperCase(),
  deserialize: async (text) => text,
};

export const handlers = {
  "3-2": durable(async ({ name, value }, context) =>
    context.runInChildContext(name, async (child) => child.step(async () => value)),
  ),
  "3-3": durable(async (input, context) =>
    context.runInChildContext("two-steps", async (child) => {
      const first = await child.step(async () => input);
      return child.step(async () => first);
    }),
  ),
  "3-4": durable(async (_input, context) =>
    context.runInChildContext("failing", async (child) => child.step(boom, { retryStrategy: noRetry })),
  ),
  "3-7": durable(async (input, context) =>
    context.runInChildContext("retrying", async (child) =>
      child.step(
        async () => {
          if (timesBefore(context) === 0) throw new Error("not yet");
          return input;
        },
        { retryStrategy: attempts(2) },
      ),
    ),
  ),
  "3-9": durable(async (input, context) => {
    const value = await context.runInChildContext(async (child) => child.step(async () => input));
    await context.wait({ seconds: 1 });
    return value;
  }),
  "3-12": durable(async (input, context) =>
    context.runInChildContext(async (child) =>
      child.step(async () => {
        if (timesBefore(context) === 0) {
          await setTimeout(500); // A step that runs at least once does not wait until its start is stored.
          process.exit(1);
        }
        return input;
      }),
    ),
  ),
  "3-14": durable(async (input, context) =>
    context.runInChildContext("upper", async (child) => child.step(async () => input), { serdes: upperCase }),
  ),
  "3-16": durable(async (_input, context) => context.runInChildContext("nothing", async () => null)),
  "3-17": durable(async (input, context) => {
    const value = await context.runInChildContext("logging", async (child) => {
      child.configureLogger({ modeAware: false });
      child.logger.info(input);
      return input;
    });
    await context.wait({ seconds: 1 });
    return value;
  }),
  "3-18": durable(async (input, context) => {
    const inner = await context.runInChildContext("inside", async (child) => {
      const value = await child.step(async () => input);
      await child.wait({ seconds: 1 });
      return value;
    });
    const outer = await context.step(async () => inner);
    await context.wait({ seconds: 1 });
    return outer;
  }),
};
