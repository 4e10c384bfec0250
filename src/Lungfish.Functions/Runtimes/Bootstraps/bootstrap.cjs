'use strict';
// Runs a Node function: takes its invocations from the Lambda Runtime API, one at a time.
//
// Answers, errors and log lines have the form that the public runtime gives them, because state machines and people
// match on them. No dependencies; Node 14 and later.

const fs = require('fs');
const path = require('path');
const util = require('util');
const { createRequire } = require('module');
const { pathToFileURL } = require('url');
const durableClient = require('./durable-client.cjs');
const { HttpConnection, headerReader } = require('./http-connection.cjs');
const lazyConsole = require('./lazy-console.cjs');
const sdkEndpoint = require('./sdk-endpoint.cjs');

const taskRoot = process.env.LAMBDA_TASK_ROOT;
const shownRoot = '/var/task'; // What a stack shows as the place of the function's code, wherever that really is.

const requestIdOf = headerReader('lambda-runtime-aws-request-id');
const deadlineOf = headerReader('lambda-runtime-deadline-ms');
const traceIdOf = headerReader('lambda-runtime-trace-id');
const functionArnOf = headerReader('lambda-runtime-invoked-function-arn');
const clientContextOf = headerReader('lambda-runtime-client-context');
const tenantIdOf = headerReader('lambda-runtime-aws-tenant-id');

/** Lambda's Runtime API, and a call more of the server that this file comes with (docs/decisions/0012). */
class RuntimeApi {
  constructor(address) {
    const [host, port] = address.split(':');
    this.head = ` HTTP/1.1\r\nHost: ${address}\r\nContent-Type: application/json\r\nContent-Length: `;
    this.connection = new HttpConnection(host, Number(port), () => process.exit(0)); // The server is gone.
    this.socket = this.connection.socket;
  }

  next() {
    return this.call('GET', '/invocation/next', '');
  }

  /** Answers an invocation and waits for the next one. If the answer is refused, the platform has told the caller. */
  answer(requestId, kind, body, headers) {
    return this.call('POST', `/invocation/${requestId}/${kind}/next`, body, headers);
  }

  /** Answers an invocation that is this process's last. */
  lastAnswer(requestId, kind, body, headers) {
    return this.call('POST', `/invocation/${requestId}/${kind}`, body, headers);
  }

  initError(body) {
    return this.call('POST', '/init/error', body);
  }

  call(method, call, body, headers = '') {
    this.socket.ref();
    return new Promise((resolve, reject) => this.connection.send(
      `${method} /2018-06-01/runtime${call}${this.head}${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`,
      { answered: (status, head, text) => resolve({ head, text }), failed: reject }));
  }
}

/** A failure that the platform names, not the function. */
class Fault extends Error {
  constructor(errorType, message) {
    super(message);
    this.name = errorType;
  }
}

let requestId; // Of the invocation that runs.

function patchConsole() {
  const write = (level, args) => process.stdout.write(
    `${new Date().toISOString()}\t${requestId || 'undefined'}\t${level}\t${util.format(...args)}\n`);
  console.log = (...args) => write('INFO', args);
  console.info = (...args) => write('INFO', args);
  console.debug = (...args) => write('DEBUG', args);
  console.warn = (...args) => write('WARN', args);
  console.error = (...args) => write('ERROR', args);
  console.trace = (...args) => write('TRACE', args);
}

async function loadHandler(name) {
  const base = path.basename(name);
  const dot = base.indexOf('.');
  if (dot < 0 || name.includes('..')) throw new Fault('Runtime.MalformedHandlerName', 'Bad handler');
  const moduleName = path.join(path.dirname(name), base.slice(0, dot));
  const module = await loadModule(moduleName);
  let handler = module;
  for (const part of base.slice(dot + 1).split('.')) handler = handler && handler[part];
  if (handler === undefined && module.default) handler = module.default[base.slice(dot + 1)];
  if (handler === undefined) throw new Fault('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw new Fault('Runtime.HandlerNotFound', `${name} is not a function`);
  return handler;
}

async function loadModule(moduleName) {
  const file = path.resolve(taskRoot, moduleName);
  try {
    const found = ['', '.js', '.mjs', '.cjs'].map((e) => file + e).find((f) => fs.existsSync(f) && fs.statSync(f).isFile());
    if (found && (found.endsWith('.mjs') || (found.endsWith('.js') && isEsModule(found)))) {
      return await import(pathToFileURL(found).href);
    }
    return createRequire(path.join(taskRoot, 'noop.js'))(found || file);
  } catch (e) {
    if (e && (e.code === 'MODULE_NOT_FOUND' || e.code === 'ERR_MODULE_NOT_FOUND')) {
      const fault = new Fault('Runtime.ImportModuleError', `Error: ${e.message}`);
      throw fault;
    }
    if (e instanceof SyntaxError) throw Object.assign(new Fault('Runtime.UserCodeSyntaxError', `SyntaxError: ${e.message}`), { stack: e.stack });
    throw e;
  }
}

function isEsModule(file) {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    try {
      return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).type === 'module';
    } catch (e) {
      if (folder === taskRoot || folder === path.dirname(folder)) return false;
    }
  }
}

