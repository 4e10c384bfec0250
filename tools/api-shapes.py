#!/usr/bin/env python3
"""Writes the shapes of the answers of AWS services into one small file.

    tools/api-shapes.py MODELS OUTPUT

MODELS is a folder laid out as the data folder of botocore: SERVICE/VERSION/service-2.json, or the same with .gz.
OUTPUT is a zip with one JSON file a service; src/Lungfish.Integrations/ApiShapes reads it, and NOTICE says where the
facts in it come from. Only facts are taken: names, types, enumerations, and bounds of what operations answer.

    {"operations": {"getItem": 4, "tagResource": null}, "shapes": [SHAPE...]}

The number is an index into shapes; null is an operation that answers nothing. A SHAPE is one of

    {"type": "object", "members": {"Item": 7}, "required": ["Item"], "aliases": {"SSEKMSKeyId": "SsekmsKeyId"}}
    {"type": "array", "items": 7}           {"type": "map", "items": 7}
    {"type": "string", "enum": [...], "min": 1, "max": 256}
    {"type": "number", "min": 1, "max": 10}
    {"type": "boolean"}                     {"type": "any"}

Members are named as Step Functions names them: as the AWS SDK for Java 2 does, but with a first capital. Where the
model's own name differs in more than that, it stands in aliases.
"""

import gzip
import io
import json
import pathlib
import re
import sys
import zipfile

# Model folder -> the service's name after "aws-sdk:". Chosen: what state machines call most.
SERVICES = {
    "apigateway": "apigateway",
    "appconfigdata": "appconfigdata",
    "appflow": "appflow",
    "athena": "athena",
    "autoscaling": "autoscaling",
    "batch": "batch",
    "bedrock": "bedrock",
    "bedrock-agent": "bedrockagent",
    "bedrock-agent-runtime": "bedrockagentruntime",
    "bedrock-runtime": "bedrockruntime",
    "cloudformation": "cloudformation",
    "cloudwatch": "cloudwatch",
    "codebuild": "codebuild",
    "codepipeline": "codepipeline",
    "cognito-idp": "cognitoidentityprovider",
    "comprehend": "comprehend",
    "databrew": "databrew",
    "dynamodb": "dynamodb",
    "dynamodbstreams": "dynamodbstreams",
    "ec2": "ec2",
    "ecr": "ecr",
    "ecs": "ecs",
    "eks": "eks",
    "emr": "emr",
    "emr-containers": "emrcontainers",
    "emr-serverless": "emrserverless",
    "events": "eventbridge",
    "firehose": "firehose",
    "glue": "glue",
    "iam": "iam",
    "kinesis": "kinesis",
    "kms": "kms",
    "lambda": "lambda",
    "logs": "cloudwatchlogs",
    "organizations": "organizations",
    "pipes": "pipes",
    "polly": "polly",
    "rds": "rds",
    "rds-data": "rdsdata",
    "redshift-data": "redshiftdata",
    "rekognition": "rekognition",
    "route53": "route53",
    "s3": "s3",
    "sagemaker": "sagemaker",
    "sagemaker-runtime": "sagemakerruntime",
    "scheduler": "scheduler",
    "secretsmanager": "secretsmanager",
    "ses": "ses",
    "sesv2": "sesv2",
    "sns": "sns",
    "sqs": "sqs",
    "ssm": "ssm",
    "stepfunctions": "sfn",
    "sts": "sts",
    "textract": "textract",
    "transcribe": "transcribe",
    "transfer": "transfer",
    "translate": "translate",
}

# What Step Functions goes by where the models have moved on: recorded in test_state/field_validation_mode_present.
RECORDED = {("lambda", "MemorySize"): {"max": 10240}}

NUMBERS = {"integer", "long", "float", "double", "bigdecimal"}
WHOLE_RANGES = {-2147483648, 2147483647, -9223372036854775808, 9223372036854775807}


