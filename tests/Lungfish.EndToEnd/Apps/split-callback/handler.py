import json

import boto3

stepfunctions = boto3.client("stepfunctions")


def split(event, context):
    return {"outcome": event.get("outcome", "good"), "pages": 2}


def process(event, context):
    if event["outcome"] == "good":
        stepfunctions.send_task_success(
            taskToken=event["taskToken"], output=json.dumps({"msg": "this goes to the next state", "status": "looking good"})
        )
    elif event["outcome"] == "bad":
        stepfunctions.send_task_failure(taskToken=event["taskToken"], error="ProcessingFailed", cause="Something broke.")
    else:
        raise RuntimeError("nobody thought of " + event["outcome"])
    return "ignored"
