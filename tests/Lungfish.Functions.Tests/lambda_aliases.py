"""Drives aliases, tags and DurableConfig with boto3 as their users do; prints what it saw as one JSON object."""
import io
import json
import sys
import zipfile

import boto3
from botocore.config import Config

client = boto3.client(
    "lambda", endpoint_url=sys.argv[1], region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x",
    config=Config(retries={"max_attempts": 1, "mode": "standard"}))
role = "arn:aws:iam::000000000000:role/any"
seen = {}


def package(code):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("handler.py", code)
    return out.getvalue()


def create(name, **more):
    return client.create_function(
        FunctionName=name, Runtime="python3.12", Role=role, Handler="handler.handler",
        Code={"ZipFile": package("def handler(e, c):\n    return [c.function_version, c.invoked_function_arn, c.tenant_id]\n")},
        **more)


def failure(call, **arguments):
    try:
        call(**arguments)
    except client.exceptions.ClientError as e:
        error = e.response["Error"]
        return [error["Code"], e.response["ResponseMetadata"]["HTTPStatusCode"], error["Message"]]


def without_revision(alias):
    return {k: v for k, v in alias.items() if k not in ("ResponseMetadata", "RevisionId")}


create("orders", Publish=True)
client.update_function_configuration(FunctionName="orders", MemorySize=256)
client.publish_version(FunctionName="orders")
created = client.create_alias(FunctionName="orders", Name="live", FunctionVersion="1", Description="first")
seen["created"] = without_revision(created)
seen["again"] = failure(client.create_alias, FunctionName="orders", Name="live", FunctionVersion="1")
seen["number"] = failure(client.create_alias, FunctionName="orders", Name="7", FunctionVersion="1")[:2]
seen["no version"] = failure(client.create_alias, FunctionName="orders", Name="other", FunctionVersion="9")
seen["unknown"] = failure(client.get_alias, FunctionName="orders", Name="nobody")
answer = client.invoke(FunctionName="orders:live")
seen["invoked"] = [answer["ExecutedVersion"], json.loads(answer["Payload"].read())]
seen["configuration"] = [client.get_function_configuration(FunctionName="orders", Qualifier="live")[k]
                         for k in ("FunctionArn", "Version")]

updated = client.update_alias(FunctionName="orders", Name="live", FunctionVersion="2", RevisionId=created["RevisionId"],
                              RoutingConfig={"AdditionalVersionWeights": {"1": 1.0}})
seen["updated"] = without_revision(updated)
seen["stale"] = failure(client.update_alias, FunctionName="orders", Name="live", RevisionId=created["RevisionId"])[:2]
seen["routed"] = client.invoke(FunctionName="orders", Qualifier="live")["ExecutedVersion"]
two = {"AdditionalVersionWeights": {"1": 0.1, "2": 0.1}}
seen["two routes"] = failure(client.update_alias, FunctionName="orders", Name="live", RoutingConfig=two)
same = {"AdditionalVersionWeights": {"2": 0.1}}
seen["same route"] = failure(client.update_alias, FunctionName="orders", Name="live", RoutingConfig=same)
latest = {"AdditionalVersionWeights": {"1": 0.1}}
seen["latest route"] = failure(client.update_alias, FunctionName="orders", Name="live", FunctionVersion="$LATEST",
                               RoutingConfig=latest)
heavy = {"AdditionalVersionWeights": {"1": 1.5}}
seen["heavy route"] = failure(client.update_alias, FunctionName="orders", Name="live", RoutingConfig=heavy)[:2]
client.create_alias(FunctionName="orders", Name="dev", FunctionVersion="$LATEST")
seen["listed"] = [a["Name"] for a in client.list_aliases(FunctionName="orders")["Aliases"]]
seen["listed of 1"] = [a["Name"] for a in client.list_aliases(FunctionName="orders", FunctionVersion="1")["Aliases"]]
seen["version in use"] = failure(client.delete_function, FunctionName="orders", Qualifier="1")[:2]
seen["unrouted"] = without_revision(client.update_alias(
    FunctionName="orders", Name="live", RoutingConfig={"AdditionalVersionWeights": {}}))
client.delete_alias(FunctionName="orders", Name="dev")
client.delete_alias(FunctionName="orders", Name="dev")
seen["left"] = [a["Name"] for a in client.list_aliases(FunctionName="orders")["Aliases"]]

arn = "arn:aws:lambda:us-east-1:000000000000:function:orders"
client.tag_resource(Resource=arn, Tags={"a": "1", "b": "2"})
client.untag_resource(Resource=arn, TagKeys=["a"])
seen["tags"] = client.list_tags(Resource=arn)["Tags"]

durable = create("durable", DurableConfig={"ExecutionTimeout": 60}, Publish=True)
seen["durable"] = durable["DurableConfig"]
seen["no timeout"] = failure(create, name="other", DurableConfig={"RetentionPeriodInDays": 1})
seen["durable limits"] = failure(create, name="other", DurableConfig={"ExecutionTimeout": 31622401, "RetentionPeriodInDays": 91})
changed = client.update_function_configuration(FunctionName="durable", DurableConfig={"RetentionPeriodInDays": 3})
seen["durable changed"] = changed["DurableConfig"]
seen["durable version"] = client.get_function_configuration(FunctionName="durable", Qualifier="1")["DurableConfig"]
seen["durable added"] = failure(client.update_function_configuration, FunctionName="orders",
                                DurableConfig={"ExecutionTimeout": 60})[:2]

create("shared", TenancyConfig={"TenantIsolationMode": "PER_TENANT"})
seen["no tenant"] = failure(client.invoke, FunctionName="shared")
seen["tenant"] = json.loads(client.invoke(FunctionName="shared", TenantId="blue")["Payload"].read())[2]
seen["surplus tenant"] = failure(client.invoke, FunctionName="orders", TenantId="blue")[:2]
print(json.dumps(seen, separators=(",", ":")))
