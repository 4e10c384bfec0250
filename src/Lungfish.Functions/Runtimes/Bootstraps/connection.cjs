'use strict';
// A connection to the server that stays open, and what has come on it so far: as little as possible between a function
// and its server, because it stands on the way of every invocation and of every checkpoint.

const net = require('net');

// Of all connections: what was read is used or copied before anything else is read.
const readBuffer = Buffer.allocUnsafeSlow(65_536);

/** What derives from it has read(all): it takes what is whole from the beginning of those bytes, and holds the rest. */
class Connection {
  constructor(host, port) {
    this.held = []; // The beginning of something whose rest is on its way.
    this.heldBytes = 0;
    this.wantedBytes = 0; // Of all of that; 0: not known yet.
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
    this.socket.unref(); // Whoever waits for something keeps the process up.
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
    this.read(all);
  }

  /** Copies, as the buffer is read into again. */
  hold(data, wantedBytes) {
    this.held.push(Buffer.from(data));
    this.heldBytes += data.length;
    this.wantedBytes = wantedBytes;
  }
}

exports.Connection = Connection;
