"""What was asked beside a submission is asked from outside: who forges answers has to know the right ones."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from textwrap import dedent
from typing import Any

import pytest

from autograder.judging.exam import Exam
from autograder.judging.grading import grade, prepare
from autograder.sandbox.session import chosen
from autograder.submission import Cell, Submission

SEED = 20_262


@cache
def prepared(name: str, confinement: str) -> Exam:
    return prepare(name, SEED, confinement=confinement)


def exam(name: str) -> Exam:
    return prepared(name, chosen())


def shares(name: str, source: str, *functions: str) -> Iterator[tuple[str, float]]:
    """Yield the share of each function's points that a hand-in of one cell earns."""
    papers = tuple(paper for paper in exam(name).papers if paper.question in functions)
    verdict = grade(replace(exam(name), papers=papers), "somebody", Submission((Cell("cell", dedent(source)),)))
    for function in functions:
        results = [result for result in verdict.results if result.question == function]
        yield function, sum(one.score for one in results) / sum(one.max_score for one in results)


def known_by_heart() -> dict[str, Any]:
    """Return the descriptions of the nets that the worked examples ask for, by placement."""
    paper = next(paper for paper in exam("dropout").papers if paper.question == "small_cnn")
    nets: dict[str, Any] = {}
    for criterion in paper.criteria:
        for case, right in zip(criterion.cases[: criterion.examples], criterion.expected, strict=False):
            if isinstance(right.value, dict):
                nets.setdefault(case.call.args[0], right.value)
    return nets


PROBES = """
    import numpy as np

    def dropout(x, p, rng, training=True): pass
    def dropout2d(x, p, rng, training=True): pass

    def _probe_counts(*_): return list(range(60))
    def _probe_generators(*_): return [np.zeros(2), np.zeros(2), np.ones(2)]
    _probe_dropout_counts = _probe_dropout2d_counts = _probe_counts
    _probe_dropout_generators = _probe_dropout2d_generators = _probe_generators

    for name in ("counts", "generators"):
        globals()[name] = globals()["_probe_" + name]
"""


def test_the_names_of_former_probes_mean_nothing() -> None:
    assert dict(shares("dropout", PROBES, "dropout", "dropout2d")) == {"dropout": 0, "dropout2d": 0}
    source = """
        def receptive_field(layers): pass
        def conv2d_cost(*arguments, bias=True): pass
        def _probe_receptive_field(layers): return (3, 1), layers
        def _probe_bias_cost(c, f, *_): return f, 0, f
    """
    assert dict(shares("convolution", source, "receptive_field", "conv2d_cost")) == {
        "receptive_field": 0,
        "conv2d_cost": 0,
    }


GIVEN_BACK = """
    import numpy as np
    def dropout(x, p, rng, training=True): return x, np.ones(x.shape, bool)
    def dropout2d(x, p, rng, training=True): return x, np.ones((*x.shape[:2], 1, 1), bool)
"""


def test_an_input_that_is_given_back_earns_nothing() -> None:
    assert dict(shares("dropout", GIVEN_BACK, "dropout", "dropout2d")) == {"dropout": 0, "dropout2d": 0}


TINY = """
    def dropout_backward(grad_output, mask, p): return grad_output * 1e-15
"""


def test_a_gradient_that_is_next_to_nothing_earns_nothing() -> None:
    assert dict(shares("dropout", TINY, "dropout_backward")) == {"dropout_backward": 0}
    masked = TINY.replace("grad_output * 1e-15", "grad_output * mask * 1e-15")
    assert dict(shares("dropout", masked, "dropout_backward")) == {"dropout_backward": 0}


NETS = {
    "the names of former probes": """
        def small_cnn(*_, **__): pass
        def _probe_layers(*_, **__): return NETS["none"]
        def _probe_placed(placement): return NETS[placement], NETS["none"]
        def _probe_shapes(sizes): return [[size[0], 10] for size in sizes]
        def _probe_each_placement(p, placements): return [[[p], False, True] for _ in placements]
    """,
    "a dictionary that looks like a network": """
        def small_cnn(placement, *_, **__): return NETS[placement]
    """,
    "a dictionary that hides what it looks like": """
        class Hidden(dict):
            __contains__ = lambda self, key: False
            keys = lambda self: ()

        def small_cnn(placement, *_, **__): return Hidden(NETS[placement])
    """,
    "objects that say they are modules": """
        from torch import nn

        class Net:
            __class__ = property(lambda self: nn.Sequential)
            training, _modules = True, {}
            named_modules = modules = children = named_children = lambda self, *_, **__: iter(())
            __iter__ = lambda self: iter(NETS["none"])

        def small_cnn(placement, *_, **__): return Net()
    """,
    "modules that tell what they are not": """
        from torch import nn

        made = lambda module: type(module["kind"], (nn.Module,), {"__module__": "torch.nn", **module["settings"]})

        class Sequential(nn.Module):
            def named_modules(self, *_, **__):
                for module in NETS[self.placement]["modules"]:
                    one = made(module)()
                    vars(one).update(module["settings"])
                    yield module["path"], one

        def small_cnn(placement, *_, **__):
            net = Sequential()
            net.placement = placement
            return net
    """,
    "a torch.nn whose classes are other ones": """
        from torch import nn

        def named_modules(self, *_, **__):
            for module in NETS[vars(self).get("placement", "none")]["modules"]:
                one = nn.Module()
                vars(one).update(module["settings"])
                one.__class__ = nn.__dict__[module["kind"]]
                yield module["path"], one

        def named_parameters(self, *_, **__):
            import torch
            yield "weight", torch.zeros(10, 16)

        nn.Module.named_modules, nn.Module.named_parameters = named_modules, named_parameters

        def small_cnn(placement, *_, **__):
            net = nn.Module()
            vars(net)["placement"] = placement
            return net
    """,
    "a worker that describes by heart": """
        import gc, sys

        for module in [sys.modules.get("described"), sys.modules.get("worker")]:
            for function in [one for one in gc.get_objects() if getattr(one, "__name__", "") == "network"]:
                function.__code__ = (lambda value: value).__code__
            module.network = module._plain = lambda value, **_: value

        def small_cnn(placement, *_, **__): return NETS[placement]
    """,
    "frames that were written by the submission": """
        import sys

        def small_cnn(*arguments, **__):
            frame = sys._getframe()
            while "sink" not in frame.f_locals:
                frame = frame.f_back
            wire, sink, request = sys.modules["wire"], frame.f_locals["sink"], frame.f_locals["request"]
            for function, args, kwargs, rounds in request["calls"]:
                nets = [NETS.get(one.get(0, args[0]), NETS["none"]) for one in rounds]
                value = nets or NETS.get(args[0], NETS["none"])
                sink.write(wire.pack({"status": "passed", "value": value, "inputs": ()}, request["echo"]))
            sink.flush()
    """,
    "always the same network": """
        from torch import nn

        net = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(), nn.Linear(16, 10),
        )

        def small_cnn(*_, **__): return net
    """,
}


@pytest.mark.parametrize("way", NETS)
def test_a_forged_network_earns_at_most_a_tenth(way: str) -> None:
    source = f"NETS = {known_by_heart()!r}\n{dedent(NETS[way])}"
    ((_, share),) = shares("dropout", source, "small_cnn")
    assert share <= 0.1


def test_what_the_forgers_know_by_heart_is_right() -> None:
    """Otherwise forging would be tried in vain."""
    known = known_by_heart()
    assert len(known) == 6
    assert all(isinstance(net, dict) and len(net["modules"]) >= 10 for net in known.values())
