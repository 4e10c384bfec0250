'use strict';
// What a process tells Lambda's Runtime API beside its channel: why it could not begin, or has to end.

const { HttpConnection } = require('./http-connection.cjs');

class RuntimeApi {
  constructor(address) {
    this.address = address;
  }

  initError(body) {
    return this.post('/init/error', body);
  }

  /** Answers an invocation that is this process's last. */
  lastAnswer(requestId, body) {
    return this.post(`/invocation/${requestId}/error`, body);
  }

  /** Each call has a connection of its own: there is hardly ever one. */
  post(call, body) {
    const [host, port] = this.address.split(':');
    const connection = new HttpConnection(host, Number(port), () => process.exit(0)); // The server is gone.
    return new Promise((resolve, reject) => connection.send(
      `POST /2018-06-01/runtime${call} HTTP/1.1\r\nHost: ${this.address}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      { answered: resolve, failed: reject }));
  }
}

exports.RuntimeApi = RuntimeApi;
