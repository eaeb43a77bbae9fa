"""What surrounds the code names what is there: commands, tests, modules, programs."""

import re
import sys
import tomllib
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from autograder.assignments import load, names

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "book/instructors.md", "book/students.md", "book/intro.md")
WORKFLOW = ".github/workflows/tests.yml"
PUBLISHING = ".github/workflows/pages.yml"
COMMANDS = (*PAGES, WORKFLOW, PUBLISHING, ".ci/run", ".pre-commit-config.yaml", "Makefile")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def loaded(name: str) -> dict[str, Any]:
    content = yaml.safe_load(text(name))
    assert isinstance(content, dict)
    return content


def targets() -> set[str]:
    makefiles = ("Makefile", "book/book.mk", "book/experiments/experiments.mk")
    return {target for name in makefiles for target in re.findall(r"^([a-z-]+):", text(name), re.MULTILINE)}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_make_target_that_is_named_is_there(name: str) -> None:
    # In prose, commands are in backticks; elsewhere they begin a line, perhaps after a key.
    found = re.findall(
        r"(?:`|^(?:- )?(?: *- run: )?|bin/)make ([a-z][a-z-]*)((?: [a-z][a-z-]*(?=[ `\n]))*)", text(name), re.M
    )
    named = {
        target for first, more in found for target in (first, *(more.split() if name == "CONTRIBUTING.md" else ()))
    }
    assert named <= targets(), named - targets()


def test_these_find_targets() -> None:
    assert {"course", "test", "test-fast", "serve", "bench-book", "experiments"} <= targets()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_module_that_is_started_is_there(name: str) -> None:
    modules = set(re.findall(r"(?<!\w)-m ([a-z_]\w*(?:\.\w+)*)", text(name)))
    assert not {module for module in modules if not found(module)}


def found(module: str) -> bool:
    """Whether a module can be started; of other finders, that of setuptools warns where `pip` is looked for."""
    return bool(find_spec(module) if "." in module else PathFinder.find_spec(module))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_path_that_is_named_is_there(name: str) -> None:
    rooms = "autograder|benchmarks|exercises|sample_class|solutions|tests"
    named = set(re.findall(rf"(?<![\w./-])((?:{rooms})/[\w/]+(?:\.\w+)?)", text(name)))
    # Files of the assignment and of the experiment that the pages add.
    added = {path for path in named if "min_pooling" in path}
    assert [path for path in sorted(named - added) if not (ROOT / path).exists()] == []


def test_the_readme_names_tests_that_are_there() -> None:
    modules = {path.stem for path in (ROOT / "tests").rglob("*.py")}
    named = set(re.findall(r"`((?:test|attack)_\w+)`", text("README.md")))
    assert len(named) > 15
    assert not named - modules


def test_the_readmes_table_has_the_points_of_each_assignment() -> None:
    head, row = re.search(r"\n +points\n(.*?)\nall-right-with-loops +(.*?)\n", text("README.md"), re.S).groups()
    asked = [sum(question.points for question in load(name).questions) for name in names()]
    assert [float(points) for points in re.findall(r"of +([\d.]+)", head)] == asked
    assert [float(points) for points in row.split()] == asked
    assert set(re.findall(r"[a-z]{4,}", head)) == {word for name in names() for word in name.split("_")} | {"student"}


def test_hooks_run_programs_of_the_environment() -> None:
    hooks = [hook for repo in loaded(".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]
    assert {hook["id"] for hook in hooks} == {"ruff", "mypy"}
    for hook in hooks:
        program, *_ = hook["entry"].split()
        assert hook["language"] == "system"
        assert (Path(sys.prefix) / program.removeprefix(".venv/")).exists()
        assert find_spec(hook["id"])


def test_the_workflow_lints_tests_all_and_tries_what_students_run_everywhere() -> None:
    jobs = loaded(WORKFLOW)["jobs"]
    commands = {name: " ".join(step.get("run", "") for step in job["steps"]) for name, job in jobs.items()}
    assert "make lint" in commands["lint"]
    assert "make test" in commands["whole"]
    assert "tests/doors/test_portable.py" in commands["students"]
    matrix = jobs["students"]["strategy"]["matrix"]
    systems, pythons = (
        next(values for key, values in matrix.items() if key.startswith(k)) for k in ("system", "python")
    )
    assert {system.split("-")[0] for system in systems} == {"ubuntu", "macos", "windows"}
    assert pythons == ["3.11", "3.12", "3.13", "3.14"]


def test_the_book_is_published_as_it_is_built() -> None:
    build, deploy = (loaded(PUBLISHING)["jobs"][name] for name in ("build", "deploy"))
    (built,) = (step for step in build["steps"] if "book" in step.get("run", ""))
    assert {"BOOK_ADDRESS", "BOOK_REPOSITORY"} == built["env"].keys()
    assert all(f'"{name}"' in text("book/_ext/published.py") for name in built["env"])
    uploaded = build["steps"][-1]["with"]["path"]
    assert uploaded == "build/book/_build/html"
    assert "BOOK_OUTPUT := build/book\nBOOK_HTML := $(BOOK_OUTPUT)/_build/html\n" in text("book/book.mk")
    assert deploy["needs"] == "build"
    assert "pages" not in loaded(PUBLISHING)["permissions"]


def test_the_citation_agrees_with_the_package() -> None:
    citation, project = loaded("CITATION.cff"), tomllib.loads(text("pyproject.toml"))["project"]
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert citation["license"] == project["license"]
    assert citation["title"] == loaded("book/_config.yml")["title"]


def test_the_editors_settings_agree_with_the_linter() -> None:
    width = tomllib.loads(text("pyproject.toml"))["tool"]["ruff"]["line-length"]
    assert f"max_line_length = {width}\n" in text(".editorconfig")
