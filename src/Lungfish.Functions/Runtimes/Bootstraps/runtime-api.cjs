'use strict';
// The client's side of Lambda's Runtime API, and a call more of the server that this file comes with
// (docs/decisions/0012): an answer that asks for more work.

const { HttpConnection, headerReader } = require('./http-connection.cjs');

const requestIdOf = headerReader('lambda-runtime-aws-request-id');
const deadlineOf = headerReader('lambda-runtime-deadline-ms');
const functionArnOf = headerReader('lambda-runtime-invoked-function-arn');
const traceIdOf = headerReader('lambda-runtime-trace-id');
const clientContextOf = headerReader('lambda-runtime-client-context');
const tenantIdOf = headerReader('lambda-runtime-aws-tenant-id');

/** A connection to the Runtime API: one invocation at a time. */
class RuntimeApi {
  constructor(address) {
    this.address = address;
    this.connection = null; // From the first call on: a process with a channel has few.
    this.head = ` HTTP/1.1\r\nHost: ${address}\r\nContent-Type: application/json\r\nContent-Length: `;
  }

  async next() {
    return invocationOf(await this.call('GET', '/invocation/next', ''));
  }

  /** Answers an invocation and waits for the next one. If the answer is refused, the platform has told the caller. */
  async answer(requestId, kind, body, headers) {
    return invocationOf(await this.call('POST', `/invocation/${requestId}/${kind}/next`, body, headers));
  }

  /** Answers an invocation that is this process's last. */
  lastAnswer(requestId, kind, body, headers) {
    return this.call('POST', `/invocation/${requestId}/${kind}`, body, headers);
  }

  connect() {
    const [host, port] = this.address.split(':');
    this.connection = new HttpConnection(host, Number(port), () => process.exit(0)); // The server is gone.
  }

  initError(body) {
    return this.call('POST', '/init/error', body);
  }

  call(method, call, body, headers = '') {
    if (!this.connection) this.connect();
    return new Promise((resolve, reject) => this.connection.send(
      `${method} /2018-06-01/runtime${call}${this.head}${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`,
      { answered: (status, head, text) => resolve({ status, head, text }), failed: reject }));
  }
}

function invocationOf(answer) {
  if (answer.status !== 200) throw new Error(`The Runtime API refuses to give work: ${answer.status} ${answer.text}`);
  return { text: answer.text, told: toldIn(answer.head) };
}

/** What is told of an invocation beside its event. */
function toldIn(head) {
  return {
    requestId: requestIdOf(head),
    deadlineMs: deadlineOf(head),
    functionArn: functionArnOf(head),
    traceId: traceIdOf(head),
    clientContext: clientContextOf(head),
    tenantId: tenantIdOf(head),
  };
}

exports.RuntimeApi = RuntimeApi;
