"""Callbacks by task token, and activities, through boto3."""

import json
import threading
import time

from aws import finished, function, history, machine, name, one_state, refused, sfn, start, token_of, types, until

_accepting = []


def _asking(**more):
    if not _accepting:
        _accepting.append(function("def handler(event, context):\n    return {'ignored': True}\n")["FunctionName"])
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {"FunctionName": _accepting[0], "Payload": {"token.$": "$$.Task.Token"}},
        **more,
    }


def success_is_the_output_of_the_state():
    execution = start(machine(one_state(**_asking())))
    sfn.send_task_success(taskToken=token_of(execution), output='{"approved": true}')
    result = finished(execution)
    assert result["status"] == "SUCCEEDED"
    assert json.loads(result["output"]) == {"approved": True}
    assert types(history(execution)) == [
        "ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted",
        "TaskSucceeded", "TaskStateExited", "ExecutionSucceeded",
    ]


def failure_is_caught_by_name():
    definition = {
        "StartAt": "Ask",
        "States": {
            "Ask": _asking(
                Catch=[
                    {"ErrorEquals": ["Refused"], "ResultPath": "$.why", "Next": "Caught"},
                    {"ErrorEquals": ["States.TaskFailed"], "Next": "Wrong"},
                ],
                End=True,
            ),
            "Caught": {"Type": "Succeed"},
            "Wrong": {"Type": "Fail"},
        },
    }
    execution = start(machine(definition), {"kept": 1})
    sfn.send_task_failure(taskToken=token_of(execution), error="Refused", cause="Too expensive.")
    result = finished(execution)
    assert json.loads(result["output"]) == {"kept": 1, "why": {"Error": "Refused", "Cause": "Too expensive."}}


def failure_without_a_catcher_fails_the_execution():
    execution = start(machine(one_state(**_asking())))
    sfn.send_task_failure(taskToken=token_of(execution), error="Refused", cause="No.")
    result = finished(execution)
    assert (result["status"], result["error"], result["cause"]) == ("FAILED", "Refused", "No.")


def heartbeats_keep_a_task_alive():
    execution = start(machine(one_state(**_asking(HeartbeatSeconds=2))))
    token = token_of(execution)
    past_the_first_deadline = time.monotonic() + 3
    while time.monotonic() < past_the_first_deadline:
        sfn.send_task_heartbeat(taskToken=token)
        time.sleep(0.3)
    sfn.send_task_success(taskToken=token, output="1")
    assert finished(execution)["status"] == "SUCCEEDED"


def no_heartbeat_times_out():
    execution = start(machine(one_state(**_asking(HeartbeatSeconds=1))))
    token = token_of(execution)
    result = finished(execution)
    assert (result["status"], result["error"]) == ("FAILED", "States.Timeout"), result
    with refused("TaskTimedOut"):
        sfn.send_task_heartbeat(taskToken=token)


def second_answer_is_refused():
    execution = start(machine({
        "StartAt": "Ask",
        "States": {"Ask": _asking(Next="Then"), "Then": {"Type": "Wait", "Seconds": 3600, "End": True}},
    }))
    token = token_of(execution)
    sfn.send_task_success(taskToken=token, output="1")
    before = types(history(execution))
    with refused("TaskTimedOut"):
        sfn.send_task_success(taskToken=token, output="2")
    with refused("TaskTimedOut"):
        sfn.send_task_failure(taskToken=token)
    assert types(history(execution)) == before
    sfn.stop_execution(executionArn=execution)


def late_answer_is_refused():
    execution = start(machine(one_state(**_asking())))
    token = token_of(execution)
    sfn.stop_execution(executionArn=execution)
    before = types(history(execution))
    with refused("TaskTimedOut"):
        sfn.send_task_success(taskToken=token, output="{}")
    assert types(history(execution)) == before


def forged_token_is_refused():
    execution = start(machine(one_state(**_asking())))
    token = token_of(execution)
    middle = len(token) // 2
    forged = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1:]
    for wrong in (forged, token[:-4], "made-up", token + token):
        with refused("InvalidToken"):
            sfn.send_task_success(taskToken=wrong, output="{}")
    sfn.send_task_success(taskToken=token, output="{}")
    assert finished(execution)["status"] == "SUCCEEDED"


