"""Distributed Map states through boto3: items from S3, results to S3, and the map run operations."""

import json

from aws import finished, machine, name, refused, s3, sfn, start, until


def _bucket(**objects):
    bucket = name("orders")
    s3.create_bucket(Bucket=bucket)
    for key, value in objects.items():
        s3.put_object(Bucket=bucket, Key=f"{key}.json", Body=json.dumps(value).encode())
    return bucket


def _read(bucket, key):
    return json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())


def _distributed(states, start_at, **more):
    return {
        "StartAt": "Each",
        "States": {
            "Each": {
                "Type": "Map",
                "End": True,
                "Label": "each",
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": start_at,
                    "States": states,
                },
                **more,
            }
        },
    }


def _only_run(execution):
    (run,) = sfn.list_map_runs(executionArn=execution)["mapRuns"]
    return run


def _counts(counts):
    return {key: count for key, count in counts.items() if count}


def batches_of_an_object_are_processed_and_written():
    orders = [{"order": n} for n in range(20)]
    bucket = _bucket(orders=orders)
    states = {
        "First": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.Items[0].order", "NumericEquals": 8, "Next": "Bad"}],
            "Default": "Good",
        },
        "Bad": {"Type": "Fail", "Error": "BadOrder", "Cause": "It is the third batch."},
        "Good": {"Type": "Pass", "OutputPath": "$.Items", "End": True},
    }
    definition = _distributed(
        states,
        "First",
        ItemReader={
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSON"},
            "Parameters": {"Bucket": bucket, "Key": "orders.json"},
        },
        ItemBatcher={"MaxItemsPerBatch": 4},
        ToleratedFailurePercentage=20,
        ResultWriter={
            "Resource": "arn:aws:states:::s3:putObject",
            "Parameters": {"Bucket": bucket, "Prefix": "results"},
            "WriterConfig": {"OutputType": "JSON", "Transformation": "FLATTEN"},
        },
    )
    execution = start(machine(definition))
    ended = finished(execution)
    assert ended["status"] == "SUCCEEDED", ended
    run = _only_run(execution)
    output = json.loads(ended["output"])
    assert output["MapRunArn"] == run["mapRunArn"]
    assert output["ResultWriterDetails"]["Bucket"] == bucket

    manifest = _read(bucket, output["ResultWriterDetails"]["Key"])
    assert manifest["ResultFiles"]["PENDING"] == []
    (succeeded,), (failed,) = manifest["ResultFiles"]["SUCCEEDED"], manifest["ResultFiles"]["FAILED"]
    written = sorted(_read(bucket, succeeded["Key"]), key=lambda order: order["order"])
    assert written == [order for order in orders if order["order"] // 4 != 2], written
    (failure,) = _read(bucket, failed["Key"])
    assert (failure["Status"], failure["Error"]) == ("FAILED", "BadOrder"), failure

    described = sfn.describe_map_run(mapRunArn=run["mapRunArn"])
    assert (described["status"], described["executionArn"]) == ("SUCCEEDED", execution)
    assert described["toleratedFailurePercentage"] == 20
    items, executions = _counts(described["itemCounts"]), _counts(described["executionCounts"])
    assert (items["total"], items["succeeded"], items["failed"]) == (20, 16, 4), items
    assert (executions["total"], executions["succeeded"], executions["failed"]) == (5, 4, 1), executions

    (child,) = sfn.list_executions(mapRunArn=run["mapRunArn"], statusFilter="FAILED")["executions"]
    assert (child["itemCount"], child["mapRunArn"]) == (4, run["mapRunArn"])
    assert child["executionArn"] == failure["ExecutionArn"]
    assert json.loads(sfn.describe_execution(executionArn=child["executionArn"])["input"]) == {"Items": orders[8:12]}
    assert len(sfn.list_executions(mapRunArn=run["mapRunArn"])["executions"]) == 5


def a_running_map_run_is_updated_and_an_ended_one_is_not():
    waiting = {"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}}
    execution = start(machine(_distributed(waiting, "Wait", MaxConcurrency=1)), list(range(5)))
    until(lambda: sfn.list_map_runs(executionArn=execution)["mapRuns"], "the map run")
    run = _only_run(execution)["mapRunArn"]

    sfn.update_map_run(mapRunArn=run, maxConcurrency=3, toleratedFailurePercentage=12.5)
    until(
        lambda: len(sfn.list_executions(mapRunArn=run, statusFilter="RUNNING")["executions"]) == 3, "three children"
    )
    described = sfn.describe_map_run(mapRunArn=run)
    assert (described["maxConcurrency"], described["toleratedFailurePercentage"]) == (3, 12.5)
    assert (described["itemCounts"]["running"], described["itemCounts"]["pending"]) == (3, 2), described

    sfn.stop_execution(executionArn=execution)
    assert sfn.describe_map_run(mapRunArn=run)["status"] == "ABORTED"
    until(
        lambda: len(sfn.list_executions(mapRunArn=run, statusFilter="ABORTED")["executions"]) == 3, "their end"
    )
    with refused("ValidationException"):
        sfn.update_map_run(mapRunArn=run, maxConcurrency=5)
