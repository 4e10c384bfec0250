"""Functions through boto3: the Lambda API and real processes."""

import base64
import json
import os
import tempfile

from aws import (
    finished, function, functions, history, invoke, machine, name, one_state, refused, sfn, start, types, until, zipped,
)

ECHO = "def handler(event, context):\n    return {'got': event, 'name': context.function_name}\n"
NODE_ECHO = "exports.handler = async (event) => ({ got: event, node: process.version });\n"


def python_function_returns_its_value():
    created = function(ECHO)
    response = invoke(created["FunctionName"], {"a": "ü"})
    assert response["StatusCode"] == 200
    assert response["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in response
    assert response["Payload"] == {"got": {"a": "ü"}, "name": created["FunctionName"]}


def node_function_returns_its_value():
    created = function(NODE_ECHO, runtime="nodejs20.x", file="index.js", handler="index.handler")
    response = invoke(created["FunctionName"], [1])
    assert response["Payload"]["got"] == [1], response
    assert response["Payload"]["node"].startswith("v")


def node_module_function_returns_its_value():
    code = "export const handler = async (event) => event.n + 1;\n"
    created = function(code, runtime="nodejs20.x", file="index.mjs", handler="index.handler")
    assert invoke(created["FunctionName"], {"n": 1})["Payload"] == 2


def custom_runtime_is_any_program_named_bootstrap():
    code = """#!/bin/sh
next="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  headers=$(mktemp)
  event=$(curl -sS -D "$headers" "$next/next")
  id=$(grep -i '^lambda-runtime-aws-request-id:' "$headers" | tr -d '\\r' | cut -d' ' -f2)
  curl -sS -X POST "$next/$id/response" -d "{\\"shell\\":$event}" >/dev/null
done
"""
    created = function(code, runtime="provided.al2023", file="bootstrap", handler="any")
    assert invoke(created["FunctionName"], {"a": 1})["Payload"] == {"shell": {"a": 1}}


def exception_is_a_handled_error_with_its_type():
    code = "class Odd(Exception):\n    pass\n\n\ndef handler(event, context):\n    raise Odd('no ' + event)\n"
    response = invoke(function(code)["FunctionName"], "way")
    assert response["StatusCode"] == 200
    assert response["FunctionError"] == "Unhandled"
    assert response["Payload"]["errorType"] == "Odd"
    assert response["Payload"]["errorMessage"] == "no way"
    assert isinstance(response["Payload"]["stackTrace"], list)


def timeout_ends_the_invocation_and_the_next_one_works():
    code = "import time\n\n\ndef handler(event, context):\n    time.sleep(event)\n    return 'slept'\n"
    created = function(code, Timeout=1)
    slow = invoke(created["FunctionName"], 30)
    assert slow["FunctionError"] == "Unhandled"
    assert "Task timed out after 1.00 seconds" in slow["Payload"]["errorMessage"]
    assert invoke(created["FunctionName"], 0)["Payload"] == "slept"


def crash_ends_the_invocation_and_the_next_one_works():
    code = "import os\n\n\ndef handler(event, context):\n    os._exit(3) if event else None\n    return 'alive'\n"
    created = function(code)
    crashed = invoke(created["FunctionName"], True)
    assert crashed["FunctionError"] == "Unhandled"
    assert crashed["Payload"]["errorType"] == "Runtime.ExitError"
    assert invoke(created["FunctionName"], False)["Payload"] == "alive"


def tail_logs_hold_prints_and_the_report():
    code = "def handler(event, context):\n    print('said', event)\n    return context.aws_request_id\n"
    response = invoke(function(code)["FunctionName"], "hello", LogType="Tail")
    log = base64.b64decode(response["LogResult"]).decode()
    request = response["Payload"]
    assert "said hello" in log
    assert f"START RequestId: {request}" in log
    assert f"END RequestId: {request}" in log
    assert f"REPORT RequestId: {request}" in log


def environment_and_handler_are_those_of_the_configuration():
    code = "import os\n\n\ndef first(event, context):\n    return os.environ['WORD']\n\n\ndef second(event, context):\n    return 2\n"
    created = function(code, handler="app.first", Environment={"Variables": {"WORD": "fish"}})
    assert invoke(created["FunctionName"])["Payload"] == "fish"
    functions.update_function_configuration(FunctionName=created["FunctionName"], Handler="app.second")
    assert invoke(created["FunctionName"])["Payload"] == 2


def new_code_is_used_by_the_next_invocation():
    created = function("def handler(event, context):\n    return 'old'\n")
    assert invoke(created["FunctionName"])["Payload"] == "old"
    updated = functions.update_function_code(
        FunctionName=created["FunctionName"],
        ZipFile=zipped({"app.py": "def handler(event, context):\n    return 'new'\n"}),
    )
    assert updated["CodeSha256"] != created["CodeSha256"]
    assert invoke(created["FunctionName"])["Payload"] == "new"


def published_version_never_changes():
    created = function("def handler(event, context):\n    return context.function_version + ' old'\n")
    version = functions.publish_version(FunctionName=created["FunctionName"])["Version"]
    functions.update_function_code(
        FunctionName=created["FunctionName"],
        ZipFile=zipped({"app.py": "def handler(event, context):\n    return context.function_version + ' new'\n"}),
    )
    assert version == "1"
    assert invoke(created["FunctionName"], Qualifier="1")["Payload"] == "1 old"
    assert invoke(created["FunctionName"])["Payload"] == "$LATEST new"
    versions = functions.list_versions_by_function(FunctionName=created["FunctionName"])["Versions"]
    assert [item["Version"] for item in versions] == ["$LATEST", "1"]


def event_invocation_is_retried_until_it_works():
    with tempfile.TemporaryDirectory() as folder:
        count = os.path.join(folder, "count")
        code = (
            "def handler(path, context):\n"
            "    with open(path, 'a') as count:\n"
            "        count.write('x')\n"
            "    if len(open(path).read()) == 1:\n"
            "        raise ValueError('the first time')\n"
        )
        response = invoke(function(code)["FunctionName"], count, InvocationType="Event")
        assert response["StatusCode"] == 202
        until(lambda: os.path.exists(count), "the first attempt")


def dry_run_invokes_nothing():
    with tempfile.TemporaryDirectory() as folder:
        mark = os.path.join(folder, "mark")
        created = function("def handler(path, context):\n    open(path, 'w').close()\n")
        assert invoke(created["FunctionName"], mark, InvocationType="DryRun")["StatusCode"] == 204
        invoke(created["FunctionName"], mark + "-real")
        assert not os.path.exists(mark)
        assert os.path.exists(mark + "-real")


def get_list_and_delete_know_the_function():
    created = function(ECHO, Description="An echo.", Timeout=7, MemorySize=256)
    got = functions.get_function(FunctionName=created["FunctionArn"])["Configuration"]
    assert (got["Description"], got["Timeout"], got["MemorySize"]) == ("An echo.", 7, 256)
    assert functions.get_function_configuration(FunctionName=created["FunctionName"])["Handler"] == "app.handler"
    pages = functions.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 2})
    assert created["FunctionName"] in [item["FunctionName"] for page in pages for item in page["Functions"]]
    functions.delete_function(FunctionName=created["FunctionName"])
    with refused("ResourceNotFoundException"):
        functions.get_function(FunctionName=created["FunctionName"])
    with refused("ResourceNotFoundException"):
        invoke(created["FunctionName"])


