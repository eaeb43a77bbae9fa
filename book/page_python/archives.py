"""What an exercise needs, as small archives: the standard library, NumPy without tests, and the course's own code."""

from __future__ import annotations

import ast
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from page_python import programs
from page_python.distribution import VERSION, NotToBeHadError

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# The page's door, and that of notebooks.
DOORS = ("in_page.py", "drawing.py")
LIBRARY, REST = "python_stdlib.zip", "stdlib-rest.zip"
NUMPY = "numpy-2.0.2-cp312-cp312-pyodide_2024_0_wasm32.whl"
# What NumPy brings for tests, for compilers and for type checkers; _multiarray_tests is imported all the same.
UNUSED = re.compile(
    r"/tests?/|/include/|/lib/.*\.a$|^numpy/(distutils|_pyinstaller|doc|typing/mypy_plugin)|^numpy/random/(lib|_examples)/"
    r"|\.(pyi|pxd|h|c|typed|build|md|rst|txt|src)$|_(simd|umath_tests|rational_tests|struct_ufunc_tests|operand_flag_tests)\."
    r"|dist-info|conftest|/LICENSE|/$"
    # and what nothing in a browser's worker can do: serve, send mail, start processes, read the text of old machines.
    r"|^(multiprocessing|wsgiref|xmlrpc)/|^(imaplib|mailbox|smtplib|poplib|ftplib|socketserver|webbrowser)\."
    r"|^encodings/(mac_|cp(?!1252|437)|iso8859_(?!1\.|15)|koi8|kz|ptcp|hp_|tis|palmos|big5|euc|gb|hz|johab|shift|iso2022)"
)
LIBRARIES = ("jinja2", "markupsafe")
# Packages other than NumPy come with the course.
INFO = {"version": VERSION, "python": "3.12.7", "arch": "wasm32", "platform": "emscripten_3_1_58"}
NO_PACKAGES = json.dumps({"info": INFO, "packages": {}})


def write(pyodide: Path, target: Path) -> None:
    """Write ``stdlib.zip``, ``numpy.tar`` and ``course.tar`` into a folder, from the files of Pyodide."""
    target.mkdir(parents=True, exist_ok=True)
    (target / "lock.json").write_text(NO_PACKAGES, "utf-8")
    write_zip(target / "course.zip", sorted(course()))
    for source, name in ((NUMPY, "numpy.zip"), (LIBRARY, "stdlib.zip")):
        with zipfile.ZipFile(pyodide / source) as given, zipfile.ZipFile(target / name, "w") as archive:
            for entry in given.namelist():
                if not UNUSED.search(entry):
                    content = given.read(entry)
                    archive.writestr(entry, abridged(content) if entry.endswith(".py") else content)
    with zipfile.ZipFile(pyodide / LIBRARY) as given:
        write_zip(target / REST, ((entry, given.read(entry)) for entry in given.namelist() if _left_out(entry)))
    done = programs.node(HERE / "compile.mjs", pyodide, target)
    if done.returncode:
        raise NotToBeHadError(f"Pyodide's Python cannot compile the course: {done.stderr[-1500:]}")


def write_zip(path: Path, entries: Iterable[tuple[str, bytes]]) -> None:
    """Write an archive that depends on nothing but what is in it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def _left_out(entry: str) -> bool:
    """Tell whether a module of the standard library is no part of a cell's, but may be put beside it."""
    return entry.endswith(".py") and bool(UNUSED.search(entry)) and not entry.startswith("encodings/")


def abridged(source: bytes) -> bytes:
    """Return a module without comments, and with the briefest docstrings: half of its size, or less."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # newer than the Python that builds the book
        return source
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (whole := ast.get_docstring(node)):
            node.body[0] = ast.Expr(ast.Constant(_brief(whole)))
    return ast.unparse(ast.fix_missing_locations(tree)).encode()


def _brief(docstring: str) -> str:
    """Return the first paragraph, and what is said of the result: NumPy's masked arrays look for that."""
    first, *others = docstring.split("\n\n")
    return "\n\n".join([first, *(one for one in others if one.startswith("Returns\n"))])


def course() -> Iterator[tuple[str, bytes]]:
    """Yield the files that ``check`` needs, its libraries included, as names below ``site-packages`` with contents."""
    asked = programs.python("-m", "autograder.portable", *DOORS, folder=ROOT)
    asked.check_returncode()
    for name in json.loads(asked.stdout):
        yield name, (ROOT / name).read_bytes()
    for library in LIBRARIES:
        for file in files(library).iterdir():
            if file.name.endswith(".py"):
                yield f"{library}/{file.name}", file.read_bytes()
