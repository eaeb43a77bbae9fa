"""Networks as plain data, which is all of them that leaves the sandbox: nothing outside needs to hold one.

A network is whatever derives from the ``Module`` of ``torch.nn``, once something has imported that. Nothing else of
PyTorch is needed: modules are asked for by ``named_modules``, parameters by ``named_parameters``, and settings are the
public attributes that hold plain values.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np

Tree = dict[str, Any]

# What a network is known by outside; no dictionary of a submission's own travels with this entry.
KEY = "modules"
MOST_MODULES, MOST_SETTINGS, MOST_ITEMS, MOST_LETTERS = 200, 40, 8, 40
PLAIN = (bool, int, float, str, type(None))


def network(value: object) -> object:
    """Return a network as its modules, itself first, each below its path; any other value as it is.

    Raises
    ------
    TypeError
        If there are too many modules, or the value is a dictionary that looks like a network.
    """
    nn = sys.modules.get("torch.nn")
    base: Any = getattr(nn, "Module", None)
    if base is not None and base in type(value).__mro__:
        found = list(islice(base.named_modules(value, remove_duplicate=False), MOST_MODULES + 1))
        if len(found) > MOST_MODULES:
            raise TypeError(f"a network of more than {MOST_MODULES} modules does not travel")
        return {KEY: [_module(path, module, nn) for path, module in found]}
    if isinstance(value, Mapping):
        value = dict(value.items())
        if KEY in value:
            raise TypeError("a dictionary that looks like a network does not travel")
    return value


def _module(path: str, module: Any, nn: Any) -> Tree:
    """Describe a module; ``own`` says that it is one of ``torch.nn``, and computes as these do."""
    kind, held = type(module), vars(module)
    hooked = any(value for name, value in held.items() if name.endswith("_hooks"))
    own = getattr(nn, kind.__name__, None) is kind and "forward" not in held and not hooked
    return {
        "path": path,
        "kind": kind.__name__[:MOST_LETTERS],
        "own": own,
        "settings": dict(islice(_settings(held), MOST_SETTINGS)),
        "parameters": dict(islice(_shapes(module, nn), MOST_SETTINGS)),
    }


def _settings(held: Tree) -> Iterator[tuple[str, object]]:
    for name, value in held.items():
        items = value if isinstance(value, (tuple, list)) else (value,)
        public = not name.startswith("_") and name != "training" and len(name) <= MOST_LETTERS
        if public and len(items) <= MOST_ITEMS and all(map(_is_plain, items)):
            yield name, tuple(items) if isinstance(value, (tuple, list)) else value


def _is_plain(value: object) -> bool:
    if isinstance(value, np.generic):
        return True
    return type(value) in PLAIN and not (isinstance(value, str) and len(value) > MOST_LETTERS)


def _shapes(module: Any, nn: Any) -> Iterator[tuple[str, tuple[int, ...]]]:
    for name, parameter in nn.Module.named_parameters(module, recurse=False):
        yield name, tuple(int(side) for side in parameter.shape)
