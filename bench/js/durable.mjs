// The durable functions that are measured; those in C# beside them do the same. ../README.md says what each is.
import { withDurableExecution } from "@aws/durable-execution-sdk-js";

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

export const w3 = withDurableExecution(async (event, context) => {
  return await context.waitForCallback("approval", async (token) => {
    await fetch(`${process.env.AWS_ENDPOINT_URL_LAMBDA}/bench/handover`, {
      method: "POST",
      body: JSON.stringify({ name: event.name, token }),
    });
  });
});

export const w5 = withDurableExecution(async (event, context) => {
  const branches = Array.from({ length: 1000 }, (_, i) => async (branch) => branch.step("work", async () => i));
  const results = await context.parallel("branches", branches);
  return { count: results.getResults().length };
});

export const sleep = withDurableExecution(async (event, context) => {
  await context.wait("sleep", { seconds: event.seconds });
  return { awake: true };
});
