"""The house keeps its walls: imports run one way between the rooms, and each wing stands alone."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GRADER = ROOT / "autograder"
WINGS = ("book", "solutions", "autograder")
# A room may import from those above it in this list, and from itself. Three doors lead out: a notebook's, a page's,
# and the command line's.
ROOMS = (
    "model",
    "files",
    "examples",
    "skimming",
    "notebook",
    "submission",
    "criteria",
    "assignments",
    "sandbox",
    "pages",
    "kernel",
    "lacking",
    "reaching",
    "naming",
    "ticking",
    "trying",
    "course",
    "checking",
    "in_page",
    "portable",
    "judging",
    "gradebook",
    "collecting",
    "handout",
    "fixes",
    "likeness",
    "run",
    "term",
    "cli_parts",
    "cli_term",
    "cli",
)
STUDENTS = {
    "model", "files", "examples", "criteria", "assignments", "sandbox", "pages", "kernel", "lacking", "reaching",
    "naming", "ticking", "trying", "course", "checking", "in_page",
}  # fmt: skip
DOORS = ("__init__", "__main__", "drawing")


def modules(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def imported(path: Path) -> set[str]:
    """Return the dotted names of all modules that a file imports, relative ones made absolute."""
    names = set()
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            base += [node.module] if node.module else []
            names |= {".".join([*base, alias.name]) for alias in node.names}
    return names


def room(name: str) -> str | None:
    """Return the room of a dotted name, if it is one of the autograder's."""
    parts = name.split(".")
    return parts[1] if parts[0] == "autograder" and len(parts) > 1 and parts[1] in ROOMS else None


def arrows() -> set[tuple[str, str]]:
    """Return who imports whom, as pairs of rooms."""
    found = set()
    for path in modules(GRADER):
        own = path.relative_to(GRADER).parts[0].removesuffix(".py")
        found |= {(own, other) for name in imported(path) if (other := room(name)) and other != own}
    return found


def test_every_module_is_in_a_room_of_the_plan() -> None:
    tops = {path.relative_to(GRADER).parts[0].removesuffix(".py") for path in modules(GRADER)}
    assert tops == {*ROOMS, *DOORS}


def test_imports_run_one_way_between_the_rooms() -> None:
    back = {(a, b) for a, b in arrows() if a in ROOMS and ROOMS.index(b) > ROOMS.index(a)}
    assert not back


def test_a_room_holds_no_circle() -> None:
    files = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in modules(GRADER)}
    names = {name.removesuffix(".__init__") for name in files.values()}
    uses = {
        name: {other for full in imported(path) for other in (full, full.rpartition(".")[0]) if other in names}
        for path, name in files.items()
        if path.name != "__init__.py"
    }
    done: set[str] = set()
    left = dict(uses)
    while left:
        free = {name for name, others in left.items() if not (others & left.keys()) - {name}}
        assert free, f"these import each other: {sorted(left)}"
        done |= free
        left = {name: others for name, others in left.items() if name not in free}


def test_the_students_door_stays_among_the_students_rooms() -> None:
    assert {b for a, b in arrows() if a in STUDENTS} <= STUDENTS


def test_what_is_mounted_in_the_sandbox_needs_the_standard_library_numpy_and_for_its_shell_ipython() -> None:
    from autograder.sandbox.confinement import INSIDE  # noqa: PLC0415

    inside = {name.removesuffix(".py") for name in INSIDE}
    for name in INSIDE:
        names = (other.removeprefix("autograder.sandbox.") for other in imported(GRADER / "sandbox" / name))
        tops = {other.split(".")[0] for other in names}
        allowed = {"numpy", *inside, *(("IPython", "traitlets") if name == "shell.py" else ())}
        assert {top for top in tops if top not in sys.stdlib_module_names} <= allowed, name


@pytest.mark.parametrize("wing", WINGS)
def test_book_solutions_and_autograder_never_import_each_other(wing: str) -> None:
    # The released notebooks import `check` and what they draw with; that is the student's door, not a wall broken.
    allowed = {"autograder"} if wing == "solutions" else set()
    others = {other for other in (*WINGS, "demos", "experiments") if other != wing} - allowed
    if wing == "book":
        others -= {"demos", "experiments"}
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules(ROOT / wing)
        for name in imported(path)
        if name.split(".")[0] in others
    }
    assert not found


def test_products_do_not_lean_on_tests() -> None:
    products = ("autograder", "book", "solutions", "sample_class", "benchmarks")
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for product in products
        for path in modules(ROOT / product)
        for name in imported(path)
        if name.split(".")[0] == "tests"
    }
    assert not found


def test_no_two_test_files_share_a_name() -> None:
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))  # pytest imports them by name, and leaves the second one out
