'use strict';
// Brings the checkpoints of executions that run beside each other to the server in one request (docs/decisions/0014):
// what a request costs on either side is shared by all that were made in the same turn of the event loop, or while
// others were on their way.

const requestsMax = 2; // Under way; the more there are, the fewer checkpoints are in each.
const bytesMax = 65_536; // Of a checkpoint, and where a request is full. What is larger goes by itself.

class Together {
  constructor(client, start) {
    this.client = client;
    this.start = start;
    this.waiting = [];
    this.underWay = 0;
    this.isPlanned = false;
  }

  fits(text) {
    return text.length <= bytesMax;
  }

  /**
   * @param text The checkpoint, with its execution.
   * @param alone Makes the same call by itself: it knows how to try again, and what to throw.
   */
  call(text, alone) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ text, alone, resolve, reject });
      this.plan();
    });
  }

  plan() {
    if (this.isPlanned || this.underWay >= requestsMax || this.waiting.length === 0) return;
    this.isPlanned = true;
    setImmediate(() => {
      this.isPlanned = false;
      this.send();
    });
  }

  send() {
    let bytes = 0;
    let count = 0;
    while (count < this.waiting.length && bytes <= bytesMax) bytes += this.waiting[count++].text.length;
    const those = this.waiting.splice(0, count);
    this.underWay++;
    const done = () => {
      this.underWay--;
      this.plan();
    };
    const body = `[${those.map((one) => one.text).join(',')}]`;
    this.client.call(this.client.post(this.start, body), null, (answers) => answers).then((answers) => {
      done();
      those.forEach((one, i) => settle(one, answers[i]));
    }, () => {
      done();
      those.forEach(goAlone);
    });
    this.plan();
  }
}

function settle(one, answer) {
  if (answer && answer.Status === 200) {
    one.resolve(answer.Answer);
  } else {
    goAlone(one); // With the same client token: what has been applied is not applied again.
  }
}

function goAlone(one) {
  one.alone().then(one.resolve, one.reject);
}

exports.Together = Together;
