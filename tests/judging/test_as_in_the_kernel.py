"""What holds in a student's own kernel holds in the grader, and nothing else does: criterion by criterion.

More than 300 notebooks in all, of which ``make test`` tries a sample: of those that hold every variant and of those of
any shape one in sixteen, each odd cell at one of three places. ``make test-whole`` tries them all.
"""

import random
from dataclasses import replace

import pytest

from autograder.assignments import names
from autograder.judging import grading
from autograder.judging.grading import grade
from autograder.model import Status
from autograder.submission import Submission
from sample_class.hand_ins import variants
from tests.attacks.test_oddities import MAGICS
from tests.helpers.drafts import Draft
from tests.helpers.kernel import held
from tests.helpers.whole import WHOLE, sample

# Of each assignment.
GENERATED = 32
SHARE = 16
PLACES = (1, 2, 3)
# Other programs keep the machine busy, and nothing here is about time.
PATIENT = {
    "cell_seconds": 60,
    "call_seconds": 60,
    "function_seconds": 200,
    "submission_seconds": 600,
    "own_seconds": 200,
}
# What it answers depends on how often it was asked before, here and there.
REMEMBERS = {"lengthens_its_table_afterwards"}
ODD = {
    "magics": MAGICS,
    "bash": "%%bash\nls | wc",
    "a line that begins with a percent sign": "rest = (7\n% 4)\nother = (7\n!= 4)",
    "a command over two lines": "!pip list \\\n  --verbose",
    "a question about an expression": "[1].append?",
    "get_ipython imported": "from IPython import get_ipython\nget_ipython().run_line_magic('matplotlib', 'inline')",
    "a module written and imported": "%%writefile mine.py\ndef two():\n    return 2",
    "an import that fails": "import os, nothing_like_this_module\nfrom nowhere import something",
    "annotations of no meaning": "def f(x: 'a b c', y: int = 3) -> print('called'): return x",
    "an await": "import asyncio\nawait asyncio.sleep(0)",
    "the end of the session": "exit()",
    "a plot": "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()",
    "input": "name = input('who? ')",
    "a thread": "import threading\nthreading.Thread(target=print).start()",
    "a warning": "import warnings\nwarnings.warn('careful')",
    "errors made of warnings": "import warnings\nwarnings.simplefilter('error')",
    "numpy's errors raised": "import numpy as np\nnp.seterr(all='raise')",
    "numpy's own seed": "import numpy as np\nnp.random.seed(0)",
    "a builtin hidden": "max = min = None",
    "a name of another function": "shape = 3\nmath = None",
}


def restricted(assignment, functions):
    """Return an exam of the worked examples of some functions, and which criteria have any."""
    exam = grading.prepare(assignment, 1)
    papers = []
    for paper in exam.papers:
        if paper.question in functions:
            shown = (
                replace(drawn, cases=drawn.cases[: drawn.examples], expected=drawn.expected[: drawn.examples])
                for drawn in paper.criteria
                if drawn.examples
            )
            papers.append(replace(paper, criteria=tuple(shown)))
    return replace(exam, papers=tuple(papers), limits=exam.limits.changed(PATIENT))


def drafts_of_variants(assignment, release):
    """Return notebooks in which, together, every variant of every function stands once."""
    known = [one for kind in variants(assignment) for one in kind if one.name not in REMEMBERS]
    sources = {name: [one.source for one in known if one.function == name] for name in release.solutions}
    count = max(map(len, sources.values()))
    return [
        draft(release, {name: found[turn % len(found)] for name, found in sources.items()}) for turn in range(count)
    ]


def draft(release, solutions):
    checks = {name: release.sources[f"check_{name}"] for name in solutions}
    return Draft.of(release.sources["released_start_1"], solutions, checks)


def compare(assignment, drafts):
    """Run notebooks in a kernel and in the grader; return where what holds differs, and how many criteria held."""
    release = grading.released(assignment)
    exam = restricted(assignment, {name for one in drafts for name in one.functions})
    asked = {paper.question: {drawn.criterion for drawn in paper.criteria} for paper in exam.papers}
    different, count = [], 0
    for one, there in zip(drafts, held([one.sources for one in drafts], list(asked)), strict=True):
        verdict = grade(exam, "ann", Submission.of(one.notebook, release))
        for name, criteria in asked.items():
            here = {r.criterion for r in verdict.results if r.question == name and r.status is Status.PASSED}
            kernel = set(there[name]) & criteria
            count += len(here)
            if here != kernel:
                said = {r.message for r in verdict.results if r.question == name and r.criterion in here ^ kernel}
                different.append((name, sorted(here ^ kernel), said, one.cells))
    return different, count


@pytest.mark.parametrize("assignment", names())
def test_every_variant_holds_in_the_kernel_what_it_holds_in_the_grader(assignment):
    drafts = sample(drafts_of_variants(assignment, grading.released(assignment)), SHARE)
    different, count = compare(assignment, drafts)
    assert not different, different[0]
    assert count > len(drafts)


@pytest.mark.parametrize("assignment", [name for name in names() if name != "dropout"])
def test_a_notebook_of_any_shape_holds_in_the_kernel_what_it_holds_in_the_grader(assignment):
    release = grading.released(assignment)
    known = [variant for kind in variants(assignment) for variant in kind]
    drafts = []
    for seed in sample(range(GENERATED), SHARE):
        rng = random.Random(seed)
        some = rng.sample(release.solutions, 2)
        chosen = {name: rng.choice([one.source for one in known if one.function == name]) for name in some}
        drafts.append(draft(release, chosen).changed(seed))
    different, count = compare(assignment, drafts)
    assert not different, different[0]
    assert count > len(drafts)


def test_an_odd_cell_does_in_the_grader_what_it_does_in_the_kernel():
    release = grading.released("convolution")
    source = next(one.source for one in variants("convolution")[0] if one.function == "output_size")
    drafts = []
    for number, odd in enumerate(ODD.values()):
        for place in PLACES if WHOLE else (PLACES[number % len(PLACES)],):
            one = draft(release, {"output_size": source})
            one.cells.insert(place, (None, odd))
            drafts.append(one)
    different, count = compare("convolution", drafts)
    assert not different, different[0]
    assert count > len(drafts)
