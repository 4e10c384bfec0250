"""Starts a slow function behind a state machine for a contact flow, and tells the flow how far it is.

The first call starts an execution and returns at once; later calls bring its ARN and are told its status. All values
are strings, because a contact flow knows no others.
"""

import json
import os

import boto3

stepfunctions = boto3.client("stepfunctions")


def lambda_handler(event, context):
    parameters = event.get("Details", {}).get("Parameters", {})
    answer = {
        "execution_id": parameters.get("execution_id", ""),
        "status": "FAILED",
        "sfn_result": "",
        "count": str(int(parameters["count"]) + 1) if parameters.get("count") else "1",
        "count_max": parameters.get("count_max", "5"),
    }
    if int(answer["count"]) > max(1, int(answer["count_max"])):
        return {"execution_id": "", "status": "LOOP_DONE", "sfn_result": "FAILURE", "count": "DONE"}
    if "execution_id" not in parameters:
        started = stepfunctions.start_execution(
            stateMachineArn=os.environ["STATE_MACHINE_ARN"], input=json.dumps(event)
        )
        return {**answer, "execution_id": started["executionArn"], "status": "CREATED"}
    execution = stepfunctions.describe_execution(executionArn=parameters["execution_id"])
    if execution["status"] == "RUNNING":
        return {**answer, "status": "RUNNING"}
    if execution["status"] == "SUCCEEDED":
        return {**answer, "status": "FINISHED", "sfn_result": "SUCCESS", **json.loads(execution["output"])}
    return {**answer, "status": "FINISHED", "sfn_result": "FAILURE"}
