"""Mutates the references mechanically and reports which mutants the checks kill.

``python -m benchmarks.mutants [ASSIGNMENT]... [--share 0.2]`` prints the share killed, and every survivor, with the
reason if it is known why nobody can tell it from the reference (:mod:`benchmarks.survivors`). A mutant changes one
operator, comparison, constant or condition of one solution cell. Docstrings, what only words an error message, and
``strict`` of ``zip``, which guards against what cannot happen, are left alone.
"""

import ast
import copy
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import click

from autograder import assignments
from autograder.judging.exam import Exam
from autograder.judging.grading import ROOT, grade, prepare, reference
from autograder.model import Limits
from autograder.submission import Cell, Submission
from benchmarks.survivors import REASONS

SWAPS: dict[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
SEED = 7
LIMITS = Limits(cell_seconds=20, call_seconds=2, function_seconds=4)


@dataclass(frozen=True)
class Mutant:
    """One changed solution cell; ``change`` names the line and what became of it."""

    assignment: str
    function: str
    change: str
    source: str

    @property
    def reason(self) -> str:
        """Why nobody can tell it from the reference, if that is known."""
        return REASONS.get((self.function, self.change.partition(": ")[2]), "")


def mutations(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what one node may become."""
    if (isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in SWAPS) or isinstance(node, ast.BoolOp):
        yield changed(node, op=SWAPS[type(node.op)]())
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        yield changed(node, ops=[SWAPS[type(node.ops[0])](), *node.ops[1:]])
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield changed(node, value=not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield changed(node, value=node.value + 1)
    elif isinstance(node, ast.IfExp):
        yield changed(node, body=node.orelse, orelse=node.body)
    elif isinstance(node, ast.If | ast.While):
        yield changed(node, test=ast.UnaryOp(ast.Not(), node.test))


def changed(node: ast.AST, **fields: object) -> ast.AST:
    twin = copy.copy(node)
    for name, value in fields.items():
        setattr(twin, name, value)
    return twin


def judged(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes whose value can matter: not those of raise statements, annotations, f-strings, ``strict``."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Raise | ast.JoinedStr | ast.Import | ast.ImportFrom | ast.arg):
            continue
        if isinstance(child, ast.keyword) and child.arg == "strict":
            continue
        yield child
        yield from judged(child)


def mutants(assignment: str) -> Iterator[Mutant]:
    """Yield every mutant of every solution cell of an assignment."""
    release = prepare(assignment, SEED).release
    for cell in reference(assignment, ROOT, release).cells:
        if cell.name not in release.solutions:
            continue
        tree = ast.parse(cell.source)
        for node in judged(tree):
            for new in mutations(node):
                change = f"line {getattr(node, 'lineno', 0)}: {ast.unparse(node)[:60]} -> {ast.unparse(new)[:60]}"
                yield Mutant(assignment, cell.name, change, mutated(tree, node, new))


def mutated(tree: ast.Module, node: ast.AST, new: ast.AST) -> str:
    """Return the source of a tree in which one node is another; the tree stays as it is."""
    memo: dict[int, object] = {id(node): new}
    return ast.unparse(ast.fix_missing_locations(copy.deepcopy(tree, memo)))


def killed(exam: Exam, mutant: Mutant) -> bool:
    """Say whether the checks take at least one criterion from a mutant, alone: cells share their helpers' names."""
    papers = tuple(paper for paper in exam.papers if paper.question == mutant.function)
    submission = Submission((Cell(mutant.function, mutant.source),))
    verdict = grade(replace(exam, papers=papers), "mutant", submission)
    return verdict.score < verdict.max_score


def survivors(names: list[str], share: float) -> tuple[int, list[Mutant]]:
    """Try a share of all mutants; return how many were tried and which survived."""
    chance = random.Random(SEED)
    tried, alive = 0, []
    with ProcessPoolExecutor() as processes:
        for name in names:
            exam = replace(prepare(name, SEED), limits=LIMITS)
            sample = [mutant for mutant in mutants(name) if chance.random() < share]
            outcomes = processes.map(partial(killed, exam), sample, chunksize=4)
            alive += [mutant for mutant, dead in zip(sample, outcomes, strict=True) if not dead]
            tried += len(sample)
    return tried, alive


@click.command()
@click.argument("names", nargs=-1)
@click.option("--share", default=1.0, show_default=True, help="Share of all mutants to try.")
def main(names: tuple[str, ...], share: float) -> None:
    """Report which mutants of the references the checks kill."""
    tried, alive = survivors(list(names) or assignments.names(), share)
    for mutant in alive:
        why = f" ({mutant.reason})" if mutant.reason else ""
        click.echo(f"survived: {mutant.assignment}/{mutant.function} {mutant.change}{why}")
    click.echo(f"{tried} mutants, {tried - len(alive)} killed: {1 - len(alive) / tried:.1%}")


if __name__ == "__main__":
    main()
