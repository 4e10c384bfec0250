'use strict';
// Makes a Console of the process's own streams when it is first used. Durable execution SDKs make several for each
// invocation, for loggers that then say nothing, and they took half of what the SDK costs: each has two dozen
// functions bound to it.

const nodeConsole = require('console');
const { syncBuiltinESMExports } = require('module');

const { Console } = nodeConsole;
const made = Symbol('made');

function create(options) {
  return new Console(options);
}

/** Has all that a Console has, each made on demand. */
function prototypeLike(sample) {
  const prototype = Object.create(Console.prototype);
  for (const key of Reflect.ownKeys(sample)) {
    Object.defineProperty(prototype, key, {
      configurable: true,
      enumerable: Object.prototype.propertyIsEnumerable.call(sample, key),
      get() {
        if (!this[made]) {
          const own = create({ stdout: process.stdout, stderr: process.stderr });
          Object.defineProperty(this, made, { value: own });
        }
        return this[made][key];
      },
      set(value) {
        Object.defineProperty(this, key, { value, configurable: true, enumerable: true, writable: true });
      },
    });
  }
  return prototype;
}

function isPlain(args) {
  const [options] = args;
  return args.length === 1 && options && options.stdout === process.stdout && options.stderr === process.stderr &&
    Object.keys(options).length === 2;
}

exports.install = () => {
  const lazy = prototypeLike(create({ stdout: process.stdout, stderr: process.stderr }));
  const LazyConsole = new Proxy(Console, {
    construct: (target, args, newTarget) => (newTarget === LazyConsole && isPlain(args)
      ? Object.create(lazy)
      : Reflect.construct(target, args, newTarget === LazyConsole ? target : newTarget)),
  });
  nodeConsole.Console = LazyConsole;
  syncBuiltinESMExports(); // For those who import it.
};
