'use strict';
// One HTTP/1.1 connection, for answers that have a length. An answer is handed to a callback, and its headers are looked
// up in the text by who wants one.

const { Connection } = require('./connection.cjs');

const lengthPattern = patternOf('content-length');

class HttpConnection extends Connection {
  /** @param whenClosed Is told once that nothing comes any more. */
  constructor(host, port, whenClosed) {
    super(host, port);
    this.waiting = [];
    this.isOpen = true;
    const close = (error) => {
      if (!this.isOpen) return;
      this.isOpen = false;
      this.socket.destroy();
      for (const one of this.waiting.splice(0)) one.failed(error || new Error('The server has closed the connection.'));
      if (whenClosed) whenClosed();
    };
    this.socket.on('error', close);
    this.socket.on('close', () => close());
  }

  /** @param caller Is told by answered(status, head, body) or failed(error), once; answers come in order. */
  send(request, caller) {
    this.waiting.push(caller);
    this.socket.write(request);
  }

  read(all) {
    let at = 0;
    while (at < all.length) {
      const end = all.indexOf('\r\n\r\n', at);
      if (end < 0) return this.hold(all.subarray(at), 0);
      const head = all.latin1Slice(at, end);
      const length = lengthPattern.exec(head);
      if (!length) {
        this.socket.destroy(new Error('The server has answered without a length.'));
        return;
      }
      const next = end + 4 + Number(length[1]);
      if (next > all.length) return this.hold(all.subarray(at), next - at);
      this.waiting.shift().answered(Number(head.slice(9, 12)), head, all.utf8Slice(end + 4, next));
      at = next;
    }
  }
}

function patternOf(name) {
  return new RegExp(`\r\n${name}:[ \t]*([^\r]*)`, 'i');
}

/** Looks a header up in an answer's head; undefined if it is not there. */
function headerReader(name) {
  const pattern = patternOf(name);
  return (head) => {
    const found = pattern.exec(head);
    return found ? found[1] : undefined;
  };
}

exports.HttpConnection = HttpConnection;
exports.headerReader = headerReader;
