// Parallel branches and maps: 8-x, 9-x.
import { withDurableExecution as durable, NestingType } from "@aws/durable-execution-sdk-js";
import { boom, outcomeOf } from "./common.mjs";

const oneAtATime = { maxConcurrency: 1 };
const ok = async () => "ok";
const counts = ["completionReason", "successCount", "failureCount", "totalCount"];

/** Branches one after the other until the completion config has had enough; the handler tells what they came to. */
const parallelUntil = (completionConfig, branches, ...members) =>
  durable(async (_input, context) =>
    outcomeOf(await context.parallel("batch", branches, { ...oneAtATime, completionConfig }), ...members),
  );

/** The same with a map over such branches. */
const mapUntil = (completionConfig, branches, ...members) =>
  durable(async (_input, context) =>
    outcomeOf(
      await context.map("batch", [...branches.keys()], async (child, index) => branches[index](child), {
        ...oneAtATime,
        completionConfig,
      }),
      ...members,
    ),
  );

const parallelResults = (name, branches, config = oneAtATime) =>
  durable(async (_input, context) => (await context.parallel(name, branches, config)).getResults());

const mapResults = (name, items, func, config = oneAtATime) =>
  durable(async (input, context) => (await context.map(name, items ?? input, func, config)).getResults());

const rethrown = async (batch) => {
  batch.throwIfError();
  return batch.getResults();
};

const wrapped = {
  serialize: async (value) => JSON.stringify({ wrapped: value }),
  deserialize: async (text) => JSON.parse(text).wrapped,
};

const prefixed = {
  serialize: async (value) => `wrapped:${value}`,
  deserialize: async (text) => text.slice("wrapped:".length),
};

// The whole result of a map as one text: only its results survive, which is all that the handler uses.
const wholeResult = {
  serialize: async (batch) => `OPSERDE:${batch.getResults().join(",")}`,
  deserialize: async (text) => {
    const results = text.slice("OPSERDE:".length).split(",");
    return { getResults: () => results };
  },
};

const upperCase = async (_child, item) => item.toUpperCase();

export const handlers = {
  "8-2": durable(async (_input, context) =>
    (await context.parallel([async () => "alpha", async () => "beta"], oneAtATime)).getResults(),
  ),
  "8-3": parallelResults("named", [
    { name: "first", func: async () => "one" },
    { name: "second", func: async () => "two" },
  ]),
  "8-4": parallelResults("hetero", [async () => "hello", async () => 42, async () => ({ k: "v" })]),
  "8-5": parallelResults("empty", []),
  "8-7": durable(async (_input, context) =>
    rethrown(
      await context.parallel("throwing", [boom, ok], {
        ...oneAtATime,
        completionConfig: { toleratedFailureCount: 0 },
      }),
    ),
  ),
  "8-8": parallelUntil({ minSuccessful: 2 }, [ok, ok, ok, ok], "completionReason", "successCount", "totalCount"),
  "8-10": parallelUntil({ toleratedFailureCount: 1 }, [boom, boom, ok], ...counts),
  "8-13": parallelUntil({ toleratedFailurePercentage: 25 }, [boom, boom, ok, ok], ...counts),
  "8-15": parallelResults("serdes", [async () => "x", async () => "y"], { ...oneAtATime, itemSerdes: wrapped }),
  "8-16": parallelUntil({ toleratedFailureCount: 3 }, [boom, boom, boom]),
  "8-17": parallelUntil({ minSuccessful: 3 }, [ok, boom, ok]),
  "8-18": parallelUntil({ minSuccessful: 3, toleratedFailureCount: 1 }, [boom, boom, ok, ok], ...counts),
  "8-19": parallelResults("bad-concurrency", [ok, ok], { maxConcurrency: 0 }),
  "8-20": durable(async (_input, context) => {
    const batch = await context.parallel("accessors", [ok, boom, ok], {
      ...oneAtATime,
      completionConfig: { toleratedFailureCount: 1 },
    });
    return {
      hasFailure: batch.hasFailure,
      successCount: batch.succeeded().length,
      failureCount: batch.failed().length,
      errorCount: batch.getErrors().length,
    };
  }),
  "8-22": parallelUntil({ toleratedFailurePercentage: 25 }, [boom, ok, ok, ok]),

  "9-2": durable(async (items, context) =>
    (await context.map(items, async (_child, item) => item * 2, oneAtATime)).getResults(),
  ),
  "9-3": mapResults("indexed", undefined, async (_child, item, index) => item + index),
  "9-4": mapResults("empty", undefined, upperCase),
  "9-5": mapUntil({ toleratedFailureCount: 0 }, [ok, boom, ok]),
  "9-6": durable(async (_input, context) =>
    rethrown(
      await context.map("throwing", [0, 1], (_child, index) => (index === 0 ? boom() : ok()), {
        ...oneAtATime,
        completionConfig: { toleratedFailureCount: 0 },
      }),
    ),
  ),
  "9-8": mapUntil({ toleratedFailureCount: 1 }, [ok, boom, ok]),
  "9-9": mapUntil({ toleratedFailureCount: 1 }, [boom, boom, ok], ...counts),
  "9-10": mapUntil({ toleratedFailurePercentage: 25 }, [boom, boom, ok, ok], ...counts),
  "9-11": mapResults("concurrent", [0, 1, 2], async (_child, item) => `r${item}`, { maxConcurrency: 2 }),
  "9-12": mapResults("flat", ["fa", "fb"], async (child, item) => child.step(async () => item), {
    ...oneAtATime,
    nesting: NestingType.FLAT,
  }),
  "9-14": mapResults("item-serdes", ["x", "y"], upperCase, { ...oneAtATime, itemSerdes: prefixed }),
  "9-17": durable(async (_input, context) => {
    const batch = await context.map("then-wait", ["a", "b"], upperCase, oneAtATime);
    await context.wait({ seconds: 1 });
    return batch.getResults();
  }),
  "9-19": mapResults("op-serde", ["x", "y"], upperCase, { ...oneAtATime, serdes: wholeResult }),
  "9-20": durable(async (_input, context) => {
    const batch = await context.map("op-serde-replay", ["x", "y"], upperCase, { ...oneAtATime, serdes: wholeResult });
    await context.wait({ seconds: 1 });
    return batch.getResults();
  }),
};
