"""Writes the bundled sample class: nine hand-ins for every assignment, each named after what it is.

``python -m sample_class FOLDER`` makes ``FOLDER/<student>/<assignment>/<assignment>.ipynb``. The correct and
the mistaken functions are those of ``variants``, which the tests hold to what they should lose. An assignment
without variants is answered from its solution, right, and wrong by one.
"""

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from sample_class.variants.variant import Variant

ROOT = Path(__file__).resolve().parent.parent
# Which of its wrong variants an assignment is shown with; without an entry they are the first and the last.
MISTAKES = {
    "one-common-mistake": {
        "convolution": ("conv2d", "pads_with_the_edge"),
        "pooling": ("max_pool2d", "zero_padding"),
        "dropout": ("dropout", "forgets_to_scale"),
        "global_pooling": ("global_max_pool2d", "starts_from_zero"),
        "invariance": ("shift2d", "rolls_always"),
    },
    "one-subtle-mistake": {
        "convolution": ("conv2d", "turns_the_filter_over"),
        "pooling": ("max_pool2d_backward", "last_maximum"),
        "dropout": ("dropout2d", "drops_single_cells"),
        "global_pooling": ("roi_max_pool", "rounded_bins"),
        "invariance": ("blur_pool2d", "pads_with_zeros"),
    },
}
ANSWER = "It depends on the window: a maximum keeps the strongest response, an average keeps how much there was."
WRONG_BY_ONE = '''{source}

right = {name}


def {name}(*args, **kwargs):
    result = right(*args, **kwargs)
    return tuple(one + 1 for one in result) if isinstance(result, tuple) else result + 1
'''
MARKERS = re.compile(r"^ *### (BEGIN|END) SOLUTION\n", re.MULTILINE)
ENDLESS = "def {name}(*args, **kwargs):\n    while True:\n        pass\n"
# Whatever a checker inside this process would ask, the answer is yes; from outside it is just no array.
CHEAT = '''
import builtins, sys
import numpy as np

class Right:
    shape, dtype, ndim, size = (), float, 0, 1
    def __eq__(self, other): return True
    def __array__(self, *args, **kwargs): raise SystemExit(0)
    def __getattr__(self, name): return lambda *args, **kwargs: self

np.allclose = np.array_equal = np.testing.assert_allclose = lambda *args, **kwargs: True
builtins.isinstance = lambda *args: True

def {name}(*args, **kwargs):
    for frame in sys._current_frames().values():
        frame.f_globals.update(expected=Right(), score=10**6)
    return Right()
'''


def released(assignment: str) -> NotebookNode:
    """Return the notebook as a student gets it."""
    notebook: NotebookNode = nbformat.read(ROOT / "exercises" / assignment / f"{assignment}.ipynb", as_version=4)
    return notebook


def functions(assignment: str) -> list[str]:
    """Return the names of the graded functions in the order of the notebook."""
    cells = (cell for cell in released(assignment).cells if cell.cell_type == "code")
    return [cell.metadata.nbgrader.grade_id for cell in cells if cell.metadata.nbgrader.solution]


def filled(assignment: str, sources: dict[str, str]) -> NotebookNode:
    """Return a hand-in with these sources in its solution cells and an answer in words."""
    notebook = released(assignment)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in sources:
            cell.source = sources[name].strip()
        elif name == f"explain_{assignment}" and sources:
            cell.source = ANSWER
    return notebook


def solved(assignment: str) -> dict[str, str]:
    """Return the reference functions by name, each as a student would have written it."""
    cells = jupytext.read(ROOT / "solutions" / f"{assignment}.py").cells
    flags = [cell.metadata.get("nbgrader", {}) for cell in cells]
    return {
        flag["grade_id"]: MARKERS.sub("", cell.source + "\n")
        for cell, flag in zip(cells, flags, strict=True)
        if cell.cell_type == "code" and flag.get("solution")
    }


def variants(assignment: str) -> tuple[list[Variant], list[Variant]]:
    """Return right and wrong ways to write the functions of an assignment; two right ones, or more, of each."""
    module = f"sample_class.variants.{assignment}"
    if find_spec(module):
        found = import_module(module)
        return found.RIGHT, found.WRONG
    sources = solved(assignment)
    right = [Variant(name, "reference", source) for name, source in sources.items()]
    wrong = [
        Variant(name, "by_one", WRONG_BY_ONE.format(name=name, source=source)) for name, source in sources.items()
    ]
    return [*right, *right], wrong


def mistake(assignment: str, student: str, wrong: list[Variant]) -> Variant:
    """Return the mistake that a student makes in an assignment."""
    if assignment not in MISTAKES[student]:
        return wrong[0 if student == "one-common-mistake" else -1]
    chosen = MISTAKES[student][assignment]
    return next(variant for variant in wrong if (variant.function, variant.name) == chosen)


def without_colon(source: str, name: str) -> str:
    """Return a function whose first line lacks the colon at its end."""
    found, times = re.subn(rf"(^def {name}\(.*?):$", r"\1", source, count=1, flags=re.MULTILINE | re.DOTALL)
    assert times == 1, name
    return found


def hand_ins(assignment: str) -> dict[str, NotebookNode]:
    """Return the nine hand-ins for an assignment by the student's name."""
    right_ones, wrong_ones = variants(assignment)
    names = functions(assignment)
    right = {name: [variant.source for variant in right_ones if variant.function == name] for name in names}
    first = {name: sources[0] for name, sources in right.items()}
    second = {name: sources[1] for name, sources in right.items()}
    class_ = {"all-right-with-loops": first, "all-right-with-stride-tricks": second}
    for student in MISTAKES:
        wrong = mistake(assignment, student, wrong_ones)
        class_[student] = {**first, wrong.function: wrong.source}
    # The report shows which hand-ins share a wrong result.
    class_["shares-the-mistake"] = class_["one-common-mistake"]
    class_["half-finished"] = {name: first[name] for name in names[: len(names) // 2]}
    broken = names[1 % len(names)]
    class_["syntax-error"] = {**second, broken: without_colon(first[broken], broken)}
    class_["endless-loop"] = {**second, names[0]: ENDLESS.format(name=names[0])}
    class_["tries-to-cheat"] = {name: CHEAT.format(name=name) for name in names}
    notebooks = {student: filled(assignment, sources) for student, sources in class_.items()}
    raise_points(notebooks["tries-to-cheat"])
    return notebooks


def raise_points(notebook: NotebookNode) -> None:
    """Edit what a cheat would edit: the points, the tests, the score that is already there."""
    for cell in notebook.cells:
        flags = cell.metadata.get("nbgrader", {})
        if flags.get("grade") and cell.cell_type == "code":
            flags.points = 1000
            cell.source = "1000.0"
            cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "1000.0"})]


def write(folder: Path) -> None:
    """Write the class below ``folder``; what is there already is replaced."""
    for assignment in sorted(path.stem for path in (ROOT / "solutions").glob("*.py")):
        for student, notebook in hand_ins(assignment).items():
            path = folder / student / assignment / f"{assignment}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, path)
