"""What an exercise needs, as small archives: the standard library, NumPy without tests, and the course's own code."""

from __future__ import annotations

import ast
import json
import re
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from page_python import programs
from page_python.distribution import VERSION, NotToBeHadError

HERE = Path(__file__).parent
COURSE = HERE.parents[1] / "autograder"
NUMPY = "numpy-2.0.2-cp312-cp312-pyodide_2024_0_wasm32.whl"
# What NumPy brings for tests, for compilers and for type checkers; _multiarray_tests is imported all the same.
UNUSED = re.compile(
    r"/tests?/|/include/|/lib/.*\.a$|^numpy/(f2py|distutils|_pyinstaller|doc|typing/mypy_plugin)|^numpy/random/(lib|_examples)/"
    r"|\.(pyi|pxd|h|c|typed|build|md|rst|txt|src)$|_(simd|umath_tests|rational_tests|struct_ufunc_tests|operand_flag_tests)\."
    r"|dist-info|conftest|/LICENSE|/$"
    # and what nothing in a browser's worker can do: serve, send mail, start processes, read the text of old machines.
    r"|^(multiprocessing|wsgiref|xmlrpc)/|^(imaplib|mailbox|smtplib|poplib|ftplib|socketserver|webbrowser)\."
    r"|^encodings/(mac_|cp(?!1252|437)|iso8859_(?!1\.|15)|koi8|kz|ptcp|hp_|tis|palmos|big5|euc|gb|hz|johab|shift|iso2022)"
)
# The page's door, and what is loaded by a computed name.
DOORS = ("__init__.py", "in_page.py", "assignments/**/*.py")
DATA = ("examples/*.json", "pages/templates/c*", "pages/templates/pictures.css")
LIBRARIES = ("jinja2", "markupsafe")
# Packages other than NumPy come with the course.
INFO = {"version": VERSION, "python": "3.12.7", "arch": "wasm32", "platform": "emscripten_3_1_58"}
NO_PACKAGES = json.dumps({"info": INFO, "packages": {}})


def write(pyodide: Path, target: Path) -> None:
    """Write ``stdlib.zip``, ``numpy.tar`` and ``course.tar`` into a folder, from the files of Pyodide."""
    target.mkdir(parents=True, exist_ok=True)
    (target / "lock.json").write_text(NO_PACKAGES, "utf-8")
    with zipfile.ZipFile(target / "course.zip", "w") as archive:
        for name, content in sorted(course()):
            archive.writestr(name, content)
    for source, name in ((NUMPY, "numpy.zip"), ("python_stdlib.zip", "stdlib.zip")):
        with zipfile.ZipFile(pyodide / source) as given, zipfile.ZipFile(target / name, "w") as archive:
            for entry in given.namelist():
                if not UNUSED.search(entry):
                    content = given.read(entry)
                    archive.writestr(entry, abridged(content) if entry.endswith(".py") else content)
    done = programs.node(HERE / "compile.mjs", pyodide, target)
    if done.returncode:
        raise NotToBeHadError(f"Pyodide's Python cannot compile the course: {done.stderr[-1500:]}")


def abridged(source: bytes) -> bytes:
    """Return a module without comments, and with the first paragraphs of its docstrings: half of its size, or less."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # newer than the Python that builds the book
        return source
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (whole := ast.get_docstring(node)):
            node.body[0] = ast.Expr(ast.Constant(whole.split("\n\n")[0]))
    return ast.unparse(ast.fix_missing_locations(tree)).encode()


def course() -> Iterator[tuple[str, bytes]]:
    """Yield the files that ``check`` needs, its libraries included, as names below ``site-packages`` with contents."""
    for path in _imported() | {path for pattern in DATA for path in COURSE.glob(pattern)}:
        yield path.relative_to(COURSE.parent).as_posix(), path.read_bytes()
    for library in LIBRARIES:
        for file in files(library).iterdir():
            if file.name.endswith(".py"):
                yield f"{library}/{file.name}", file.read_bytes()


def _imported() -> set[Path]:
    """Return the autograder's modules that its door for pages imports, directly or indirectly."""
    found: set[Path] = set()
    waiting = {path for pattern in DOORS for path in COURSE.glob(pattern)}
    while waiting:
        path = waiting.pop()
        found.add(path)
        waiting |= {other for name in _names(path) for other in _files(name)} - found
    return found


def _names(path: Path) -> Iterator[str]:
    """Yield the dotted names that a module may import from the autograder."""
    package = path.relative_to(COURSE.parent).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])
            yield from (base, *(f"{base}.{alias.name}" for alias in node.names))


def _files(name: str) -> Iterator[Path]:
    """Yield the files below the course that importing a dotted name runs."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        place = COURSE.parent.joinpath(*parts[:length])
        yield from (path for path in (place / "__init__.py", place.with_suffix(".py")) if path.is_file())
