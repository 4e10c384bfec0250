// @aws-sdk/client-sfn and @aws-sdk/client-lambda, with nothing set but the environment.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";
import { deflateRawSync, crc32 as zlibCrc32 } from "node:zlib";

// The packages are installed in tests/js, and this module may run from anywhere.
const require = createRequire(process.env.LUNGFISH_TEST_MODULES);
const {
  SFNClient, CreateActivityCommand, CreateStateMachineCommand, DescribeExecutionCommand, ExecutionAlreadyExists,
  ExecutionDoesNotExist, GetActivityTaskCommand, GetExecutionHistoryCommand, InvalidToken, ListExecutionsCommand,
  SendTaskFailureCommand, SendTaskSuccessCommand, StartExecutionCommand, StateMachineDoesNotExist,
  StopExecutionCommand, TaskTimedOut, paginateGetExecutionHistory,
} = require("@aws-sdk/client-sfn");
const {
  LambdaClient, CreateFunctionCommand, GetFunctionCommand, InvokeCommand, ResourceNotFoundException,
} = require("@aws-sdk/client-lambda");

const sfn = new SFNClient({ maxAttempts: 1 });
const lambda = new LambdaClient({ maxAttempts: 1 });
const roleArn = "arn:aws:iam::000000000000:role/any";
const name = (prefix) => `${prefix}-${randomUUID().slice(0, 8)}`;

async function machine(definition) {
  const created = await sfn.send(
    new CreateStateMachineCommand({ name: name("node"), definition: JSON.stringify(definition), roleArn }),
  );
  return created.stateMachineArn;
}

const oneState = (state) => ({ StartAt: "Only", States: { Only: { End: true, ...state } } });

const start = async (stateMachineArn, input = {}, more = {}) =>
  (await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), ...more }))).executionArn;

async function until(probe, awaited) {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await pause(50)) {
    const found = await probe();
    if (found) {
      return found;
    }
  }

  throw new Error(`waited a minute for ${awaited}`);
}

const finished = (executionArn) =>
  until(async () => {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return execution.status === "RUNNING" ? null : execution;
  }, `the end of ${executionArn}`);

// A zip of one stored file, written by hand: Node has no zip writer of its own.
function zipOf(path, text) {
  const data = Buffer.from(text);
  const body = deflateRawSync(data);
  const file = Buffer.from(path);
  const crc = crc32(data);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(crc, 14);
  local.writeUInt32LE(body.length, 18);
  local.writeUInt32LE(data.length, 22);
  local.writeUInt16LE(file.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(20, 4);
  central.writeUInt16LE(20, 6);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(crc, 16);
  central.writeUInt32LE(body.length, 20);
  central.writeUInt32LE(data.length, 24);
  central.writeUInt16LE(file.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + file.length, 12);
  end.writeUInt32LE(local.length + file.length + body.length, 16);
  return Buffer.concat([local, file, body, central, file, end]);
}

function crc32(data) {
  if (zlibCrc32) {
    return zlibCrc32(data);
  }

  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
  }

  return ~crc >>> 0;
}

async function createFunction(code) {
  const created = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name("node"),
      Runtime: "nodejs20.x",
      Handler: "index.handler",
      Role: roleArn,
      Code: { ZipFile: zipOf("index.mjs", code) },
    }),
  );
  await until(async () => {
    const got = await lambda.send(new GetFunctionCommand({ FunctionName: created.FunctionName }));
    return (got.Configuration.State ?? "Active") === "Active";
  }, created.FunctionName);
  return created;
}

export async function execution_runs_and_tells_dates() {
  const before = Date.now();
  const result = await finished(await start(await machine(oneState({ Type: "Pass" })), { a: 1 }));
  assert.equal(result.status, "SUCCEEDED");
  assert.deepEqual(JSON.parse(result.output), { a: 1 });
  assert.ok(result.startDate instanceof Date);
  assert.ok(Math.abs(result.startDate.getTime() - before) < 60_000);
}

