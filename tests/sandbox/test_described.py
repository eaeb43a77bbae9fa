"""Networks leave the sandbox as data, and nothing else looks like one."""

import sys
from collections.abc import Iterator
from types import ModuleType

import numpy as np
import pytest

from autograder.sandbox import described


class Module:
    """Stands for PyTorch's, of which no more than this is needed."""

    def __init__(self, *parts: "Module", **settings: object) -> None:
        self._parts, self.training = parts, True
        vars(self).update(settings)

    def named_modules(self, prefix: str = "", remove_duplicate: bool = True) -> Iterator[tuple[str, "Module"]]:
        assert not remove_duplicate
        yield prefix, self
        for number, part in enumerate(self._parts):
            yield from part.named_modules(f"{prefix}.{number}".lstrip("."), remove_duplicate=remove_duplicate)

    def named_parameters(self, recurse: bool = True) -> Iterator[tuple[str, object]]:
        assert not recurse
        yield from vars(self).get("_parameters", {}).items()


class Sequential(Module):
    """Holds others."""


class Dropout(Module):
    """Drops."""


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    nn = ModuleType("torch.nn")
    nn.Module, nn.Sequential, nn.Dropout = Module, Sequential, Dropout  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch.nn", nn)


def modules(net: object) -> list[dict[str, object]]:
    found = described.network(net)
    assert isinstance(found, dict)
    return list(found[described.KEY])


def test_a_network_is_a_list_of_modules_with_settings_and_shapes() -> None:
    weight = {"weight": np.zeros((2, 3))}
    net = Sequential(Dropout(p=0.5), Sequential(Module(kernel_size=(3, 3), padding="same", _parameters=weight)))
    assert [module["path"] for module in modules(net)] == ["", "0", "1", "1.0"]
    assert modules(net)[1] == {"path": "0", "kind": "Dropout", "own": True, "settings": {"p": 0.5}, "parameters": {}}
    assert modules(net)[3]["settings"] == {"kernel_size": (3, 3), "padding": "same"}
    assert modules(net)[3]["parameters"] == {"weight": (2, 3)}


def test_a_layer_that_is_used_twice_is_there_twice() -> None:
    layer = Dropout(p=0.1)
    assert [module["kind"] for module in modules(Sequential(layer, layer))] == ["Sequential", "Dropout", "Dropout"]


def test_only_a_layer_that_computes_as_those_of_torch_is_called_one() -> None:
    class Other(Dropout):
        pass

    Other.__name__ = "Dropout"
    hooked = Dropout(_forward_hooks={1: print})
    assert [modules(one)[0]["own"] for one in (Dropout(), Other(), Dropout(forward=print), hooked)] == [
        True,
        False,
        False,
        False,
    ]


def test_a_description_is_bounded() -> None:
    layer = Dropout(text="x" * 1000, many=list(range(1000)), deep=[[1]], array=np.zeros(3), one=np.float64(2))
    assert modules(layer)[0]["settings"] == {"one": 2}
    endless = Sequential()
    endless._parts = (endless,)
    with pytest.raises(TypeError, match="more than 200 modules"):
        described.network(endless)


def test_a_dictionary_that_looks_like_a_network_does_not_travel() -> None:
    class Hidden(dict):  # type: ignore[type-arg]
        __contains__ = __len__ = lambda self, *_: False  # type: ignore[assignment]

    for look in ({described.KEY: []}, Hidden({described.KEY: []})):
        with pytest.raises(TypeError, match="does not travel"):
            described.network(look)
    assert described.network({"module": 1}) == {"module": 1}


def test_what_is_no_module_stays_what_it_is() -> None:
    class Liar:
        __class__ = property(lambda self: Module)  # type: ignore[assignment]

    liar = Liar()
    assert described.network(liar) is liar
