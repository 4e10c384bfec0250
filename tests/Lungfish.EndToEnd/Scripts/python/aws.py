"""What the scenarios share: clients, and the few lines that make a state machine, a function, a wait."""

import contextlib
import io
import json
import os
import time
import uuid
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::000000000000:role/any"
ROLE_ARN = {"roleArn": ROLE}
DEADLINE_SECONDS = 60


def _client(service):
    # boto3 knows AWS_ENDPOINT_URL since 1.28; Debian's older one is told.
    version = tuple(int(part) for part in boto3.__version__.split(".")[:2])
    endpoint = {"endpoint_url": os.environ["AWS_ENDPOINT_URL"]} if version < (1, 28) else {}
    return boto3.client(service, config=Config(retries={"total_max_attempts": 1}, read_timeout=100), **endpoint)


sfn = _client("stepfunctions")
functions = _client("lambda")
s3 = _client("s3")


def name(prefix):
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def machine(definition, prefix="machine"):
    """Creates a state machine and returns its ARN."""
    created = sfn.create_state_machine(name=name(prefix), definition=json.dumps(definition), roleArn=ROLE)
    return created["stateMachineArn"]


def one_state(**state):
    return {"StartAt": "Only", "States": {"Only": {"End": True, **state}}}


def start(machine_arn, value=None, **more):
    return sfn.start_execution(stateMachineArn=machine_arn, input=json.dumps(value or {}), **more)["executionArn"]


def until(probe, awaited):
    """Polls until the probe gives something, and returns it."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        found = probe()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {DEADLINE_SECONDS} s for {awaited}")


def finished(execution_arn):
    def probe():
        execution = sfn.describe_execution(executionArn=execution_arn)
        return execution if execution["status"] != "RUNNING" else None

    return until(probe, f"the end of {execution_arn}")


def history(execution_arn, **more):
    pages = sfn.get_paginator("get_execution_history").paginate(executionArn=execution_arn, **more)
    return [event for page in pages for event in page["events"]]


def types(events):
    return [event["type"] for event in events]


def token_of(execution_arn, state=None):
    """The task token that a lambda:invoke.waitForTaskToken state passes as Payload.token, from the history."""

    def probe():
        for event in reversed(history(execution_arn)):
            if event["type"] == "TaskSubmitted":
                scheduled = [e for e in history(execution_arn) if e["type"] == "TaskScheduled"][-1]
                return json.loads(scheduled["taskScheduledEventDetails"]["parameters"])["Payload"]["token"]
        return None

    return until(probe, f"a task token of {execution_arn}")


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return buffer.getvalue()


def function(code, runtime="python3.12", file="app.py", handler="app.handler", **more):
    """Creates a function of one file and returns its configuration."""
    created = functions.create_function(
        FunctionName=name("function"),
        Runtime=runtime,
        Handler=handler,
        Role=ROLE,
        Code={"ZipFile": zipped({file: code})},
        **more,
    )
    def active():
        return functions.get_function(FunctionName=created["FunctionName"])["Configuration"].get("State", "Active") == "Active"

    until(active, created["FunctionName"])
    return created


def invoke(function_name, payload=None, **more):
    """Invokes and returns the response with its payload parsed."""
    response = functions.invoke(FunctionName=function_name, Payload=json.dumps(payload), **more)
    text = response["Payload"].read()
    return {**response, "Payload": json.loads(text) if text else None}


@contextlib.contextmanager
def refused(code, text=None):
    """The block must end in that error of the service."""
    try:
        yield
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        assert text is None or text in error.response["Error"]["Message"], error
        return
    raise AssertionError(f"{code} was expected, and nothing was refused")