export async function errors_are_the_classes_of_the_sdk() {
  const stateMachineArn = await machine(oneState({ Type: "Wait", Seconds: 3600 }));
  await start(stateMachineArn, {}, { name: "same" });
  await assert.rejects(start(stateMachineArn, { other: 1 }, { name: "same" }), ExecutionAlreadyExists);
  await assert.rejects(start(`${stateMachineArn}-not`), StateMachineDoesNotExist);
  const executionArn = `${stateMachineArn.replace(":stateMachine:", ":execution:")}:unknown`;
  await assert.rejects(sfn.send(new DescribeExecutionCommand({ executionArn })), ExecutionDoesNotExist);
  await assert.rejects(sfn.send(new SendTaskSuccessCommand({ taskToken: "made-up", output: "{}" })), InvalidToken);
  await assert.rejects(lambda.send(new GetFunctionCommand({ FunctionName: "nobody" })), ResourceNotFoundException);
}

export async function paginator_walks_the_whole_history() {
  const executionArn = await start(await machine({
    StartAt: "A",
    States: { A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", End: true } },
  }));
  await finished(executionArn);
  const ids = [];
  for await (const page of paginateGetExecutionHistory({ client: sfn, pageSize: 2 }, { executionArn })) {
    ids.push(...page.events.map((event) => event.id));
  }

  assert.deepEqual(ids, [1, 2, 3, 4, 5, 6]);
}

export async function function_is_invoked_and_its_value_parsed() {
  const created = await createFunction("export const handler = async (event) => ({ sum: event.a + event.b });");
  const response = await lambda.send(
    new InvokeCommand({ FunctionName: created.FunctionName, Payload: JSON.stringify({ a: 1, b: 2 }), LogType: "Tail" }),
  );
  assert.equal(response.StatusCode, 200);
  assert.deepEqual(JSON.parse(Buffer.from(response.Payload).toString()), { sum: 3 });
  assert.match(Buffer.from(response.LogResult, "base64").toString(), /REPORT RequestId/);
}

export async function function_that_throws_fails_its_task() {
  const created = await createFunction(`
    export const handler = async () => { const error = new Error("no"); error.name = "Odd"; throw error; };`);
  const result = await finished(await start(await machine(oneState({ Type: "Task", Resource: created.FunctionArn }))));
  assert.equal(result.status, "FAILED");
  assert.equal(result.error, "Odd");
  assert.equal(JSON.parse(result.cause).errorMessage, "no");
}

export async function callback_is_answered_once() {
  const created = await createFunction("export const handler = async () => null;");
  const executionArn = await start(await machine(oneState({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
    Parameters: { FunctionName: created.FunctionName, Payload: { "token.$": "$$.Task.Token" } },
  })));
  const taskToken = await until(async () => {
    const { events } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    const scheduled = events.find((event) => event.type === "TaskScheduled");
    return scheduled && JSON.parse(scheduled.taskScheduledEventDetails.parameters).Payload.token;
  }, "a task token");
  await sfn.send(new SendTaskFailureCommand({ taskToken, error: "Refused", cause: "No." }));
  await assert.rejects(sfn.send(new SendTaskSuccessCommand({ taskToken, output: "{}" })), TaskTimedOut);
  const result = await finished(executionArn);
  assert.deepEqual([result.status, result.error, result.cause], ["FAILED", "Refused", "No."]);
}

export async function activity_is_polled_before_there_is_work() {
  const { activityArn } = await sfn.send(new CreateActivityCommand({ name: name("node") }));
  const polled = sfn.send(new GetActivityTaskCommand({ activityArn, workerName: "node" }));
  const executionArn = await start(await machine(oneState({ Type: "Task", Resource: activityArn })), { n: 1 });
  const task = await polled;
  assert.deepEqual(JSON.parse(task.input), { n: 1 });
  await sfn.send(new SendTaskSuccessCommand({ taskToken: task.taskToken, output: '"worked"' }));
  assert.equal((await finished(executionArn)).output, '"worked"');
}

export async function stopped_executions_are_listed_as_aborted() {
  const stateMachineArn = await machine(oneState({ Type: "Wait", Seconds: 3600 }));
  const executionArn = await start(stateMachineArn);
  await sfn.send(new StopExecutionCommand({ executionArn }));
  const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: "ABORTED" }));
  assert.deepEqual(executions.map((execution) => execution.executionArn), [executionArn]);
}