def output_that_is_no_json_is_refused_and_can_be_sent_again():
    execution = start(machine(one_state(**_asking())))
    token = token_of(execution)
    with refused("InvalidOutput"):
        sfn.send_task_success(taskToken=token, output="{no json")
    sfn.send_task_success(taskToken=token, output='"now"')
    assert finished(execution)["output"] == '"now"'


def token_survives_a_shell_word():
    execution = start(machine(one_state(**_asking())))
    token = token_of(execution)
    assert len(token) < 1024
    assert all(character.isalnum() or character in "-_.=" for character in token), token
    assert not token.startswith("-")
    sfn.stop_execution(executionArn=execution)


def ten_answers_at_once_are_one_result():
    execution = start(machine(one_state(**_asking())))
    token, outcomes = token_of(execution), []

    def answer(number):
        try:
            sfn.send_task_success(taskToken=token, output=str(number))
            outcomes.append(number)
        except sfn.exceptions.TaskTimedOut:
            pass

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 1, outcomes
    assert finished(execution)["output"] == str(outcomes[0])


def activity_worker_takes_work_and_answers():
    activity = sfn.create_activity(name=name("activity"))["activityArn"]
    arn = machine(one_state(Type="Task", Resource=activity))
    done = []

    def work():
        for _ in range(2):
            task = until(lambda: _polled(activity), "work")
            done.append(json.loads(task["input"]))
            sfn.send_task_success(taskToken=task["taskToken"], output=json.dumps({"did": done[-1]}))

    worker = threading.Thread(target=work)
    worker.start()
    executions = [start(arn, {"n": number}) for number in range(2)]
    results = [json.loads(finished(execution)["output"]) for execution in executions]
    worker.join()
    assert results == [{"did": {"n": 0}}, {"did": {"n": 1}}]
    assert types(history(executions[0])) == [
        "ExecutionStarted", "TaskStateEntered", "ActivityScheduled", "ActivityStarted", "ActivitySucceeded",
        "TaskStateExited", "ExecutionSucceeded",
    ]
    started = [event for event in history(executions[0]) if event["type"] == "ActivityStarted"][0]
    assert started["activityStartedEventDetails"] == {"workerName": "scenario"}


def activity_failure_is_retried():
    activity = sfn.create_activity(name=name("activity"))["activityArn"]
    retry = [{"ErrorEquals": ["Busy"], "IntervalSeconds": 1, "MaxAttempts": 2}]
    execution = start(machine(one_state(Type="Task", Resource=activity, Retry=retry)))
    first = until(lambda: _polled(activity), "work")
    sfn.send_task_failure(taskToken=first["taskToken"], error="Busy", cause="Later.")
    second = until(lambda: _polled(activity), "work once more")
    assert first["taskToken"] != second["taskToken"]
    sfn.send_task_success(taskToken=second["taskToken"], output='"done"')
    assert finished(execution)["output"] == '"done"'
    assert types(history(execution)).count("ActivityScheduled") == 2


def activities_are_created_described_listed_and_deleted():
    activity_name = name("activity")
    created = sfn.create_activity(name=activity_name)
    assert sfn.create_activity(name=activity_name)["activityArn"] == created["activityArn"]
    described = sfn.describe_activity(activityArn=created["activityArn"])
    assert described["name"] == activity_name
    pages = sfn.get_paginator("list_activities").paginate(PaginationConfig={"PageSize": 1})
    assert created["activityArn"] in [item["activityArn"] for page in pages for item in page["activities"]]
    sfn.delete_activity(activityArn=created["activityArn"])
    with refused("ActivityDoesNotExist"):
        sfn.describe_activity(activityArn=created["activityArn"])


def _polled(activity):
    task = sfn.get_activity_task(activityArn=activity, workerName="scenario")
    return task if task.get("taskToken") else None
