'use strict';
// Brings the checkpoints of a durable function to this server without the AWS SDK in between, which takes most of
// the processor time that a step costs, and longer to load than everything else.
//
// Documented in the durable execution SDK's own source: an event of a class of this name carries the client that the
// SDK is to use, which is how test runners inject theirs. A function that knows nothing of it sees the same event as
// ever. It makes its own client again if the variable LUNGFISH_DURABLE_CLIENT is set to "sdk".

const { randomUUID } = require('crypto');
const { HttpConnection, headerReader } = require('./http-connection.cjs');

const triesMax = 3;
const triesApartMs = 100;
const answerMsMax = 55_000; // As the SDK's own client has it.
const looksApartMs = 5_000;

const errorTypeOf = headerReader('x-amzn-errortype');
const requestIdOf = headerReader('x-amzn-requestid');

/** What the SDK asks of a client, and nothing more. */
class DurableClient {
  constructor(endpoint) {
    this.host = endpoint.hostname.replace(/^\[|\]$/g, ''); // Brackets of an IPv6 address.
    this.port = Number(endpoint.port || 80);
    this.prefix = endpoint.pathname.replace(/\/$/, '') + '/2025-12-01/';
    this.head = `\r\nHost: ${endpoint.host}\r\nUser-Agent: lungfish-node\r\n`;
    this.open = new Set(); // Connections.
    this.idle = []; // Those that carry no call; the last one used is the next one used.
    this.callsUnderWay = 0;
    // One clock for all calls: a timer for each costs more than it guards. It keeps no function from its end while
    // there are none.
    this.clock = setInterval(() => this.giveUpOnSilence(), looksApartMs).unref();
  }

  checkpoint(params, logger) {
    const updates = JSON.stringify(params.Updates);
    const members = `"CheckpointToken":${JSON.stringify(params.CheckpointToken)},` +
      // The same in each try: an update whose answer was lost is not applied twice.
      `"ClientToken":${JSON.stringify(params.ClientToken || nextClientToken())},` +
      `"Updates":${updates.includes(':null') ? JSON.stringify(params.Updates, withoutNulls) : updates}}`;
    return channel
      ? this.callOver(`{"DurableExecutionArn":${JSON.stringify(params.DurableExecutionArn)},${members}`)
        .then(({ status, body }) => (status === 200 ? taken(JSON.parse(body)) : this.post(params, members, logger)))
      : this.post(params, members, logger);
  }