def sdk_name(name):
    """The Java SDK's words, each with one capital: SSEKMSKeyId is SsekmsKeyId, ETag stays."""
    text = re.sub(r"[^A-Za-z0-9]+", " ", name)
    text = re.sub(r"([^a-z]{2,})v([0-9]+)", r"\1 v\2 ", text)
    text = re.sub(r"([^A-Z]{2,})V([0-9]+)", r"\1 V\2 ", text)
    text = re.sub(r"(?<=[a-z])(?=[A-Z][a-zA-Z0-9])", " ", text)
    text = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", text)
    text = re.sub(r"([0-9])([a-zA-Z])", r"\1 \2", text)
    return "".join(word[:1].upper() + word[1:].lower() for word in text.split())


def capitalised(name):
    return name[:1].upper() + name[1:]


class Service:
    """The shapes that the answers of one service reach, each written once."""

    def __init__(self, folder, model):
        self.model = {
            name: {**shape, **RECORDED.get((folder, name), {})} for name, shape in model["shapes"].items()
        }
        self.indexes = {}
        self.shapes = []
        self.operations = {}
        for name, operation in sorted(model["operations"].items()):
            output = operation.get("output")
            self.operations[name[:1].lower() + name[1:]] = self.index(output["shape"]) if output else None

    def index(self, name):
        if name not in self.indexes:
            self.indexes[name] = len(self.shapes)
            self.shapes.append(None)
            self.shapes[self.indexes[name]] = self.shape(self.model[name])
        return self.indexes[name]

    def shape(self, shape):
        kind = shape["type"]
        if shape.get("document") or shape.get("jsonvalue") or shape.get("eventstream"):
            return {"type": "any"}
        if kind == "structure":
            return self.structure(shape)
        if kind == "list":
            return {"type": "array", "items": self.index(shape["member"]["shape"])}
        if kind == "map":
            return {"type": "map", "items": self.index(shape["value"]["shape"])}
        if kind in ("string", "blob", "timestamp", "character"):
            enum = {"enum": shape["enum"]} if shape.get("enum") else {}
            return {"type": "string", **enum, **self.bounds(shape)}
        if kind in NUMBERS:
            return {"type": "number", **self.bounds(shape)}
        if kind == "boolean":
            return {"type": "boolean"}
        raise ValueError(f"No shape for {kind}.")

    def structure(self, shape):
        names = {name: sdk_name(name) for name in shape.get("members", {})}
        written = {"type": "object"}
        members = {
            names[name]: self.index(member["shape"])
            for name, member in shape.get("members", {}).items()
            if not member.get("jsonvalue")
        }
        required = [names[name] for name in shape.get("required", [])]
        aliases = {capitalised(name): sdk for name, sdk in names.items() if capitalised(name) != sdk}
        written.update({"members": members} if members else {})
        written.update({"required": required} if required else {})
        written.update({"aliases": aliases} if aliases else {})
        return written

    @staticmethod
    def bounds(shape):
        bounds = {bound: shape[bound] for bound in ("min", "max") if shape.get(bound) is not None}
        if shape["type"] == "blob":
            bounds.pop("max", None)  # It counts bytes, and a blob in JSON is longer than those.
        if shape["type"] not in NUMBERS and bounds.get("min") == 0:
            bounds.pop("min")
        return {bound: value for bound, value in bounds.items() if value not in WHOLE_RANGES}


def read_model(folder):
    version = max(path for path in folder.iterdir() if path.is_dir())
    plain = version / "service-2.json"
    if plain.exists():
        return json.loads(plain.read_bytes())
    return json.loads(gzip.decompress((version / "service-2.json.gz").read_bytes()))


def main(models, output):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for folder, service in sorted(SERVICES.items(), key=lambda pair: pair[1]):
            read = Service(folder, read_model(pathlib.Path(models) / folder))
            text = json.dumps({"operations": read.operations, "shapes": read.shapes}, separators=(",", ":"))
            entry = zipfile.ZipInfo(f"{service}.json", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
            print(f"{service}: {len(read.operations)} operations, {len(read.shapes)} shapes", file=sys.stderr)
    pathlib.Path(output).write_bytes(buffer.getvalue())
    print(f"{len(SERVICES)} services, {len(buffer.getvalue()):,} bytes", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: tools/api-shapes.py MODELS OUTPUT")
    main(sys.argv[1], sys.argv[2])
