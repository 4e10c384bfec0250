// Chained invokes: 5-x.
import { withDurableExecution as durable } from "@aws/durable-execution-sdk-js";

const echo = () => process.env.ECHO_FUNCTION;
const upperCase = { serialize: async (value) => value, deserialize: async (text) => text?.toUpperCase() };

export const handlers = {
  "5-2": durable(async ({ name, payload }, context) => context.invoke(name, echo(), payload)),
  "5-3": durable(async (input, context) => context.invoke(echo(), input)),
  "5-4": durable(async (_input, context) => context.invoke(echo(), null)),
  "5-8": durable(async ({ tenantId, payload }, context) =>
    context.invoke("tenant", process.env.TENANT_FUNCTION, payload, { tenantId }),
  ),
  "5-10": durable(async (_input, context) => {
    const outcome = await context.invoke("failing", process.env.FAILING_FUNCTION, null).catch(({ name }) => name);
    await context.wait({ seconds: 1 });
    return outcome;
  }),
  "5-11": durable(async (_input, context) => {
    const value = await context.step(async () => "from the step");
    return context.invoke("target", echo(), value);
  }),
  "5-12": durable(async (_input, context) => {
    const value = await context.invoke("target", echo(), "from the target");
    return context.step(async () => `${value}, seen by a step`);
  }),
  "5-15": durable(async (input, context) =>
    context.invoke("upper", echo(), input, {
      payloadSerdes: {
        serialize: async (value) => JSON.stringify({ data: value.data.toUpperCase() }),
        deserialize: async (text) => JSON.parse(text),
      },
    }),
  ),
  "5-16": durable(async (input, context) => context.invoke("upper", echo(), input, { resultSerdes: upperCase })),
};
