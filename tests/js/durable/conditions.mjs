// Waiting for a condition: 6-x.
import { withDurableExecution as durable, createWaitStrategy } from "@aws/durable-execution-sdk-js";
import { boom } from "./common.mjs";

const increment = async (state) => state + 1;

/** Polls every second as long as the test holds. */
const pollWhile = (test) => (state) =>
  test(state) ? { shouldContinue: true, delay: { seconds: 1 } } : { shouldContinue: false };

const below = (threshold) => pollWhile((state) => state < threshold);

// Whatever it holds is encoded backwards, to see that it is decoded before the next check.
const backwards = {
  serialize: async (state) => `>${[...state].reverse().join("")}<`,
  deserialize: async (text) => [...text.slice(1, -1)].reverse().join(""),
};

export const handlers = {
  "6-2": durable(async (_input, context) =>
    context.waitForCondition(async (state) => state, { initialState: 5, waitStrategy: below(5) }),
  ),
  "6-3": durable(async (_input, context) =>
    context.waitForCondition("poll-status", increment, { initialState: 0, waitStrategy: below(2) }),
  ),
  "6-4": durable(async (threshold, context) =>
    context.waitForCondition(increment, { initialState: 5, waitStrategy: below(threshold) }),
  ),
  "6-6": durable(async (_input, context) =>
    context.waitForCondition(increment, {
      initialState: 0,
      waitStrategy: createWaitStrategy({
        maxAttempts: 3,
        initialDelay: { seconds: 1 },
        backoffRate: 1,
        jitter: "NONE",
        shouldContinuePolling: () => true,
      }),
    }),
  ),
  "6-8": durable(async (_input, context) =>
    context.waitForCondition(boom, { initialState: 0, waitStrategy: below(1) }).catch(() => "recovered"),
  ),
  "6-9": durable(async (_input, context) =>
    context.waitForCondition(
      async ({ attempts }) => ({ status: attempts + 1 < 2 ? "PENDING" : "DONE", attempts: attempts + 1 }),
      {
        initialState: { status: "PENDING", attempts: 0 },
        waitStrategy: pollWhile(({ status }) => status === "PENDING"),
      },
    ),
  ),
  "6-10": durable(async (_input, context) =>
    context.waitForCondition(async () => null, { initialState: 0, waitStrategy: pollWhile(() => false) }),
  ),
  "6-11": durable(async (_input, context) =>
    context.waitForCondition(async (state) => `${state}x`, {
      initialState: "",
      waitStrategy: pollWhile((state) => state.length < 2),
      serdes: backwards,
    }),
  ),
  "6-12": durable(async (threshold, context) => {
    const state = await context.waitForCondition(increment, { initialState: 0, waitStrategy: below(threshold) });
    return context.step(async () => state * 10);
  }),
};
