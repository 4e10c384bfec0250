"""Durable functions through boto3: the official JavaScript SDK in real Node processes, the Lambda API around them."""

import json
import os
import pathlib
import tempfile

from aws import function, functions, invoke, refused, until, zipped

APP = pathlib.Path(__file__).parents[2] / "Apps" / "durable" / "index.mjs"
CONFIG = {"ExecutionTimeout": 600, "RetentionPeriodInDays": 1}


def _durable(**more):
    settings = {
        "runtime": "nodejs22.x",
        "file": "index.mjs",
        "handler": "index.handler",
        "Timeout": 30,
        "MemorySize": 512,
        "DurableConfig": CONFIG,
        "Environment": {"Variables": {"MODULES": os.environ["LUNGFISH_TEST_MODULES"]}},
    }
    return function(APP.read_text(), **{**settings, **more})["FunctionName"]


def _plain(handler):
    return function(
        APP.read_text(), runtime="nodejs22.x", file="index.mjs", handler=handler, MemorySize=512,
        Environment={"Variables": {"MODULES": os.environ["LUNGFISH_TEST_MODULES"]}})["FunctionName"]


def _run(function_name, story, qualifier="$LATEST", execution=None, **event):
    more = {"DurableExecutionName": execution} if execution else {}
    return invoke(function_name, {"story": story, **event}, Qualifier=qualifier, **more)


def _start(function_name, story, qualifier="$LATEST", **event):
    response = functions.invoke(
        FunctionName=function_name, Qualifier=qualifier, InvocationType="Event",
        Payload=json.dumps({"story": story, **event}))
    assert response["StatusCode"] == 202, response
    return response["DurableExecutionArn"]


def _history(arn):
    pages = functions.get_paginator("get_durable_execution_history").paginate(DurableExecutionArn=arn)
    return [event for page in pages for event in page["Events"]]


def _types(arn):
    return [event["EventType"] for event in _history(arn)]


def _details(arn, event_type):
    return [event[f"{event_type}Details"] for event in _history(arn) if event["EventType"] == event_type]


def _callback_of(arn):
    def probe():
        started = _details(arn, "CallbackStarted")
        # Suspended too: what is answered sooner would end within the same invocation.
        return started[0]["CallbackId"] if started and "InvocationCompleted" in _types(arn) else None

    return until(probe, f"a callback of {arn}")


def _ended(arn):
    def probe():
        execution = functions.get_durable_execution(DurableExecutionArn=arn)
        return execution if execution["Status"] != "RUNNING" else None

    return until(probe, f"the end of {arn}")


def step_and_wait_answer_the_result_and_leave_their_history():
    response = _run(_durable(), "nap", name="x")
    assert response["Payload"] == "hello x", response
    assert response["ExecutedVersion"] == "$LATEST"
    arn = response["DurableExecutionArn"]
    assert _types(arn) == [
        "ExecutionStarted", "StepStarted", "StepSucceeded", "WaitStarted", "InvocationCompleted",
        "WaitSucceeded", "InvocationCompleted", "ExecutionSucceeded"], _types(arn)
    started = _details(arn, "ExecutionStarted")[0]
    assert started == {
        "Input": {"Payload": '{"story": "nap", "name": "x"}', "Truncated": False}, "ExecutionTimeout": 600}
    execution = functions.get_durable_execution(DurableExecutionArn=arn)
    assert (execution["Status"], execution["Result"], execution["Version"]) == ("SUCCEEDED", '"hello x"', "$LATEST")
    assert execution["EndTimestamp"] > execution["StartTimestamp"]


def failure_is_unhandled_with_type_and_message():
    response = _run(_durable(), "fail", name="way")
    assert (response["StatusCode"], response["FunctionError"]) == (200, "Unhandled")
    assert response["Payload"]["errorType"] == "TypeError", response
    assert response["Payload"]["errorMessage"] == "no way"
    execution = functions.get_durable_execution(DurableExecutionArn=response["DurableExecutionArn"])
    assert (execution["Status"], execution["Error"]["ErrorType"]) == ("FAILED", "TypeError")
    assert "Result" not in execution


