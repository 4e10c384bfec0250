'use strict';
// The one connection of a process (docs/decisions/0016): frames in both directions. What came together was decided
// together, and what is said in one turn of the event loop goes together.

const { Connection } = require('./connection.cjs');

const headerBytes = 9; // The length of what follows in 4 bytes, a type, a number in 4 bytes.
const types = { ready: 1, response: 2, error: 3, checkpoint: 4, invocation: 5, callAnswer: 6 };
const end = '\r\n\r\n'; // Of the answer that makes the connection a channel.

class Channel extends Connection {
  /**
   * @param begin Is called with the number of an invocation, what is told of it, and its event as text.
   * @param whenClosed Is called when nothing comes any more.
   */
  constructor(address, begin, whenClosed) {
    const [host, port] = address.split(':');
    super(host, Number(port));
    this.begin = begin;
    this.calls = new Map();
    this.lastCall = 0;
    this.running = 0; // Invocations.
    this.said = []; // In this turn of the event loop.
    this.isOpen = false; // It has become a channel.
    this.socket.on('error', whenClosed);
    this.socket.on('close', whenClosed);
    this.socket.write(`GET /2018-06-01/runtime/channel HTTP/1.1\r\nHost: ${address}\r\nConnection: Upgrade\r\n` +
      'Upgrade: lungfish-channel\r\n\r\n');
  }

  /** So many invocations more may come; each that is answered is another one. */
  ready(count) {
    this.say(types.ready, count, '');
  }

  /** @param kind response or error. */
  answer(number, kind, body) {
    this.running--;
    this.say(types[kind], number, body);
  }

  /** @returns A promise of the status, as of HTTP, and the body. */
  checkpoint(text) {
    const number = ++this.lastCall;
    return new Promise((resolve) => {
      this.calls.set(number, { resolve, silentLooks: 0 });
      this.say(types.checkpoint, number, text);
    });
  }

  /** Called from time to time: gives up the calls that have waited through so many of these. */
  giveUpOnSilence(looksMax) {
    for (const [number, call] of this.calls) {
      if (++call.silentLooks > looksMax) {
        this.calls.delete(number);
        call.resolve({ status: 504, body: '' });
      }
    }
  }

  /** Goes at once if only one runs: nobody else has anything to say in this turn. */
  say(type, number, text) {
    const isFirst = this.said.push({ type, number, text }) === 1;
    if (this.running <= 1) {
      this.send();
    } else if (isFirst) {
      setImmediate(() => this.send());
    }
  }

  send() {
    const frames = this.said.splice(0);
    if (frames.length === 0) return; // They went at once, with another one.
    for (const frame of frames) frame.bytes = Buffer.byteLength(frame.text);
    const data = Buffer.allocUnsafe(frames.reduce((sum, frame) => sum + headerBytes + frame.bytes, 0));
    let at = 0;
    for (const { type, number, text, bytes } of frames) {
      data.writeUInt32LE(bytes, at);
      data[at + 4] = type;
      data.writeUInt32LE(number, at + 5);
      data.utf8Write(text, at + headerBytes, bytes);
      at += headerBytes + bytes;
    }
    this.socket.write(data);
  }

  read(all) {
    let at = 0;
    if (!this.isOpen) {
      const length = all.indexOf(end);
      if (length < 0) return this.hold(all, 0);
      if (!all.latin1Slice(0, length).startsWith('HTTP/1.1 101 ')) {
        this.socket.destroy(new Error('The Runtime API gives no channel.'));
        return;
      }
      this.isOpen = true;
      at = length + end.length;
    }
    while (all.length > at) {
      const begins = at + headerBytes;
      const next = begins > all.length ? begins : begins + all.readUInt32LE(at);
      if (next > all.length) return this.hold(all.subarray(at), next - at);
      this.take(all[at + 4], all.readUInt32LE(at + 5), all, begins, next);
      at = next;
    }
  }

  take(type, number, all, at, next) {
    if (type === types.invocation) {
      const texts = [];
      while (texts.length < 6) {
        const begins = at + 2;
        at = begins + all.readUInt16LE(at);
        texts.push(all.utf8Slice(begins, at));
      }
      const [requestId, deadlineMs, functionArn, traceId, clientContext, tenantId] = texts;
      const told = { requestId, deadlineMs, functionArn, traceId, clientContext, tenantId: tenantId || undefined };
      this.running++;
      this.begin(number, told, all.utf8Slice(at, next));
    } else if (type === types.callAnswer) {
      const call = this.calls.get(number);
      if (!call) return; // It was given up.
      this.calls.delete(number);
      call.resolve({ status: all.readUInt16LE(at), body: all.utf8Slice(at + 2, next) });
    }
  }
}

exports.Channel = Channel;
