// Started with a task token: waits for a while, then answers the task itself.
const { join } = require("node:path");
const modules = process.env.SDK_MODULES;
const { withDurableExecution } = require(join(modules, "@aws/durable-execution-sdk-js"));
const { SFNClient, SendTaskSuccessCommand } = require(join(modules, "@aws-sdk/client-sfn"));

const stepFunctions = new SFNClient({});

exports.handler = withDurableExecution(async (event, context) => {
  const order = await context.step("create_order", async () => ({ id: "1", pond: event.pond }));
  await context.wait("wait", { seconds: event.seconds });
  const notification = await context.step("send_notification", async () => ({ order: order.id, sent: true }));
  await context.step("answer_task", async () => {
    const output = JSON.stringify({ success: true, notification });
    await stepFunctions.send(new SendTaskSuccessCommand({ taskToken: event.token, output }));
  });
  return notification;
});
