"""Sends AWS SDKs that do not know AWS_ENDPOINT_URL (botocore before 1.31) to the endpoint that it names.

Nothing is imported on behalf of a function that does not use the SDK: the change is made when botocore's session
module is loaded.
"""

import importlib.abc
import importlib.util
import os
import sys

_TARGET = "botocore.session"


def install():
    if "AWS_ENDPOINT_URL" in os.environ:
        sys.meta_path.insert(0, _Finder())


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name != _TARGET:
            return None
        sys.meta_path.remove(self)  # Once is enough, and the search below must not end here again.
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)
        return spec


class _Loader(importlib.abc.Loader):
    def __init__(self, loader):
        self._loader = loader

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        self._loader.exec_module(module)
        if not _knows_the_variable():
            _add_endpoint(module.Session)

    def __getattr__(self, name):
        return getattr(self._loader, name)


def _knows_the_variable():
    import botocore.configprovider
    return hasattr(botocore.configprovider, "ConfiguredEndpointProvider")


def _add_endpoint(session):
    create_client = session.create_client

    def create_client_with_endpoint(self, service_name, *args, **kwargs):
        # Its sixth argument is endpoint_url; one that the function gives wins.
        if len(args) < 5 and kwargs.get("endpoint_url") is None:
            own = "AWS_ENDPOINT_URL_" + service_name.upper().replace("-", "_").replace("STEPFUNCTIONS", "SFN")
            kwargs["endpoint_url"] = os.environ.get(own) or os.environ.get("AWS_ENDPOINT_URL")
        return create_client(self, service_name, *args, **kwargs)

    session.create_client = create_client_with_endpoint
