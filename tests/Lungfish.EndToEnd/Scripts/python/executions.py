"""Executions and their histories through boto3."""

import json

from aws import finished, history, machine, name, one_state, refused, sfn, start, types

PASS = one_state(Type="Pass")
WAITING = one_state(Type="Wait", Seconds=3600)
CHAIN = {
    "StartAt": "A",
    "States": {
        "A": {"Type": "Pass", "Next": "B"},
        "B": {"Type": "Pass", "Next": "C"},
        "C": {"Type": "Pass", "End": True},
    },
}


def start_again_with_name_and_input_is_the_same_execution():
    arn, execution_name = machine(WAITING), name("once")
    first = sfn.start_execution(stateMachineArn=arn, name=execution_name, input='{"a": 1}')
    second = sfn.start_execution(stateMachineArn=arn, name=execution_name, input='{"a": 1}')
    assert first["executionArn"] == second["executionArn"]
    assert first["startDate"] == second["startDate"]
    with refused("ExecutionAlreadyExists"):
        sfn.start_execution(stateMachineArn=arn, name=execution_name, input='{"a": 2}')
    assert len(sfn.list_executions(stateMachineArn=arn)["executions"]) == 1
    sfn.stop_execution(executionArn=first["executionArn"])
    with refused("ExecutionAlreadyExists"):
        sfn.start_execution(stateMachineArn=arn, name=execution_name, input='{"a": 1}')


def describe_tells_input_output_and_times():
    execution = start(machine(PASS), {"a": [1, 2]}, name=name("described"))
    described = finished(execution)
    assert described["executionArn"] == execution
    assert described["name"] == execution.split(":")[-1]
    assert json.loads(described["input"]) == {"a": [1, 2]}
    assert json.loads(described["output"]) == {"a": [1, 2]}
    assert described["startDate"] <= described["stopDate"]
    assert described["inputDetails"] == {"included": True}


def history_is_numbered_and_follows_itself():
    events = history_of_chain = history(_finished_chain())
    assert types(history_of_chain) == [
        "ExecutionStarted",
        "PassStateEntered", "PassStateExited",
        "PassStateEntered", "PassStateExited",
        "PassStateEntered", "PassStateExited",
        "ExecutionSucceeded",
    ]
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert [event["previousEventId"] for event in events] == [0, 0, 2, 3, 4, 5, 6, 7]


def history_backwards_is_the_same_turned_round():
    execution = _finished_chain()
    assert history(execution, reverseOrder=True) == history(execution)[::-1]


def history_pages_hold_every_event_once():
    execution = _finished_chain()
    for order in (False, True):
        events, token, pages = [], None, 0
        while True:
            more = {"nextToken": token} if token else {}
            page = sfn.get_execution_history(executionArn=execution, maxResults=3, reverseOrder=order, **more)
            events += page["events"]
            pages += 1
            token = page.get("nextToken")
            if not token:
                break
        assert pages == 3
        assert events == history(execution, reverseOrder=order)


def history_without_data_leaves_inputs_and_outputs_out():
    execution = _finished_chain({"secret": "word"})
    events = history(execution, includeExecutionData=False)
    assert "secret" not in json.dumps(events, default=str)
    assert types(events) == types(history(execution))


def list_filters_by_status_and_pages_newest_first():
    arn = machine(WAITING)
    executions = [start(arn) for _ in range(5)]
    sfn.stop_execution(executionArn=executions[2])
    running = sfn.list_executions(stateMachineArn=arn, statusFilter="RUNNING")["executions"]
    aborted = sfn.list_executions(stateMachineArn=arn, statusFilter="ABORTED")["executions"]
    assert [item["executionArn"] for item in aborted] == [executions[2]]
    assert {item["executionArn"] for item in running} == set(executions) - {executions[2]}
    listed, token = [], None
    while True:
        page = sfn.list_executions(stateMachineArn=arn, maxResults=2, **({"nextToken": token} if token else {}))
        listed += page["executions"]
        token = page.get("nextToken")
        if not token:
            break
    assert len(listed) == 5
    assert {item["executionArn"] for item in listed} == set(executions)
    dates = [item["startDate"] for item in listed]
    assert dates == sorted(dates, reverse=True)
    for item in running:
        sfn.stop_execution(executionArn=item["executionArn"])


def stop_aborts_with_error_and_cause():
    execution = start(machine(WAITING))
    stopped = sfn.stop_execution(executionArn=execution, error="Changed", cause="Not needed any more.")
    described = sfn.describe_execution(executionArn=execution)
    assert described["status"] == "ABORTED"
    assert described["stopDate"] == stopped["stopDate"]
    assert (described["error"], described["cause"]) == ("Changed", "Not needed any more.")
    last = history(execution)[-1]
    assert last["type"] == "ExecutionAborted"
    assert last["executionAbortedEventDetails"] == {"error": "Changed", "cause": "Not needed any more."}


def machine_timeout_ends_the_execution():
    execution = start(machine({**WAITING, "TimeoutSeconds": 1}))
    assert finished(execution)["status"] == "TIMED_OUT"
    assert types(history(execution))[-1] == "ExecutionTimedOut"


def requests_that_make_no_sense_are_refused_as_aws_refuses_them():
    arn = machine(PASS)
    with refused("InvalidExecutionInput"):
        sfn.start_execution(stateMachineArn=arn, input="no json")
    with refused("InvalidName"):
        sfn.start_execution(stateMachineArn=arn, name="a b*c")
    with refused("InvalidArn"):
        sfn.describe_execution(executionArn="no arn")
    with refused("ExecutionDoesNotExist"):
        sfn.describe_execution(executionArn=arn.replace(":stateMachine:", ":execution:") + ":unknown")
    with refused("StateMachineDoesNotExist"):
        start(arn + "-other")
    with refused("InvalidToken"):
        sfn.list_executions(stateMachineArn=arn, nextToken="made up")


def _finished_chain(value=None):
    execution = start(machine(CHAIN), value)
    assert finished(execution)["status"] == "SUCCEEDED"
    return execution
