"""The house keeps its walls: imports run one way, and each wing stands alone."""

import ast
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WINGS = ("book", "solutions", "autograder")


def imported(path: Path) -> set[str]:
    """Return the dotted names of all modules that a file imports; relative ones begin with a dot."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            prefix = "." * node.level + (node.module or "")
            names |= {f"{prefix}{alias.name}" for alias in node.names} if not node.module else {prefix}
    return names


def test_imports_of_the_autograder_run_one_way() -> None:
    modules = {path.stem: path for path in (ROOT / "autograder").glob("*.py")}
    graph = {
        name: {part for other in imported(path) if other[0] == "." and (part := other[1:].split(".")[0]) in modules}
        for name, path in modules.items()
    }
    order = list(TopologicalSorter(graph).static_order())
    assert order.index("model") < order.index("compare") < order.index("grading") < order.index("batch")
    assert order.index("batch") < order.index("run") < order.index("cli")
    assert graph["model"] == graph["wire"] == set()


def test_worker_imports_the_standard_library_numpy_and_the_wire() -> None:
    names = imported(ROOT / "autograder" / "worker.py")
    assert {name for name in names if name.split(".")[0] not in sys.stdlib_module_names} <= {"numpy", "wire", ".wire"}


@pytest.mark.parametrize("wing", WINGS)
def test_book_solutions_and_autograder_never_import_each_other(wing: str) -> None:
    # The released notebooks import `check`; that is the student's door, not a wall broken.
    allowed = {"autograder"} if wing == "solutions" else set()
    others = {other for other in (*WINGS, "demos", "experiments") if other != wing} - allowed
    if wing == "book":
        others -= {"demos", "experiments"}
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / wing).rglob("*.py")
        for name in imported(path)
        if name.split(".")[0] in others
    }
    assert not found