  /** What was refused on the channel comes here too: it knows how to try again, and what to throw. With the same
   * client token, what has been applied is not applied again. */
  post(params, members, logger) {
    const body = `{${members}`;
    return this.call(`POST ${this.pathOf(params)}/checkpoint HTTP/1.1${this.head}Content-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, logger, taken);
  }

  async callOver(text) {
    this.began();
    const answer = await channel.checkpoint(text);
    this.ended();
    return answer;
  }

  getExecutionState(params, logger) {
    const query = ['CheckpointToken', 'Marker', 'MaxItems'].filter((name) => params[name] !== undefined)
      .map((name) => `${name}=${encodeURIComponent(params[name])}`).join('&');
    return this.call(`GET ${this.pathOf(params)}/state?${query} HTTP/1.1${this.head}\r\n`, logger, (answer) => {
      if (answer.Operations) answer.Operations.forEach(withDates);
      return answer;
    });
  }

  pathOf(params) {
    return `${this.prefix}durable-executions/${encodeURIComponent(params.DurableExecutionArn)}`;
  }

  call(request, logger, read) {
    this.began();
    return new Promise((resolve, reject) => this.send(new Call(this, request, logger, (text) => {
      this.ended();
      try {
        resolve(read(JSON.parse(text)));
      } catch (error) {
        reject(error); // Not what this server writes.
      }
    }, (error) => {
      this.ended();
      reject(error);
    })));
  }

  began() {
    if (this.callsUnderWay++ === 0) this.clock.ref();
  }

  ended() {
    if (--this.callsUnderWay === 0) this.clock.unref();
  }

  /** Each call under way has a connection of its own: a server answers one after the other on each, and an answer
   * waits for a commit that the checkpoints of other executions are to share. */
  send(call) {
    const connection = this.idle.pop() || this.connect();
    connection.silentLooks = 0;
    call.connection = connection;
    connection.send(call.request, call);
  }

  connect() {
    const connection = new HttpConnection(this.host, this.port, () => {
      this.open.delete(connection);
      const at = this.idle.indexOf(connection);
      if (at >= 0) this.idle.splice(at, 1);
    });
    this.open.add(connection);
    return connection;
  }

  giveUpOnSilence() {
    if (channel) channel.giveUpOnSilence(answerMsMax / looksApartMs);
    for (const connection of this.open) {
      if (connection.waiting.length > 0 && ++connection.silentLooks * looksApartMs > answerMsMax) {
        connection.socket.destroy(new Error('The server has taken too long to answer.'));
      }
    }
  }
}

/** One call, in as many tries as it takes. */
class Call {
  constructor(client, request, logger, succeed, fail) {
    this.client = client;
    this.request = request;
    this.logger = logger;
    this.succeed = succeed;
    this.fail = fail;
    this.tries = 1;
  }

  answered(status, head, body) {
    this.client.idle.push(this.connection);
    if (status === 200) {
      this.succeed(body);
    } else {
      this.tryAgainOrFail(refusal(status, head, body), status === 429 || status >= 500);
    }
  }

  failed(error) {
    this.tryAgainOrFail(error, true);
  }

  tryAgainOrFail(error, isTransient) {
    if (isTransient && this.tries < triesMax) {
      setTimeout(() => this.client.send(this), this.tries * triesApartMs * (0.5 + Math.random()));
      this.tries++;
      return;
    }
    if (this.logger) this.logger.error('The durable execution service has refused or not answered', error);
    this.fail(error);
  }
}

const clientTokens = randomUUID().slice(0, 24); // Of this process; each has a number behind it.
let clientTokensGiven = 0;

function nextClientToken() {
  clientTokensGiven++;
  return clientTokens + clientTokensGiven.toString(16).padStart(12, '0');
}

/** What the AWS SDK would have thrown: the durable execution SDK goes by its name and status. */
function refusal(status, head, body) {
  let message = body;
  try {
    const members = JSON.parse(body);
    message = members.message || members.Message || body;
  } catch (e) {
    // Not the server's own words: they are shown as they are.
  }
  const error = new Error(message);
  error.name = errorTypeOf(head) || 'Error';
  error.$fault = status < 500 ? 'client' : 'server';
  error.$metadata = { httpStatusCode: status, requestId: requestIdOf(head) };
  return error;
}

/** The answer to a checkpoint, as the SDK gets it. */
function taken(answer) {
  const operations = answer.NewExecutionState && answer.NewExecutionState.Operations;
  if (operations) operations.forEach(withDates);
  return answer;
}

function withoutNulls(name, value) {
  return value === null ? undefined : value;
}

/** Answers have seconds where the AWS SDK gives dates. */
function withDates(operation) {
  toDate(operation, 'StartTimestamp');
  toDate(operation, 'EndTimestamp');
  if (operation.StepDetails) toDate(operation.StepDetails, 'NextAttemptTimestamp');
  if (operation.WaitDetails) toDate(operation.WaitDetails, 'ScheduledEndTimestamp');
}

function toDate(owner, name) {
  if (typeof owner[name] === 'number') owner[name] = new Date(owner[name] * 1000);
}

let client;
let channel = null; // To the server.

// The client stands on the prototype: it is no member of the event for those who print or copy it.
class DurableExecutionInvocationInputWithClient {
  get durableExecutionClient() {
    return client;
  }

  get [Symbol.toStringTag]() {
    return 'DurableExecutionInvocationInputWithClient';
  }
}

function isEnvelope(event) {
  return event !== null && typeof event === 'object' && typeof event.DurableExecutionArn === 'string' &&
    typeof event.CheckpointToken === 'string' && typeof event.InitialExecutionState === 'object';
}

/** Only for this server: a function may have its checkpoints sent elsewhere. */
function find() {
  const { AWS_ENDPOINT_URL_LAMBDA: endpoint, LUNGFISH_ENDPOINT: server, LUNGFISH_DURABLE_CLIENT: choice } = process.env;
  const isOurs = server && server.startsWith('http://') && endpoint && `${endpoint}/`.startsWith(`${server}/`);
  return isOurs && choice !== 'sdk' ? new DurableClient(new URL(endpoint)) : null;
}

/** The event as its function gets it. */
exports.prepare = (event) => {
  if (!isEnvelope(event)) return event;
  if (client === undefined) client = find();
  return client ? Object.assign(new DurableExecutionInvocationInputWithClient(), event) : event;
};

/** Checkpoints go over a channel from now on. */
exports.useChannel = (opened) => {
  channel = opened;
};
