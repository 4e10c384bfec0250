// Measures the reference implementation. Each line of standard input is one request, each line of output its answer:
// {"expression", "inputFile", "seconds"} -> {"perSecond", "result"}.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import jsonata from "jsonata";

const inputs = new Map();

function readInput(file) {
  if (!inputs.has(file)) {
    inputs.set(file, JSON.parse(readFileSync(file, "utf8")));
  }
  return inputs.get(file);
}

async function run(expression, input, seconds) {
  const start = process.hrtime.bigint();
  const end = start + BigInt(Math.round(seconds * 1e9));
  let count = 0;
  let now = start;
  for (; now < end; now = process.hrtime.bigint()) {
    await expression.evaluate(input);
    count++;
  }
  return count / (Number(now - start) / 1e9);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { expression, inputFile, seconds } = JSON.parse(line);
  const compiled = jsonata(expression);
  const input = readInput(inputFile);
  await run(compiled, input, seconds);
  const perSecond = await run(compiled, input, seconds);
  const result = await compiled.evaluate(input);
  console.log(JSON.stringify({ perSecond, result }));
}
