"""Drives the Lambda API with boto3 as its users do; prints what it saw as one JSON object."""
import base64
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


def failure(call, **arguments):
    try:
        call(**arguments)
    except client.exceptions.ClientError as e:
        error = e.response["Error"]
        return [error["Code"], e.response["ResponseMetadata"]["HTTPStatusCode"], error["Message"]]


created = client.create_function(
    FunctionName="orders", Runtime="python3.12", Role=role, Handler="handler.handler", Timeout=20,
    Code={"ZipFile": package("def handler(e, c):\n    return {'v': 1, 'ctx': c.client_context and c.client_context.custom}\n")},
    Environment={"Variables": {"CD": "e"}}, Tags={"team": "x"})
client.get_waiter("function_active_v2").wait(FunctionName="orders")
seen["created"] = [created["ResponseMetadata"]["HTTPStatusCode"], created["FunctionArn"], created["Version"],
                   created["State"], created["Environment"]["Variables"], created["Timeout"]]
seen["again"] = failure(client.create_function, FunctionName="orders", Runtime="python3.12", Role=role,
                        Handler="handler.handler", Code={"ZipFile": package("")})
seen["role"] = failure(client.create_function, FunctionName="other", Runtime="python3.12", Role="nobody",
                       Handler="handler.handler", Code={"ZipFile": package("")})
seen["reserved"] = failure(client.update_function_configuration, FunctionName="orders",
                           Environment={"Variables": {"AWS_REGION": "x"}})
seen["unknown"] = failure(client.get_function, FunctionName="nobody")
seen["unknown invoke"] = failure(client.invoke, FunctionName="nobody")
seen["not json"] = failure(client.invoke, FunctionName="orders", Payload=b"{")[:2]
seen["too large"] = failure(client.invoke, FunctionName="orders", Payload=b'"' + b"x" * 6291456 + b'"')[:2]
seen["missing operation"] = failure(client.get_account_settings)

context = base64.b64encode(json.dumps({"custom": {"k": "é"}}).encode()).decode()
answer = client.invoke(FunctionName="orders", Payload=b"{}", LogType="Tail", ClientContext=context)
seen["invoked"] = [answer["StatusCode"], answer["ExecutedVersion"], json.loads(answer["Payload"].read()),
                   base64.b64decode(answer["LogResult"]).decode().split()[0]]
seen["event"] = client.invoke(FunctionName="orders", InvocationType="Event")["StatusCode"]
seen["dry run"] = client.invoke(FunctionName="orders", InvocationType="DryRun")["StatusCode"]

one = client.publish_version(FunctionName="orders")
same = client.publish_version(FunctionName="orders", CodeSha256=one["CodeSha256"])
client.update_function_code(FunctionName="orders", ZipFile=package("def handler(e, c):\n    raise KeyError('x')\n"))
client.get_waiter("function_updated_v2").wait(FunctionName="orders")
seen["revision"] = failure(client.update_function_configuration, FunctionName="orders", MemorySize=256,
                           RevisionId=one["RevisionId"])[:2]
client.update_function_configuration(FunctionName="orders", MemorySize=256)
two = client.publish_version(FunctionName="orders", Description="second")
seen["versions"] = [one["FunctionArn"], same["Version"], two["Version"],
                    [v["Version"] for v in client.list_versions_by_function(FunctionName="orders")["Versions"]]]
old = client.invoke(FunctionName="orders:1")
new = client.invoke(FunctionName="arn:aws:lambda:us-east-1:000000000000:function:orders", Qualifier="2")
seen["old"] = [old["ExecutedVersion"], json.loads(old["Payload"].read())["v"], old.get("FunctionError")]
seen["new"] = [new["ExecutedVersion"], json.loads(new["Payload"].read())["errorType"], new.get("FunctionError")]

got = client.get_function(FunctionName="orders", Qualifier="1")
seen["got"] = [got["Configuration"]["FunctionArn"], got["Configuration"]["MemorySize"], got["Tags"]]
import urllib.request
seen["package"] = zipfile.ZipFile(io.BytesIO(urllib.request.urlopen(got["Code"]["Location"]).read())).namelist()
seen["configuration"] = client.get_function_configuration(FunctionName="orders")["MemorySize"]

for i in range(3):
    client.create_function(FunctionName="f%d" % i, Runtime="nodejs20.x", Role=role, Handler="a.b",
                           Code={"ZipFile": package("x = %d" % i)})
pages = client.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 2})
seen["pages"] = [[f["FunctionName"] for f in page["Functions"]] for page in pages]
seen["listed"] = [f["FunctionArn"] for f in client.list_functions()["Functions"]][-1:]
seen["listed versions"] = [f["FunctionArn"] for f in client.list_functions(FunctionVersion="ALL")["Functions"]][-3:]
client.delete_function(FunctionName="orders", Qualifier="1")
seen["deleted version"] = failure(client.get_function, FunctionName="orders", Qualifier="1")
client.delete_function(FunctionName="orders")
seen["deleted"] = failure(client.delete_function, FunctionName="orders")
print(json.dumps(seen, separators=(",", ":")))