def callback_ends_by_success_failure_and_not_twice():
    durable = _durable()
    arn = _start(durable, "approve")
    callback = _callback_of(arn)
    functions.send_durable_execution_callback_heartbeat(CallbackId=callback)
    functions.send_durable_execution_callback_success(CallbackId=callback, Result='{"by": "ü"}'.encode())
    assert json.loads(_ended(arn)["Result"]) == {"release": 1, "answer": {"by": "ü"}}
    with refused("CallbackTimeoutException"):
        functions.send_durable_execution_callback_success(CallbackId=callback, Result=b"1")

    other = _start(durable, "approve")
    functions.send_durable_execution_callback_failure(
        CallbackId=_callback_of(other), Error={"ErrorType": "Denied", "ErrorMessage": "not today"})
    assert _ended(other)["Status"] == "FAILED"
    failed = _details(other, "CallbackFailed")[0]["Error"]["Payload"]
    assert (failed["ErrorType"], failed["ErrorMessage"]) == ("Denied", "not today")


def callback_id_that_was_never_given_out_is_refused():
    with refused("InvalidParameterValueException"):
        functions.send_durable_execution_callback_success(CallbackId="bm9uc2Vuc2U=", Result=b"1")


def chained_invokes_reach_durable_and_plain_functions():
    durable = _durable()
    arn = _run(durable, "call", target=f"{durable}:$LATEST", payload={"story": "nap", "name": "child"})["DurableExecutionArn"]
    execution = _ended(arn)
    assert (execution["Status"], execution["Result"]) == ("SUCCEEDED", '"hello child"'), execution
    invoked = _details(arn, "ChainedInvokeStarted")[0]
    child = functions.get_durable_execution(DurableExecutionArn=invoked["DurableExecutionArn"])
    assert (child["Status"], invoked["ExecutedVersion"]) == ("SUCCEEDED", "$LATEST")

    plain = _run(durable, "call", target=_plain("index.echo"), payload=[1, "ü"])
    assert plain["Payload"] == [1, "ü"], plain
    nobody = _run(durable, "call", target="nobody", payload=1)
    assert nobody["FunctionError"] == "Unhandled", nobody


def process_that_exits_is_told_and_invoked_again():
    with tempfile.TemporaryDirectory() as folder:
        response = _run(_durable(), "crash", marker=os.path.join(folder, "crashed"))
    assert response["Payload"] == "survived", response
    completed = _details(response["DurableExecutionArn"], "InvocationCompleted")
    assert completed[0]["Error"]["Payload"]["ErrorType"] == "Runtime.ExitError", completed
    assert "Error" not in completed[1]


def invocation_over_its_timeout_is_told_and_invoked_again():
    with tempfile.TemporaryDirectory() as folder:
        response = _run(_durable(Timeout=5), "hang", marker=os.path.join(folder, "hung"))
    assert response["Payload"] == "answered", response
    completed = _details(response["DurableExecutionArn"], "InvocationCompleted")
    assert completed[0]["Error"]["Payload"]["ErrorType"] == "Sandbox.Timedout", completed


def handler_that_is_not_wrapped_is_explained():
    response = _run(_durable(handler="index.unwrapped"), "nap")
    assert response["FunctionError"] == "Unhandled"
    assert "has no Status" in response["Payload"]["errorMessage"], response


def name_finds_its_execution_and_refuses_another_input():
    durable = _durable()
    one = _run(durable, "nap", execution="order-1", name="a")
    again = _run(durable, "nap", execution="order-1", name="a")
    assert again["DurableExecutionArn"] == one["DurableExecutionArn"]
    assert "/durable-execution/order-1/" in one["DurableExecutionArn"]
    assert again["Payload"] == "hello a"
    with refused("DurableExecutionAlreadyStartedException"):
        _run(durable, "nap", execution="order-1", name="b")


