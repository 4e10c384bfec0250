// All requirements as one function: the execution's name tells which handler is meant (r1-17-... is 1-17).
// The handlers beside the requirements come with a manifest; those in this folder serve the rest.
import { readFileSync } from "node:fs";
import * as basics from "./given/handlers/basics.mjs";
import * as givenContexts from "./given/handlers/contexts.mjs";
import * as external from "./given/handlers/external.mjs";
import { handlers as batches } from "./batches.mjs";
import { handlers as callbacks } from "./callbacks.mjs";
import { handlers as conditions } from "./conditions.mjs";
import { handlers as contexts } from "./contexts.mjs";
import { handlers as invokes } from "./invokes.mjs";
import { handlers as own } from "./own.mjs";
import { handlers as plugins } from "./plugins.mjs";
import { handlers as steps } from "./steps.mjs";

const given = { "basics.mjs": basics, "contexts.mjs": givenContexts, "external.mjs": external };
const manifest = JSON.parse(readFileSync(new URL("./given/manifest.json", import.meta.url)));

const handlers = new Map(
  Object.entries({ ...steps, ...contexts, ...callbacks, ...invokes, ...conditions, ...batches, ...plugins, ...own }),
);
const targets = new Map();
for (const { name, source, ids, env } of manifest.functions) {
  for (const id of ids ?? []) {
    handlers.set(id, given[source][name]);
    targets.set(id, env?.TARGET_FUNCTION_NAME?.Sub?.includes("failing") ? "FAILING_FUNCTION" : "ECHO_FUNCTION");
  }
}

export const requirements = (event, context) => {
  const [, id] = /\/durable-execution\/r(\d+-\d+)-/.exec(event.DurableExecutionArn);
  // The given handlers read their target from here; a process serves one invocation at a time.
  process.env.TARGET_FUNCTION_NAME = process.env[targets.get(id) ?? "ECHO_FUNCTION"];
  const serve = handlers.get(id);
  if (!serve) throw new Error(`No handler for ${id}.`);
  return serve(event, context);
};

export const { echo, failing } = external;
export const tenant = echo;
export { napping, plain, plainFailing } from "./own.mjs";
