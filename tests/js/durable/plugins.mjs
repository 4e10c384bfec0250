// Instrumentation plugins: 10-x. Plugins write what their hooks are told, a JSON line each; the requirement reads it.
import { withDurableExecution } from "@aws/durable-execution-sdk-js";
import { attempts, boom, noRetry, timesBefore } from "./common.mjs";

const isStep = ({ type }) => type === "STEP";
const isWait = ({ type }) => type === "WAIT";
const isContext = ({ type }) => type === "CONTEXT";
const isTerminal = (status) => status === "SUCCEEDED" || status === "FAILED";

/** A plugin that writes records, each with the ARN of the execution whose invocation it was told of last. */
class Recorder {
  #name;
  #arn;

  /** @param hooks Its hooks; each gets a function that writes a record, then what the SDK tells it. */
  constructor(name, hooks) {
    this.#name = name;
    for (const [hook, act] of Object.entries({ onInvocationStart: () => {}, ...hooks })) {
      const call = (info, ...rest) => {
        if (hook === "onInvocationStart") this.#arn = info.executionArn;
        return act((record) => this.#write(record), info, ...rest);
      };
      this[hook] = hook.startsWith("wrap") ? call : async (info) => call(info);
    }
  }

  #write(record) {
    const line = { plugin: this.#name, ...record, durableExecutionArn: this.#arn };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}

const plugin = (hooks) => new Recorder("CONFPLUGIN", hooks);
const durable = (plugins, handler) => withDurableExecution(handler, { plugins: [plugins].flat() });

const greet = async (input, context) => context.step(async () => `Hello, ${input}!`);
const waitTwoSeconds = async (_input, context) => context.wait({ seconds: 2 });

const failOnce = (result, name) => async (_input, context) =>
  context.step(
    name,
    async () => {
      if (timesBefore(context) === 0) throw new Error("not yet");
      return result;
    },
    { retryStrategy: attempts(2) },
  );

const invocationHooks = {
  onInvocationStart: (write, { isFirstInvocation: first }) => write({ hook: "invocation-start", first }),
  onInvocationEnd: (write, { status }) => write({ hook: "invocation-end", status }),
};

const attemptHooks = {
  onOperationAttemptStart: (write, info) =>
    isStep(info) && write({ hook: "attempt-start", n: info.attempt, op: info.id }),
  onOperationAttemptEnd: (write, info) =>
    isStep(info) && write({ hook: "attempt-end", n: info.attempt, outcome: info.outcome, op: info.id }),
};

const stepEnd = {
  onOperationEnd: (write, info) =>
    isStep(info) && write({ hook: "operation-end", op: info.id, status: info.status }),
};

/** A plugin that writes the name of each hook and then throws. */
const faulty = () => {
  const fail = (hook) => (write) => {
    write({ hook });
    throw new Error(`${hook} fails`);
  };
  const failForSteps = (hook) => (write, info) => isStep(info) && fail(hook)(write);
  return new Recorder("CONFPLUGIN-FAULTY", {
    onInvocationStart: fail("invocation-start"),
    onInvocationEnd: fail("invocation-end"),
    onOperationStart: failForSteps("operation-start"),
    onOperationEnd: failForSteps("operation-end"),
    onOperationAttemptStart: failForSteps("attempt-start"),
    onOperationAttemptEnd: failForSteps("attempt-end"),
  });
};

/** What an info tells, by the names of the requirements; what it does not tell is left out of the line. */
const dumpOf = (info) => ({
  id: info.id,
  name: info.name,
  type: info.type?.toUpperCase(),
  subType: info.subType,
  parentId: info.parentId,
  status: info.status?.toUpperCase(),
  startTimestamp: info.startTimestamp?.toISOString(),
  endTimestamp: info.endTimestamp?.toISOString(),
  error: info.error?.message,
  attempt: info.attempt,
  isReplay: info.isReplay,
});

export const handlers = {
  "10-1": durable(plugin(invocationHooks), async (input, context) =>
    context.step(async ({ logger }) => {
      logger.info(`Greeting step running for: ${input}`);
      return `Hello, ${input}!`;
    }),
  ),
  "10-2": durable(
    plugin({
      onOperationStart: (write, info) => isStep(info) && write({ hook: "operation-start", op: info.id }),
      ...stepEnd,
    }),
    greet,
  ),
  "10-3": durable(plugin(attemptHooks), failOnce("Operation succeeded")),
  "10-4": durable(faulty(), greet),
  "10-5": durable(
    ["CONFPLUGIN-A", "CONFPLUGIN-B"].map((name) => new Recorder(name, invocationHooks)),
    greet,
  ),
  "10-6": durable(plugin(invocationHooks), waitTwoSeconds),
  "10-7": durable(plugin(invocationHooks), async (_input, context) => context.step(boom, { retryStrategy: noRetry })),
  "10-8": durable(
    plugin({
      onOperationChange: (write, { updatedOperations, operations }) =>
        Object.values(updatedOperations)
          .filter(isStep)
          .forEach(({ id, status }) =>
            write({ hook: "operation-change", op: id, status, in_full_map: id in operations }),
          ),
    }),
    greet,
  ),
  "10-9": durable(
    plugin({
      onInvocationStart: (write, { updatedOperations, isFirstInvocation: first }) =>
        Object.values(updatedOperations)
          .filter(isWait)
          .forEach(({ id, status }) => write({ hook: "updated-on-invoke", op: id, status, first })),
    }),
    waitTwoSeconds,
  ),
  "10-10": durable(
    plugin({
      onOperationStart: (write, info) =>
        isWait(info) && write({ hook: "operation-start", op: info.id, type: info.type }),
      onOperationEnd: (write, info) =>
        isWait(info) && write({ hook: "operation-end", op: info.id, type: info.type, status: info.status }),
    }),
    waitTwoSeconds,
  ),
  "10-11": durable(
    plugin({
      onOperationEnd: (write, { id, parentId, status }) =>
        write({ hook: "operation-end", op: id, parent: parentId ?? "NONE", status }),
    }),
    async (input, context) => context.runInChildContext(async (child) => child.step(async () => `Hello, ${input}!`)),
  ),
  "10-12": durable(
    plugin({
      wrapChildContextFn: (write, { id, parentId, subType }, run) => {
        if (subType !== "ParallelBranch") return run();
        const record = { op: id, parent: parentId ?? "NONE" };
        write({ hook: "fn-start", ...record });
        return run().then(
          (result) => {
            write({ hook: "fn-end", ...record, outcome: "SUCCEEDED" });
            return result;
          },
          (error) => {
            write({ hook: "fn-end", ...record, outcome: "FAILED" });
            throw error;
          },
        );
      },
    }),
    async (_input, context) => {
      const branches = [async () => "task-1", async () => "task-2"];
      return (await context.parallel("parallel", branches, { maxConcurrency: 1 })).getResults();
    },
  ),
  "10-13": durable(
    plugin({
      onOperationStart: (write, info) =>
        isStep(info) && write({ hook: "operation-start", op: info.id, replay: info.isReplay }),
      ...stepEnd,
    }),
    async (input, context) => {
      await context.step(async () => "a");
      return failOnce("Operation succeeded")(input, context);
    },
  ),
  "10-14": durable(
    plugin({
      onOperationEnd: (write, info) =>
        isStep(info) &&
        write({
          hook: "operation-end",
          op: info.id,
          status: info.status,
          result: info.result ?? "NONE",
          error: info.error?.message ?? "NONE",
        }),
    }),
    async (_input, context) => {
      await context.step(async () => "task-a");
      await context.step(boom, { retryStrategy: noRetry });
    },
  ),
  "10-15": durable(plugin({ ...attemptHooks, ...stepEnd }), async (_input, context) =>
    context.step(boom, { retryStrategy: attempts(2) }),
  ),
  "10-16": (() => {
    let first; // Of the invocation under way: its end is not told.
    return durable(
      plugin({
        onInvocationStart: (write, { isFirstInvocation }) => {
          first = isFirstInvocation;
          write({ hook: "invocation-start", first });
        },
        onInvocationEnd: (write, { status }) =>
          write({ hook: "invocation-end", first, terminal: isTerminal(status), status }),
      }),
      waitTwoSeconds,
    );
  })(),
  "10-17": durable(
    [
      faulty(),
      new Recorder("CONFPLUGIN-HEALTHY", {
        ...invocationHooks,
        onOperationStart: (write, info) => isStep(info) && write({ hook: "operation-start", op: info.id }),
        onOperationAttemptStart: (write, info) => isStep(info) && write({ hook: "attempt-start", op: info.id }),
        onOperationAttemptEnd: (write, info) =>
          isStep(info) && write({ hook: "attempt-end", op: info.id, outcome: info.outcome }),
        ...stepEnd,
      }),
    ],
    greet,
  ),
  "10-18": durable(
    plugin({
      onOperationStart: (write, info) =>
        isWait(info) &&
        write({
          hook: "operation-start",
          type: info.type,
          name: info.name,
          replay: info.isReplay,
          pending: !isTerminal(info.status),
        }),
      onOperationEnd: (write, info) =>
        isWait(info) && write({ hook: "operation-end", type: info.type, name: info.name, status: info.status }),
    }),
    async (_input, context) => {
      const waitThen = (name, seconds) => async (child) => {
        await child.wait(name, { seconds });
        return `${name}-done`;
      };
      const branches = [waitThen("short", 2), waitThen("long", 8)];
      return (await context.parallel("waits", branches, { maxConcurrency: 2 })).getResults();
    },
  ),
  "10-20": durable(
    plugin({
      onOperationStart: (write, info) => isStep(info) && write({ hook: "operation-start", ...dumpOf(info) }),
      onOperationEnd: (write, info) => isStep(info) && write({ hook: "operation-end", ...dumpOf(info) }),
    }),
    async (_input, context) => context.step("greet", async () => "task-a"),
  ),
  "10-21": durable(
    plugin({
      onOperationAttemptStart: (write, info) => isStep(info) && write({ hook: "attempt-start", ...dumpOf(info) }),
      onOperationAttemptEnd: (write, info) =>
        isStep(info) && write({ hook: "attempt-end", ...dumpOf(info), outcome: info.outcome }),
    }),
    failOnce("ok", "flaky"),
  ),
  "10-22": durable(
    plugin({
      onOperationChange: (write, { executionArn, updatedOperations, operations }) =>
        Object.values(updatedOperations)
          .filter(isStep)
          .forEach((item) =>
            write({
              hook: "operation-change",
              executionArn,
              updatedOperationsCount: Object.keys(updatedOperations).length,
              operationsCount: Object.keys(operations).length,
              inFullMap: item.id in operations,
              ...dumpOf(item),
            }),
          ),
    }),
    async (_input, context) => context.step("greet", async () => "task-a"),
  ),
  "10-23": durable(
    plugin({
      onOperationStart: (write, info) => isContext(info) && write({ hook: "operation-start", ...dumpOf(info) }),
      // The info of a context's function tells by isReplay whether its children are replayed.
      wrapChildContextFn: (write, info, run) => {
        write({ hook: "fn-start", ...dumpOf(info), isReplayingChildren: info.isReplay });
        return run();
      },
    }),
    async (_input, context) => {
      const branches = [
        {
          name: "branch-a",
          func: async (child) => {
            await child.step("inner", async () => "x");
            await child.wait({ seconds: 2 });
            return "a-done";
          },
        },
        { name: "branch-b", func: async () => "b-done" },
      ];
      return (await context.parallel("ctx", branches, { maxConcurrency: 1 })).getResults();
    },
  ),
};