def execution_stays_on_the_version_that_it_started_on():
    durable = _durable()
    functions.publish_version(FunctionName=durable)
    functions.create_alias(FunctionName=durable, Name="live", FunctionVersion="1")
    arn = _start(durable, "approve", qualifier="live")
    assert f"{durable}:1/durable-execution/" in arn
    callback = _callback_of(arn)
    newer = APP.read_text().replace("release = 1", "release = 2")
    functions.update_function_code(FunctionName=durable, ZipFile=zipped({"index.mjs": newer}))
    functions.publish_version(FunctionName=durable)
    functions.update_alias(FunctionName=durable, Name="live", FunctionVersion="2")
    functions.send_durable_execution_callback_success(CallbackId=callback, Result=b"1")
    assert json.loads(_ended(arn)["Result"])["release"] == 1

    second = _start(durable, "approve", qualifier="live")
    functions.send_durable_execution_callback_success(CallbackId=_callback_of(second), Result=b"1")
    execution = _ended(second)
    assert (json.loads(execution["Result"])["release"], execution["Version"]) == (2, "2")


def stopped_execution_says_so_and_is_listed():
    durable = _durable()
    arn = _start(durable, "approve")
    _callback_of(arn)
    stopped = functions.stop_durable_execution(
        DurableExecutionArn=arn, Error={"ErrorType": "Enough", "ErrorMessage": "by hand"})
    again = functions.stop_durable_execution(DurableExecutionArn=arn)
    assert again["StopTimestamp"] == stopped["StopTimestamp"]
    execution = functions.get_durable_execution(DurableExecutionArn=arn)
    assert (execution["Status"], execution["Error"]["ErrorType"]) == ("STOPPED", "Enough")
    assert _types(arn)[-1] == "ExecutionStopped"
    listed = functions.list_durable_executions_by_function(FunctionName=durable, Statuses=["STOPPED"])
    assert [e["DurableExecutionArn"] for e in listed["DurableExecutions"]] == [arn]
    running = functions.list_durable_executions_by_function(FunctionName=durable, Statuses=["RUNNING"])
    assert running["DurableExecutions"] == []


def history_pages_both_ways_and_leaves_data_out():
    arn = _run(_durable(), "nap", name="x")["DurableExecutionArn"]
    first = functions.get_durable_execution_history(DurableExecutionArn=arn, MaxItems=5)
    rest = functions.get_durable_execution_history(DurableExecutionArn=arn, MaxItems=5, Marker=first["NextMarker"])
    assert [e["EventId"] for e in first["Events"] + rest["Events"]] == list(range(1, 9))
    assert "NextMarker" not in rest
    newest = functions.get_durable_execution_history(DurableExecutionArn=arn, MaxItems=1, ReverseOrder=True)
    assert newest["Events"][0]["EventType"] == "ExecutionSucceeded"
    bare = functions.get_durable_execution_history(DurableExecutionArn=arn, IncludeExecutionData=False)
    assert bare["Events"][-1]["ExecutionSucceededDetails"] == {"Result": {"Truncated": False}}


def invocations_that_aws_refuses_are_refused():
    durable = _durable()
    with refused("InvalidParameterValueException", "unqualified ARN"):
        functions.invoke(FunctionName=durable)
    with refused("InvalidParameterValueException", "DurableConfig"):
        functions.invoke(FunctionName=_plain("index.echo"), DurableExecutionName="x")
    long = _durable(DurableConfig={"ExecutionTimeout": 901})
    with refused("InvalidParameterValueException", "greater than 15 minutes"):
        functions.invoke(FunctionName=long, Qualifier="$LATEST")
    with refused("ResourceNotFoundException"):
        functions.get_durable_execution(
            DurableExecutionArn=f"arn:aws:lambda:us-east-1:000000000000:function:{durable}:1/durable-execution/a/"
            "0197f0a0-0000-7000-8000-000000000000")
    dry = functions.invoke(FunctionName=durable, Qualifier="$LATEST", InvocationType="DryRun")
    assert (dry["StatusCode"], "DurableExecutionArn" in dry) == (204, False)
