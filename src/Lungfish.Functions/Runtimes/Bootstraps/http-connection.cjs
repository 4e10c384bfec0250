'use strict';
// One HTTP/1.1 connection that stays open, for answers that have a length: as little as possible between a function
// and its server, because it stands on the way of every invocation and of every checkpoint.

const net = require('net');

class HttpConnection {
  /** @param whenClosed Is told once that nothing comes any more. */
  constructor(host, port, whenClosed) {
    this.received = Buffer.alloc(0);
    this.waiting = [];
    this.isOpen = true;
    this.socket = net.connect({ host, port, noDelay: true });
    this.socket.on('data', (data) => this.receive(data));
    const close = (error) => {
      if (!this.isOpen) return;
      this.isOpen = false;
      this.socket.destroy();
      for (const one of this.waiting.splice(0)) one.reject(error || new Error('The server has closed the connection.'));
      if (whenClosed) whenClosed();
    };
    this.socket.on('error', close);
    this.socket.on('close', () => close());
  }

  /** Sends one request, or several of which the last one's answer is wanted. */
  exchange(requests, unwanted = 0) {
    for (let i = 0; i < unwanted; i++) this.waiting.push({ resolve: () => {}, reject: () => {} });
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.socket.write(requests);
    });
  }

  receive(data) {
    this.received = this.received.length === 0 ? data : Buffer.concat([this.received, data]);
    while (this.received.length > 0) {
      const end = this.received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const headers = {};
      const lines = this.received.latin1Slice(0, end).split('\r\n');
      for (let i = 1; i < lines.length; i++) {
        const colon = lines[i].indexOf(':');
        headers[lines[i].slice(0, colon).toLowerCase()] = lines[i].slice(colon + 1).trim();
      }
      if (headers['content-length'] === undefined) {
        this.socket.destroy(new Error('The server has answered without a length.'));
        return;
      }
      const length = end + 4 + Number(headers['content-length']);
      if (this.received.length < length) return;
      const body = this.received.utf8Slice(end + 4, length);
      this.received = this.received.subarray(length);
      this.waiting.shift().resolve({ status: Number(lines[0].slice(9, 12)), headers, body });
    }
  }
}

exports.HttpConnection = HttpConnection;
