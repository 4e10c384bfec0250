// A durable function on the official SDK for JavaScript; the event says which of its stories to play.
import fs from "node:fs";
import { createRequire } from "node:module";

const { withDurableExecution } = createRequire(process.env.MODULES)("@aws/durable-execution-sdk-js");
const release = 1;

/** True the first time only, whatever process asks. */
const first = (marker) => {
  if (fs.existsSync(marker)) return false;
  fs.writeFileSync(marker, "");
  return true;
};

const stories = {
  async nap(event, context) {
    const greeting = await context.step("greet", async () => `hello ${event.name}`);
    await context.wait("nap", { seconds: 1 });
    return greeting;
  },
  async approve(event, context) {
    const [approval] = await context.createCallback("approval", { timeout: { seconds: 300 } });
    return { release, answer: JSON.parse(await approval) };
  },
  async fail(event) {
    throw new TypeError(`no ${event.name}`);
  },
  async crash(event, context) {
    if (first(event.marker)) process.exit(3);
    return context.step("survive", async () => "survived");
  },
  async hang(event, context) {
    if (first(event.marker)) await new Promise((resolve) => setTimeout(resolve, 60_000));
    return context.step("answer", async () => "answered");
  },
  async call(event, context) {
    return context.invoke("call", event.target, event.payload);
  },
};

export const handler = withDurableExecution((event, context) => stories[event.story](event, context));
export const echo = async (event) => event;
export const unwrapped = async () => ({ statusCode: 200 });
