"""State machines through boto3."""

import json

from aws import ROLE, history, machine, name, one_state, refused, sfn, start, finished, token_of, function, types, until

PASS = one_state(Type="Pass", Result={"made": "here"})


def create_then_describe_gives_what_was_created():
    machine_name, text = name("created"), json.dumps(PASS, indent=3)
    created = sfn.create_state_machine(name=machine_name, definition=text, roleArn=ROLE)
    described = sfn.describe_state_machine(stateMachineArn=created["stateMachineArn"])
    assert described["name"] == machine_name
    assert described["definition"] == text
    assert described["roleArn"] == ROLE
    assert described["status"] == "ACTIVE"
    assert described["type"] == "STANDARD"
    assert described["creationDate"] == created["creationDate"]


def create_again_with_the_same_definition_is_the_same_machine():
    machine_name = name("twice")
    first = sfn.create_state_machine(name=machine_name, definition=json.dumps(PASS), roleArn=ROLE)
    second = sfn.create_state_machine(name=machine_name, definition=json.dumps(PASS), roleArn=ROLE)
    assert first["stateMachineArn"] == second["stateMachineArn"]
    assert first["creationDate"] == second["creationDate"]


def create_again_with_another_definition_is_refused():
    machine_name = name("taken")
    sfn.create_state_machine(name=machine_name, definition=json.dumps(PASS), roleArn=ROLE)
    with refused("StateMachineAlreadyExists"):
        sfn.create_state_machine(name=machine_name, definition=json.dumps(one_state(Type="Pass", Result="other")), roleArn=ROLE)


def create_with_a_wrong_definition_is_refused_by_name():
    with refused("InvalidDefinition", "Nowhere"):
        machine({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Nowhere"}}})


def create_with_what_is_not_there_yet_is_refused_by_name():
    with refused("InvalidDefinition", "JSONata"):
        machine({"QueryLanguage": "JSONata", **PASS})


def update_changes_new_executions_only():
    accept = function("def handler(event, context):\n    return None\n")["FunctionName"]
    waiting = {
        "StartAt": "Ask",
        "States": {
            "Ask": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
                "Parameters": {"FunctionName": accept, "Payload": {"token.$": "$$.Task.Token"}},
                "Next": "Done",
            },
            "Done": {"Type": "Pass", "Result": "old", "End": True},
        },
    }
    arn = machine(waiting)
    execution = start(arn)
    updated = sfn.update_state_machine(stateMachineArn=arn, definition=json.dumps(PASS))
    assert "updateDate" in updated
    assert sfn.describe_state_machine(stateMachineArn=arn)["definition"] == json.dumps(PASS)
    pinned = sfn.describe_state_machine_for_execution(executionArn=execution)
    assert json.loads(pinned["definition"]) == waiting

    sfn.send_task_success(taskToken=token_of(execution), output="{}")
    assert finished(execution)["output"] == '"old"'
    assert json.loads(finished(start(arn))["output"]) == {"made": "here"}


def delete_then_describe_does_not_find_it():
    arn = machine(PASS)
    sfn.delete_state_machine(stateMachineArn=arn)

    def gone():
        try:
            assert sfn.describe_state_machine(stateMachineArn=arn)["status"] == "DELETING"
            return False
        except sfn.exceptions.StateMachineDoesNotExist:
            return True

    until(gone, "the deletion")
    with refused("StateMachineDoesNotExist"):
        start(arn)
    sfn.delete_state_machine(stateMachineArn=arn)


def list_pages_hold_every_machine_once():
    made = {machine(PASS, "paged") for _ in range(5)}
    listed, token = [], None
    while True:
        page = sfn.list_state_machines(maxResults=2, **({"nextToken": token} if token else {}))
        assert len(page["stateMachines"]) <= 2
        listed += [item["stateMachineArn"] for item in page["stateMachines"]]
        token = page.get("nextToken")
        if not token:
            break
    assert len(listed) == len(set(listed))
    assert made <= set(listed)


def every_state_type_runs_through():
    definition = {
        "StartAt": "Prepare",
        "States": {
            "Prepare": {"Type": "Pass", "Parameters": {"items.$": "$.items", "name.$": "$$.Execution.Name"}, "Next": "Each"},
            "Each": {
                "Type": "Map",
                "ItemsPath": "$.items",
                "ResultPath": "$.doubled",
                "ItemProcessor": {
                    "StartAt": "Wrap",
                    "States": {"Wrap": {"Type": "Pass", "Parameters": {"n.$": "$"}, "End": True}},
                },
                "Next": "Both",
            },
            "Both": {
                "Type": "Parallel",
                "Branches": [
                    {"StartAt": "One", "States": {"One": {"Type": "Pass", "Result": 1, "End": True}}},
                    {
                        "StartAt": "Two",
                        "States": {"Two": {"Type": "Wait", "Seconds": 0, "OutputPath": "$.name", "End": True}},
                    },
                ],
                "ResultPath": "$.both",
                "Next": "Which",
            },
            "Which": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.both[0]", "NumericEquals": 1, "Next": "Good"}],
                "Default": "Bad",
            },
            "Good": {"Type": "Succeed"},
            "Bad": {"Type": "Fail", "Error": "Bad", "Cause": "The wrong way."},
        },
    }
    execution = start(machine(definition), {"items": [1, 2, 3]}, name="all-types")
    result = finished(execution)
    assert result["status"] == "SUCCEEDED", result
    output = json.loads(result["output"])
    assert output["doubled"] == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert output["both"] == [1, "all-types"]
    assert types(history(execution))[0] == "ExecutionStarted"
    assert types(history(execution))[-1] == "ExecutionSucceeded"
