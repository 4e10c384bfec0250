"""moto, which keeps all in memory, set to run state machines instead of pretending to."""

import copy
import sys
import threading

from moto.stepfunctions import models
from werkzeug.serving import WSGIRequestHandler, make_server
from moto.server import DomainDispatcherApplication, create_backend_app


class QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # Keeps connections open, as clients of AWS expect it.

    def log(self, type, message, *args):
        pass


def copy_without_executions(machine, memo):
    """The second execution of a machine fails in version 5.2.1 otherwise: it copies the first one with its locks."""
    made = machine.__class__.__new__(machine.__class__)
    memo[id(machine)] = made
    for name, value in machine.__dict__.items():
        if name == "executions":
            made.__dict__[name] = []
        elif name == "backend":
            made.__dict__[name] = value
        else:
            made.__dict__[name] = copy.deepcopy(value, memo)
    return made


def main():
    models.StateMachine.__deepcopy__ = copy_without_executions
    from moto import settings  # noqa: F401
    from moto.core.config import default_user_config

    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    server = make_server(
        "127.0.0.1",
        0,
        DomainDispatcherApplication(create_backend_app),
        threaded=True,
        request_handler=QuietHandler,
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"ready http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.read()


main()
