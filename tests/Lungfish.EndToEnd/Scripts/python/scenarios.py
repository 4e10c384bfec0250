"""Runs the scenarios of one module against the server that AWS_ENDPOINT_URL names.

A scenario is a function without parameters whose name does not begin with an underscore. For each, one line of JSON is
printed: {"scenario": NAME, "failure": null | TEXT}.
"""

import importlib
import inspect
import json
import sys
import traceback


def main(module_name):
    module = importlib.import_module(module_name)
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if name.startswith("_") or function.__module__ != module_name:
            continue
        try:
            function()
            failure = None
        except Exception:  # Whatever goes wrong in a scenario is its result.
            failure = traceback.format_exc()
        print(json.dumps({"scenario": name, "failure": failure}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
