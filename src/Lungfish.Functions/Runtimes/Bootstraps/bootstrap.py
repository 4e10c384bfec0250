"""Runs a Python function: takes its invocations from the Lambda Runtime API, one at a time.

Answers, errors and log lines have the form that the public runtime gives them, because state machines and people match
on them. Standard library only; Python 3.6 and later.
"""

import importlib
import json
import logging
import os
import socket
import sys
import time
import traceback

TASK_ROOT = os.environ["LAMBDA_TASK_ROOT"]
HANDLER = os.environ["_HANDLER"]

# What a traceback shows as the place of the function's code, wherever that really is.
SHOWN_ROOT = "/var/task"


class RuntimeApi:
    """One connection that stays open. An answer and the request for more work travel together."""

    VERSION = "/2018-06-01/runtime"

    def __init__(self, address):
        host, _, port = address.partition(":")
        self._host = address
        self._socket = socket.create_connection((host, int(port)))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = self._socket.makefile("rb")

    def next(self):
        self._send(self._next())
        return self._read_next()

    def answer(self, request_id, kind, body, headers=""):
        """Answers an invocation and waits for the next one."""
        call = self._request("POST", "/invocation/%s/%s" % (request_id, kind), body, headers)
        self._send(call + self._next())
        self._read()
        return self._read_next()

    def init_error(self, body):
        self._send(self._request("POST", "/init/error", body, ""))
        self._read()

    def _send(self, call):
        try:
            self._socket.sendall(call)
        except OSError:
            os._exit(0)  # The server is gone.

    def _read_next(self):
        status, headers, body = self._read()
        if status != 200:
            os._exit(0)  # The server stops: there is no more work.
        return headers, body

    def _next(self):
        return self._request("GET", "/invocation/next", b"", "")

    def _request(self, method, call, body, headers):
        head = "%s %s%s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n" % (
            method, self.VERSION, call, self._host, len(body), headers)
        return head.encode("ascii") + body

    def _read(self):
        try:
            status = self._reader.readline()
        except OSError:
            status = b""
        if not status:
            os._exit(0)  # The server is gone.
        headers = {}
        while True:
            line = self._reader.readline().decode("latin-1").strip()
            if not line:
                break
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = self._reader.read(int(headers.get("content-length", 0)))
        return int(status.split()[1]), headers, body


class ClientContext:
    def __init__(self, values):
        self.custom = values.get("custom")
        self.env = values.get("env")
        self.client = values.get("client")


class CognitoIdentity:
    cognito_identity_id = None
    cognito_identity_pool_id = None


