'use strict';
// Runs a Node function: takes its invocations from a channel of the server that this file comes with, one at a time or
// as many at once as it may have.
//
// Answers, errors and log lines have the form that the public runtime gives them, because state machines and people
// match on them. No dependencies; Node 14 and later.

const fs = require('fs');
const path = require('path');
const util = require('util');
const { createRequire } = require('module');
const { pathToFileURL } = require('url');
const { Channel } = require('./channel.cjs');
const durableClient = require('./durable-client.cjs');
const { Invocation, atOnceMax, current, endIdle } = require('./invocations.cjs');
const lazyConsole = require('./lazy-console.cjs');
const { RuntimeApi } = require('./runtime-api.cjs');
const sdkEndpoint = require('./sdk-endpoint.cjs');

const taskRoot = process.env.LAMBDA_TASK_ROOT;
const runtimeApi = process.env.AWS_LAMBDA_RUNTIME_API;
const shownRoot = '/var/task'; // What a stack shows as the place of the function's code, wherever that really is.

/** A failure that the platform names, not the function. */
class Fault extends Error {
  constructor(errorType, message) {
    super(message);
    this.name = errorType;
  }
}

function patchConsole() {
  const write = (level, args) => {
    const invocation = current();
    const requestId = invocation ? invocation.requestId : 'undefined';
    process.stdout.write(`${new Date().toISOString()}\t${requestId}\t${level}\t${util.format(...args)}\n`);
  };
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

/** Calls the handler in whichever of the three ways it was written for: promise, callback or context.done. */
function run(handler, event, context, invocation) {
  return new Promise((resolve, reject) => {
    const settle = (f) => (value) => {
      invocation.whenIdle = null;
      f(value);
    };
    const succeed = settle(resolve);
    const fail = settle(reject);
    const giveUp = () => succeed(null);
    const callback = (error, result) => {
      const finish = () => (error === null || error === undefined ? succeed(result) : fail(error));
      if (!context.callbackWaitsForEmptyEventLoop || context.finishesAtOnce) {
        finish();
      } else if (invocation.whenIdle === giveUp) {
        invocation.whenIdle = finish;
      }
    };
    context.done = (error, result) => { context.finishesAtOnce = true; callback(error, result); };
    context.succeed = (result) => context.done(null, result);
    context.fail = (error) => context.done(error === undefined || error === null ? 'handled' : error);
    invocation.whenIdle = giveUp;
    const result = handler(event, context, callback);
    if (result && typeof result.then === 'function') result.then(succeed, fail);
  });
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

async function answerOf(handler, invocation, text) {
  try {
    const event = durableClient.prepare(JSON.parse(text));
    const result = await run(handler, event, invocation.context(), invocation);
    return { kind: 'response', body: JSON.stringify(result === undefined ? null : result) };
  } catch (e) {
    logError('Invoke Error', e);
    return { kind: 'error', body: JSON.stringify(errorOf(e)) };
  }
}

// Connections do not keep the event loop going, but this does: while the function is loaded, while work may come, and
// while the last answer is on its way. Without it there is only what the function itself waits for.
const eventLoop = setInterval(() => {}, 2 ** 31 - 1);

/** As many as may be. */
function serve(handler) {
  let running = 0;
  const channel = new Channel(runtimeApi, async (number, told, text) => {
    if (++running === atOnceMax) eventLoop.unref();
    const invocation = new Invocation(told);
    const { kind, body } = await invocation.run(() => answerOf(handler, invocation, text));
    if (running-- === atOnceMax) eventLoop.ref();
    channel.answer(number, kind, body);
  }, () => process.exit(0)); // The server is gone.
  durableClient.useChannel(channel);
  channel.ready(atOnceMax);
}

/** What the promise machinery or an event emitter threw at nobody ends the process, and its invocation with it. */
function dieOf(state, type, title) {
  return async (reason) => {
    const error = type ? Object.assign(new Fault(type, String(reason)), { reason, stack: reason && reason.stack }) : reason;
    logError(title, error);
    eventLoop.ref();
    const body = JSON.stringify(errorOf(error));
    const invocation = current();
    if (!state.isLoaded) {
      await state.api.initError(body);
    } else if (invocation && invocation.isRunning) {
      await state.api.lastAnswer(invocation.requestId, body);
    }
    process.exit(128); // Whoever else runs in this process is told of its end by the platform.
  };
}

async function main() {
  patchConsole();
  lazyConsole.install();
  sdkEndpoint.install();
  const state = { api: new RuntimeApi(runtimeApi), isLoaded: false };
  process.on('uncaughtException', dieOf(state, null, 'Uncaught Exception'));
  process.on('unhandledRejection', dieOf(state, 'Runtime.UnhandledPromiseRejection', 'Unhandled Promise Rejection'));
  process.on('beforeExit', endIdle);
  let handler;
  try {
    handler = await loadHandler(process.env._HANDLER);
  } catch (e) {
    logError('Uncaught Exception', e);
    await state.api.initError(JSON.stringify(errorOf(e)));
    process.exit(1);
  }
  state.isLoaded = true;
  serve(handler);
}

main();
