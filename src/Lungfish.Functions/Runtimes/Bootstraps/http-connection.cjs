'use strict';
// One HTTP/1.1 connection that stays open, for answers that have a length: as little as possible between a function
// and its server, because it stands on the way of every invocation and of every checkpoint. So an answer is handed to
// a callback, its headers are looked up in the text by who wants one, and all connections read into one buffer.

const net = require('net');

const readBytesMax = 65_536;
// What was read is used or copied before anything else is read.
const readBuffer = Buffer.allocUnsafeSlow(readBytesMax);
const lengthPattern = patternOf('content-length');

class HttpConnection {
  /** @param whenClosed Is told once that nothing comes any more. */
  constructor(host, port, whenClosed) {
    this.waiting = [];
    this.isOpen = true;
    this.held = []; // The beginning of an answer whose rest is on its way.
    this.heldBytes = 0;
    this.wantedBytes = 0; // Of that answer; 0: its head is not complete.
    this.socket = net.connect({
      host,
      port,
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (bytes, buffer) => {
          this.receive(buffer.subarray(0, bytes));
          return true;
        },
      },
    });
    this.socket.unref(); // Whoever waits for an answer keeps the process up.
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

  receive(data) {
    let all = data;
    if (this.heldBytes > 0) {
      this.hold(data, this.wantedBytes);
      if (this.heldBytes < this.wantedBytes) return;
      all = Buffer.concat(this.held, this.heldBytes);
      this.held = [];
      this.heldBytes = 0;
    }
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

  /** Copies, as the buffer is read into again. */
  hold(data, wantedBytes) {
    this.held.push(Buffer.from(data));
    this.heldBytes += data.length;
    this.wantedBytes = wantedBytes;
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