class LambdaContext:
    """What a handler gets beside its event."""

    def __init__(self, headers):
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = CognitoIdentity()
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        client = headers.get("lambda-runtime-client-context")
        self.client_context = ClientContext(json.loads(client)) if client else None
        self._deadline_ms = int(headers["lambda-runtime-deadline-ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


class Fault(Exception):
    """A failure that the platform names, not the function."""

    def __init__(self, error_type, message, trace=()):
        super().__init__(message)
        self.error_type = error_type
        self.trace = list(trace)


class LogHandler(logging.Handler):
    """Adds the request id to each record, as the public runtime does."""

    def __init__(self):
        super().__init__()
        self.setFormatter(_LogFormatter(
            "[%(levelname)s]\t%(asctime)s.%(msecs)dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S"))

    def emit(self, record):
        record.aws_request_id = request_id
        sys.stdout.write(self.format(record) + "\n")


class _LogFormatter(logging.Formatter):
    converter = time.gmtime


request_id = ""  # Of the invocation that runs.


def load_handler():
    try:
        module_name, function_name = HANDLER.rsplit(".", 1)
    except ValueError as e:
        raise Fault("Runtime.MalformedHandlerName", "Bad handler '%s': %s" % (HANDLER, e))
    module_name = module_name.replace("/", ".")
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise Fault("Runtime.BuiltInModuleConflict",
                    "Cannot use built-in module %s as a handler module" % module_name)
    try:
        module = importlib.import_module(module_name)
    except ImportError as e:
        sys.stderr.write(traceback.format_exc())
        raise Fault("Runtime.ImportModuleError", "Unable to import module '%s': %s" % (module_name, e))
    except SyntaxError as e:
        trace = '  File "%s" Line %s\n    %s' % (shown(str(e.filename)), e.lineno, e.text)
        raise Fault("Runtime.UserCodeSyntaxError", "Syntax error in module '%s': %s" % (module_name, e), [trace])
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise Fault("Runtime.HandlerNotFound", "Handler '%s' missing on module '%s'" % (function_name, module_name))


def run(handler, event_bytes, context):
    """What the handler gives back, as bytes."""
    try:
        event = json.loads(event_bytes.decode("utf-8"))
    except ValueError as e:
        raise Fault("Runtime.UnmarshalError", "Unable to unmarshal input: %s" % e)
    result = handler(event, context)
    if isinstance(result, bytes):
        return result  # Recorded: bytes are the answer as they are.
    try:
        return json.dumps(result, ensure_ascii=False, default=to_plain).encode("utf-8", "surrogatepass")
    except (TypeError, ValueError) as e:
        raise Fault("Runtime.MarshalError", "Unable to marshal response: %s" % e)


def to_plain(value):
    if type(value).__module__ == "decimal":
        return float(value)
    raise TypeError("Object of type %s is not JSON serializable" % type(value).__name__)


def error_of(exception, invocation_id):
    if isinstance(exception, Fault):
        name, trace = exception.error_type, exception.trace
    else:
        name = type(exception).__name__
        frames = [f for f in traceback.extract_tb(exception.__traceback__) if f.filename != __file__]
        trace = traceback.format_list(
            [(shown(f.filename), f.lineno, f.name, f.line) for f in frames])
    return {"errorMessage": str(exception), "errorType": name, "requestId": invocation_id, "stackTrace": trace}


def log_error(error, exception):
    lines = ["[ERROR] %s: %s" % (error["errorType"], error["errorMessage"])]
    if not isinstance(exception, Fault):
        # The log names the real files: people open them.
        frames = [f for f in traceback.extract_tb(exception.__traceback__) if f.filename != __file__]
        lines += ["Traceback (most recent call last):"] + "".join(traceback.format_list(frames)).splitlines()
    sys.stdout.write("\n".join(lines) + "\n")


def shown(path):
    return SHOWN_ROOT + path[len(TASK_ROOT):] if path.startswith(TASK_ROOT + os.sep) else path


def prepare_process():
    # A function sees its own folder first, and nothing of this file's.
    sys.path[0] = TASK_ROOT
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(line_buffering=True)
    logging.getLogger().addHandler(LogHandler())
    import sdk_endpoint
    sdk_endpoint.install()


def main():
    global request_id
    sys.path.insert(1, os.path.dirname(os.path.abspath(__file__)))
    prepare_process()
    sys.path.pop(1)
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    fault = None
    handler = None
    try:
        handler = load_handler()
    except Fault as e:
        fault = e  # Told by the first invocation, with its request id.
    except Exception as e:
        error = error_of(e, "")
        log_error(error, e)
        api.init_error(json.dumps(error, ensure_ascii=False).encode("utf-8"))
        sys.exit(1)

    headers, event = api.next()
    while True:
        request_id = headers["lambda-runtime-aws-request-id"]
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("lambda-runtime-trace-id", "")
        extra = ""
        try:
            if fault is not None:
                raise fault
            kind, body = "response", run(handler, event, LambdaContext(headers))
        except Exception as e:
            error = error_of(e, request_id)
            log_error(error, e)
            kind = "error"
            body = json.dumps(error, ensure_ascii=False).encode("utf-8", "surrogatepass")
            extra = "Lambda-Runtime-Function-Error-Type: Unhandled\r\n"
        sys.stdout.flush()
        sys.stderr.flush()
        headers, event = api.answer(request_id, kind, body, extra)


if __name__ == "__main__":
    # Handlers may import the module that runs them by the public runtime's name.
    main()
