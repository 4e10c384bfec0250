"""TestState through boto3: one state at a time, mocked and real."""

import json
import os
import urllib.error
import urllib.request

from aws import ROLE, function, sfn
from botocore.config import Config
import boto3

_ASKED = sfn.meta.service_model.operation_names
_KNOWS_MOCKS = "TestState" in _ASKED and (
    "mock" in sfn.meta.service_model.operation_model("TestState").input_shape.members
)


def _test(definition, value=None, **more):
    """Calls TestState; a boto3 from before mocks is helped out by a plain request."""
    request = {"definition": json.dumps(definition), "input": json.dumps(value or {}), "roleArn": ROLE, **more}
    if _KNOWS_MOCKS:
        # Without this boto3 puts "sync-" in front of the host, which only AWS's own hosts answer to.
        client = boto3.client("stepfunctions", config=Config(inject_host_prefix=False))
        return client.test_state(**request)
    post = urllib.request.Request(
        os.environ["AWS_ENDPOINT_URL"],
        json.dumps(request).encode(),
        {"X-Amz-Target": "AWSStepFunctions.TestState", "Content-Type": "application/x-amz-json-1.0"},
    )
    with urllib.request.urlopen(post) as response:
        return json.load(response)


def mocked_task_is_not_carried_out():
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:getItem",
        "Parameters": {"TableName": "orders", "Key": {"id": {"S.$": "$.id"}}},
        "ResultPath": "$.order",
        "Next": "Ship",
    }
    tested = _test(
        state, {"id": "7"}, inspectionLevel="DEBUG", mock={"result": json.dumps({"Item": {"id": {"S": "7"}}})}
    )
    assert tested["status"] == "SUCCEEDED", tested
    assert tested["nextState"] == "Ship"
    assert json.loads(tested["output"]) == {"id": "7", "order": {"Item": {"id": {"S": "7"}}}}
    assert json.loads(tested["inspectionData"]["afterParameters"])["Key"] == {"id": {"S": "7"}}


def mocked_error_is_caught():
    state = {
        "Type": "Task",
        "QueryLanguage": "JSONata",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "f"},
        "Catch": [{"ErrorEquals": ["OutOfStock"], "Output": "{% $states.errorOutput.Cause %}", "Next": "Refund"}],
        "End": True,
    }
    tested = _test(state, mock={"errorOutput": {"error": "OutOfStock", "cause": "none left"}})
    assert (tested["status"], tested["nextState"]) == ("CAUGHT_ERROR", "Refund"), tested
    assert tested["output"] == '"none left"'


def mock_unlike_the_services_answer_is_refused():
    state = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {}, "End": True}
    try:
        _test(state, mock={"result": '{"MessageId": 7}'})
    except urllib.error.HTTPError as refusal:
        message = json.load(refusal)["message"]
    except sfn.exceptions.ClientError as refusal:
        message = refusal.response["Error"]["Message"]
    assert message == "Mock result schema validation error: Field 'MessageId' must be a string"


def real_task_runs_the_function():
    created = function("def handler(event, context):\n    return {'double': event['n'] * 2}\n")
    state = {"Type": "Task", "Resource": created["FunctionArn"], "ResultSelector": {"d.$": "$.double"}, "End": True}
    tested = _test(state, {"n": 21}, inspectionLevel="DEBUG")
    assert tested["status"] == "SUCCEEDED", tested
    assert json.loads(tested["output"]) == {"d": 42}
    assert json.loads(tested["inspectionData"]["result"]) == {"double": 42}


def state_of_a_machine_is_found_by_its_name():
    machine = {
        "StartAt": "First",
        "States": {
            "First": {"Type": "Pass", "Assign": {"v.$": "$.n"}, "Next": "Second"},
            "Second": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $v + 1 %}", "End": True},
        },
    }
    tested = _test(machine, stateName="Second", variables='{"v": 41}')
    assert tested["output"] == "42", tested
