"""Rules are written in answers: none asks Python for the truth of one, and none decides a comparison by itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from experiments import ledger

FILES = sorted(Path(ledger.__file__).parent.glob("*.py"))
COMPARISONS = {"better", "no_worse", "alike", "above", "below", "near", "every", "some", "at_least"}
TRUTH = {"any", "all", "sum", "bool", "filter"}


def asked(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield every expression whose truth Python takes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.IfExp | ast.While | ast.Assert):
            yield node.test
        elif isinstance(node, ast.comprehension):
            yield from node.ifs
        elif (
            isinstance(node, ast.BoolOp)
            or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
            or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TRUTH)
        ):
            yield node


def called(tree: ast.AST) -> set[str]:
    """Return the names of all functions and methods that an expression calls."""
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {f.id if isinstance(f, ast.Name) else f.attr for f in functions if isinstance(f, ast.Name | ast.Attribute)}


def wrong(source: str) -> list[str]:
    """Return the expressions of some source that ask for the truth of a comparison, or decide it alone."""
    tree = ast.parse(source)
    truths = [ast.unparse(node) for node in asked(tree) if called(node) & COMPARISONS]
    return truths + [ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr == "alone"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_rule_uses_pythons_truth_of_an_answer(path):
    assert wrong(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "rule",
    [
        "better(a, b) and x",
        "not stats.better(a, b)",
        "any(mean(v).above(0.5) for v in w)",
        "1 if alike(a, b) else 0",
        "[x for x in y if no_worse(x, z)]",
        "better(a, b).alone",
    ],
)
def test_a_rule_that_does_is_found(rule):
    assert wrong(rule) != []
