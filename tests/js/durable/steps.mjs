// Steps and waits: 1-x, 2-x.
import { withDurableExecution as durable } from "@aws/durable-execution-sdk-js";
import { attempts, boom, noRetry, timesBefore } from "./common.mjs";

class TransientError extends Error {
  name = "TransientError";
}

const upperCase = {
  serialize: async (value) => value?.toUpperCase(),
  deserialize: async (text) => text,
};

export const handlers = {
  "1-6": durable(async (input, context) => context.step(async () => input, { serdes: upperCase })),
  "1-7": durable(async (input, context) =>
    context.step(async ({ logger }) => {
      logger.info(`Greeting step started for: ${input}`);
      const greeting = `Hello, ${input}!`;
      logger.info(`Greeting step completed with: ${greeting}`);
      return greeting;
    }),
  ),
  "1-9": durable(async (_input, context) => {
    const value = await context.step(async ({ logger }) => {
      logger.info("step executed");
      return "cached_value";
    });
    await context.wait({ seconds: 1 });
    return value;
  }),
  "1-13": durable(async (_input, context) =>
    context.step(async () => {
      if (timesBefore(context) < 2) throw new Error("not yet");
      return "third time lucky";
    }),
  ),
  "1-15": durable(async (_input, context) =>
    context.step(
      async () => {
        if (timesBefore(context) === 0) throw new TransientError("busy");
        return "done";
      },
      {
        retryStrategy: (error) =>
          error instanceof TransientError ? { shouldRetry: true, delay: { seconds: 1 } } : { shouldRetry: false },
      },
    ),
  ),
  "1-16": durable(async (_input, context) =>
    context.step(
      async () => {
        throw new TransientError("busy");
      },
      {
        retryStrategy: (error, attempt) => (error instanceof TransientError ? noRetry() : attempts(3)(error, attempt)),
      },
    ),
  ),
  "1-19": durable(async (_input, context) => context.step(boom, { retryStrategy: noRetry })),
  "2-5": durable(async (_input, context) => context.wait({ hours: 1 })),
};
