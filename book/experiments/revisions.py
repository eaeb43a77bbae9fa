"""How proposals and rules of the ledger changed once results were known, read from git's history and kept as a file.

Run by hand (``make revisions``) after rules have changed; the page reads the file, so that building needs no git. What
counts as a rule is what decides: the conditions of its sentences with what they look up, not the words around them.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from experiments.results import HERE, RESULTS

ROOT = HERE.parents[1]
FILE = RESULTS / "revisions.json"
LEDGER = HERE / "ledger"
WORDS = {"statements": 1, "conditions": 1, "unmeasurable": 2}  # arguments that are mere words
MIXED = {"statements": "mixed: half-true", "conditions": "mixed: depends", "unmeasurable": "not measurable"}


class Version(NamedTuple):
    """A claim at one time: its proposal, what a mixture is called, what decides, what that looks up, and where."""

    proposed: str
    mixed: str
    conditions: tuple[str, ...]
    lookups: tuple[str, ...]
    experiments: frozenset[str]


def git(*arguments: str) -> str:
    """Return what git prints."""
    command = ("git", "-C", str(ROOT), *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own arguments


def versions(source: str) -> dict[str, Version]:
    """Return the claims that a module defines, by number."""
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    helpers = {node.name: ast.unparse(node) for node in functions if not node.decorator_list}
    return {number: version(proposed, node, helpers) for node in functions for number, proposed in registered(node)}


def registered(rule: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """Yield number and proposal from the decorator of a rule."""
    for decorator in rule.decorator_list:
        match decorator:
            case ast.Call(args=[ast.Constant(value=str(number)), ast.Constant(value=str(proposed)), *_]):
                yield number, proposed


def version(proposed: str, rule: ast.FunctionDef, helpers: Mapping[str, str]) -> Version:
    """Return what a rule decides by, without its words."""
    end = next(node for node in ast.walk(rule) if isinstance(node, ast.Call) and called(node) in MIXED)
    parts = [part.elts[1] if isinstance(part, ast.Tuple) else part for part in end.args[WORDS[called(end)] :]]
    lookups = needed(rule.body, parts)
    text = "".join((*map(ast.unparse, parts), *lookups))
    text += "".join(body for name, body in helpers.items() if f"{name}(" in text)
    return Version(
        proposed,
        MIXED[called(end)],
        tuple(map(ast.unparse, parts)),
        lookups,
        frozenset(re.findall(r"'(e\d\d)'", text)),
    )


def called(call: ast.Call) -> str:
    """Return the name of the function that is called, if it has a plain one."""
    return call.func.id if isinstance(call.func, ast.Name) else ""


def needed(body: Sequence[ast.stmt], parts: Iterable[ast.expr]) -> tuple[str, ...]:
    """Return the statements of a rule on which the conditions rest, without annotations and docstrings."""
    names = {node.id for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)}
    found: list[str] = []
    for statement in reversed(body[:-1]):
        if sets(statement) & names:
            found.insert(0, plain(statement))
            names |= {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    return tuple(found)


def sets(statement: ast.stmt) -> set[str]:
    """Return the names that a statement gives a value to, or calls a method of, such as a list that grows."""
    if isinstance(statement, ast.FunctionDef):
        return {statement.name}
    nodes = list(ast.walk(statement))
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return stored | {
        node.value.id for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


def plain(statement: ast.stmt) -> str:
    """Return the source of a statement without annotations and docstrings, on one line."""
    for node in ast.walk(statement):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            node.body = [n for n in node.body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
        if isinstance(node, ast.arg):
            node.annotation = None
    if isinstance(statement, ast.AnnAssign) and statement.value:
        return f"{ast.unparse(statement.target)} = {ast.unparse(statement.value)}"
    return " ".join(ast.unparse(statement).split())


def differences(old: Version, new: Version) -> tuple[str, str]:
    """Return what was there before and what came in its place."""
    before = [(f"proposed: {old.proposed}", old.mixed), old.conditions, old.lookups]
    after = [(f"proposed: {new.proposed}", new.mixed), new.conditions, new.lookups]
    gone: list[str] = []
    come: list[str] = []
    for one, other in zip(before, after, strict=True):
        for kind, i, j, k, m in SequenceMatcher(a=one, b=other, autojunk=False).get_opcodes():
            if kind != "equal":
                gone += one[i:j]
                come += other[k:m]
    return "; ".join(gone), "; ".join(come)


def touched(old: Version, new: Version) -> set[str]:
    """Return the experiments that a change is about: those that it names, or all that the claim looks up."""
    if old[:4] == new[:4]:
        return set()
    named = set(re.findall(r"'(e\d\d)'", "".join(differences(old, new))))
    return named or {*old.experiments, *new.experiments}


def revisions() -> list[dict[str, Any]]:
    """Return, commit by commit, the claims that changed with or after the first of their results."""
    order = git("rev-list", "--reverse", "HEAD").split()
    first: dict[str, int] = {}
    for path in sorted(RESULTS.glob("e[0-9][0-9].json")):
        added = git("log", "--reverse", "--diff-filter=A", "--format=%H", "--", str(path)).split()
        first |= {path.stem: order.index(added[0])} if added else {}
    found: list[dict[str, Any]] = []
    earlier: dict[str, Version] = {}
    for line in git("log", "--reverse", "--format=%H %cs %s", "--", str(LEDGER)).splitlines():
        commit, date, why = line.split(" ", 2)
        now = at(commit)
        known = {name for name, place in first.items() if place <= order.index(commit)}
        changed = {
            number: differences(earlier[number], new)
            for number, new in sorted(now.items())
            if number in earlier and known & touched(earlier[number], new)
        }
        if changed:
            found.append({"commit": commit[:10], "date": date, "why": why, "claims": changed})
        earlier = now
    return found


def at(commit: str) -> dict[str, Version]:
    """Return all claims as they stood in a commit."""
    folder = LEDGER.relative_to(ROOT).as_posix()
    files = [name for name in git("ls-tree", "-r", "--name-only", commit, "--", folder).split() if name.endswith(".py")]
    return {number: one for name in files for number, one in versions(git("show", f"{commit}:{name}")).items()}


if __name__ == "__main__":
    FILE.write_text(json.dumps(revisions(), indent=1) + "\n", encoding="utf-8")