let whenIdle = null; // Ends the invocation that runs, once nothing is left that could still answer it.

/** Calls the handler in whichever of the three ways it was written for: promise, callback or context.done. */
function run(handler, event, context) {
  return new Promise((resolve, reject) => {
    const giveUp = () => succeed(null);
    let mine = giveUp;
    const settle = (f) => (value) => {
      if (whenIdle === mine) whenIdle = null; // It may be the next one's if this is a second answer.
      f(value);
    };
    const succeed = settle(resolve);
    const fail = settle(reject);
    const callback = (error, result) => {
      const finish = () => (error === null || error === undefined ? succeed(result) : fail(error));
      if (!context.callbackWaitsForEmptyEventLoop || context.finishesAtOnce) {
        finish();
      } else if (whenIdle === giveUp) {
        whenIdle = mine = finish;
      }
    };
    context.done = (error, result) => { context.finishesAtOnce = true; callback(error, result); };
    context.succeed = (result) => context.done(null, result);
    context.fail = (error) => context.done(error === undefined || error === null ? 'handled' : error);
    whenIdle = giveUp;
    const result = handler(event, context, callback);
    if (result && typeof result.then === 'function') result.then(succeed, fail);
  });
}

const contextOfAll = {
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
};

function contextOf(head) {
  const deadline = Number(deadlineOf(head));
  const client = clientContextOf(head);
  return {
    callbackWaitsForEmptyEventLoop: true,
    ...contextOfAll,
    invokedFunctionArn: functionArnOf(head),
    awsRequestId: requestId,
    clientContext: client ? JSON.parse(client) : undefined,
    identity: undefined,
    tenantId: tenantIdOf(head),
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function errorOf(error) {
  if (util.types.isNativeError(error) || (error && error.name && error.message !== undefined && error.stack)) {
    return {
      errorType: error.name,
      errorMessage: error.message,
      trace: shown(String(error.stack)).split('\n'),
    };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function shown(stack) {
  return stack.split(`file://${taskRoot}/`).join(`file://${shownRoot}/`).split(`${taskRoot}/`).join(`${shownRoot}/`);
}

function logError(title, error) {
  const { errorType, errorMessage } = errorOf(error);
  const stack = error && error.stack ? String(error.stack).split('\n') : [];
  console.error(`${title} \t${JSON.stringify({ errorType, errorMessage, ...error, stack })}`);
}

const failed = 'Lambda-Runtime-Function-Error-Type: Unhandled\r\n';

/** What the promise machinery or an event emitter threw at nobody ends the process, and the invocation with it. */
function dieOf(api, type, title) {
  return (reason) => {
    const error = type ? Object.assign(new Fault(type, String(reason)), { reason, stack: reason && reason.stack }) : reason;
    logError(title, error);
    const body = JSON.stringify(errorOf(error));
    const told = requestId ? api.lastAnswer(requestId, 'error', body, failed) : api.initError(body);
    told.then(() => process.exit(128));
  };
}

async function main() {
  patchConsole();
  lazyConsole.install();
  sdkEndpoint.install();
  const api = new RuntimeApi(process.env.AWS_LAMBDA_RUNTIME_API);
  process.on('uncaughtException', dieOf(api, null, 'Uncaught Exception'));
  process.on('unhandledRejection', dieOf(api, 'Runtime.UnhandledPromiseRejection', 'Unhandled Promise Rejection'));
  process.on('beforeExit', () => whenIdle && whenIdle());
  let handler;
  try {
    handler = await loadHandler(process.env._HANDLER);
  } catch (e) {
    logError('Uncaught Exception', e);
    await api.initError(JSON.stringify(errorOf(e)));
    process.exit(1);
  }

  let next = await api.next();
  for (;;) {
    requestId = requestIdOf(next.head);
    process.env._X_AMZN_TRACE_ID = traceIdOf(next.head);
    api.socket.unref(); // Only what the function itself waits for keeps its event loop going.
    let kind = 'response';
    let body;
    try {
      const result = await run(handler, durableClient.prepare(JSON.parse(next.text)), contextOf(next.head));
      body = JSON.stringify(result === undefined ? null : result);
    } catch (e) {
      logError('Invoke Error', e);
      kind = 'error';
      body = JSON.stringify(errorOf(e));
    }
    next = await api.answer(requestId, kind, body, kind === 'error' ? failed : '');
  }
}

main();
