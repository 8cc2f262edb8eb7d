"""Loads the emulators' modules, and refuses a version that lacks a name that the plugin uses."""
import importlib
import inspect
import sys


def load(path, names):
    module = importlib.import_module(path)
    for name, parameters in names.items():
        owner, _, member = name.rpartition(".")
        found = getattr(getattr(module, owner, None) if owner else module, member, None)
        if found is None or (parameters is not None and " ".join(inspect.signature(found).parameters) != parameters):
            sys.exit(f"{path}.{name} is not the one the plugin knows; install sandbox/requirements.txt")
    return module