def name_that_is_taken_is_refused():
    created = function(ECHO)
    with refused("ResourceConflictException"):
        functions.create_function(
            FunctionName=created["FunctionName"], Runtime="python3.12", Handler="app.handler",
            Role="arn:aws:iam::000000000000:role/any", Code={"ZipFile": zipped({"app.py": ECHO})},
        )


def zip_that_climbs_out_is_refused():
    with refused("InvalidParameterValueException"):
        functions.create_function(
            FunctionName=name("climber"), Runtime="python3.12", Handler="app.handler",
            Role="arn:aws:iam::000000000000:role/any", Code={"ZipFile": zipped({"../app.py": ECHO})},
        )


def task_with_a_plain_arn_gets_the_bare_value():
    created = function(ECHO)
    execution = start(machine(one_state(Type="Task", Resource=created["FunctionArn"])), {"a": 1})
    assert json.loads(finished(execution)["output"])["got"] == {"a": 1}
    assert types(history(execution)) == [
        "ExecutionStarted", "TaskStateEntered", "LambdaFunctionScheduled", "LambdaFunctionStarted",
        "LambdaFunctionSucceeded", "TaskStateExited", "ExecutionSucceeded",
    ]


def task_by_the_service_gets_the_whole_response():
    created = function(ECHO)
    parameters = {"FunctionName": created["FunctionName"], "Payload.$": "$"}
    state = one_state(Type="Task", Resource="arn:aws:states:::lambda:invoke", Parameters=parameters)
    output = json.loads(finished(start(machine(state), {"a": 1}))["output"])
    assert output["Payload"]["got"] == {"a": 1}
    assert output["StatusCode"] == 200
    assert output["ExecutedVersion"] == "$LATEST"


def task_that_fails_is_retried_then_caught_by_its_type():
    code = "class Busy(Exception):\n    pass\n\n\ndef handler(event, context):\n    raise Busy('try later')\n"
    created = function(code)
    definition = {
        "StartAt": "Try",
        "States": {
            "Try": {
                "Type": "Task",
                "Resource": created["FunctionArn"],
                "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 1}],
                "Catch": [{"ErrorEquals": ["Busy"], "Next": "Caught"}],
                "End": True,
            },
            "Caught": {"Type": "Pass", "End": True},
        },
    }
    execution = start(machine(definition))
    output = json.loads(finished(execution)["output"])
    assert output["Error"] == "Busy"
    assert json.loads(output["Cause"])["errorMessage"] == "try later"
    assert types(history(execution)).count("LambdaFunctionScheduled") == 3


def function_finds_step_functions_by_itself():
    code = (
        "import boto3\n\nsfn = boto3.client('stepfunctions')\n\n\n"
        "def handler(event, context):\n"
        "    sfn.send_task_success(taskToken=event['token'], output='\"from inside\"')\n"
    )
    created = function(code, Timeout=30)
    parameters = {"FunctionName": created["FunctionName"], "Payload": {"token.$": "$$.Task.Token"}}
    state = one_state(Type="Task", Resource="arn:aws:states:::lambda:invoke.waitForTaskToken", Parameters=parameters)
    assert finished(start(machine(state)))["output"] == '"from inside"'
