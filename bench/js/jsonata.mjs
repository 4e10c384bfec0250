// Measures the reference implementation. Each line of standard input is one request, each line of output its answer:
// {"expression", "inputFile", "seconds"} -> {"perSecond", "result"}.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import jsonata from "jsonata";

const inputs = new Map();
const warm = new Set();

function readInput(file) {
  if (!inputs.has(file)) {
    inputs.set(file, JSON.parse(readFileSync(file, "utf8")));
  }
  return inputs.get(file);
}

async function run(expression, input, seconds) {
  const before = process.cpuUsage();
  const end = performance.now() + seconds * 1000;
  let count = 0;
  while (performance.now() < end) {
    await expression.evaluate(input);
    count++;
  }
  const used = process.cpuUsage(before);
  return count / ((used.user + used.system) / 1e6);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { expression, inputFile, seconds } = JSON.parse(line);
  const compiled = jsonata(expression);
  const input = readInput(inputFile);
  if (!warm.has(expression)) {
    await run(compiled, input, 0.7); // Until the compiler has done its work.
    warm.add(expression);
  }
  const perSecond = await run(compiled, input, seconds);
  const result = await compiled.evaluate(input);
  console.log(JSON.stringify({ perSecond, result: result ?? null }));
}
