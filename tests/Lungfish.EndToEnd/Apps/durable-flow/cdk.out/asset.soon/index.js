// Called synchronously: the call stays open through its wait.
const { join } = require("node:path");
const { withDurableExecution } = require(join(process.env.SDK_MODULES, "@aws/durable-execution-sdk-js"));

class OutOfStock extends Error {
  name = "OutOfStock";
}

exports.handler = withDurableExecution(async (event, context) => {
  if (event.fails) {
    throw new OutOfStock("none left");
  }
  await context.wait("wait", { seconds: event.wait ?? 1 });
  return { success: true, notification: event.notification ?? null, version: process.env.AWS_LAMBDA_FUNCTION_VERSION };
});
