'use strict';
// The invocations that this process runs: one at a time, or as many as AWS_LAMBDA_MAX_CONCURRENCY allows. All of them
// share the handler, its module and the event loop.

const { AsyncLocalStorage } = require('async_hooks');

const atOnceMax = Number(process.env.AWS_LAMBDA_MAX_CONCURRENCY) || 1;
const isConcurrent = atOnceMax > 1;

const contextOfAll = {
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
};

// Tells whose code runs. It costs something for every promise, so that it is only there if it can be in doubt.
const storage = isConcurrent ? new AsyncLocalStorage() : null;
let latest = null; // Of a process that runs one at a time.

const running = new Set();

class Invocation {
  /** @param told What the Runtime API tells of it beside its event. */
  constructor(told) {
    this.told = told;
    this.requestId = told.requestId;
    this.whenIdle = null; // Ends it, once nothing is left that could still answer it.
  }

  get isRunning() {
    return running.has(this);
  }

  /** Runs a function on its behalf: what that starts belongs to it, and is told apart from others' by current(). */
  async run(code) {
    running.add(this);
    try {
      if (storage) return await storage.run(this, code);
      latest = this;
      // Documented for one at a time; what belongs to all of the process cannot tell of several.
      process.env._X_AMZN_TRACE_ID = this.told.traceId;
      return await code();
    } finally {
      running.delete(this);
    }
  }

  context() {
    const deadline = Number(this.told.deadlineMs);
    const client = this.told.clientContext;
    const context = {
      // The event loop may be never empty if other invocations use it too.
      callbackWaitsForEmptyEventLoop: !isConcurrent,
      ...contextOfAll,
      invokedFunctionArn: this.told.functionArn,
      awsRequestId: this.requestId,
      clientContext: client ? JSON.parse(client) : undefined,
      identity: undefined,
      tenantId: this.told.tenantId,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    };
    if (isConcurrent) context.xRayTraceId = this.told.traceId;
    return context;
  }
}

/** The invocation whose code runs, or has run last; null if that is not known. */
function current() {
  return (storage ? storage.getStore() : latest) || null;
}

/** Nothing is left to wait for, and no more work can come: ends all that would otherwise wait for ever. */
function endIdle() {
  for (const invocation of [...running]) if (invocation.whenIdle) invocation.whenIdle();
}

Object.assign(exports, { Invocation, atOnceMax, current, endIdle });
