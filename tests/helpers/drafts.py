"""Notebooks as students leave them: cells moved, merged, split, their labels lost, helpers of one name, cells added."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Any

from tests.helpers.tiny_exam import cell, notebook

IMPORT = re.compile(r"^(?:import|from) .*\n?", re.M)
# Between two top-level statements.
BOUNDARY = re.compile(r"\n(?=(?:def|class|import|from|@|\w+ =)[^\n]*)")
ADDED = (
    "x = 1",
    "%matplotlib inline",
    "!pip list",
    "%%time\nstarted = 1",
    "1 / 0",
    "def broken(:",
    "import math, nothing_like_this_module",
    "def helper(*args):\n    return args[0]",
    "def as_pair(value):\n    return value, value",
    "np = None",
    "del np",
    "sum = abs = 3",
    "{name}?",
    "older = {name}",
    "{name} = None",
    "del {name}",
    "%%writefile beside.py\nvalue = 3",
    "import beside\nbeside.value",
    "await __import__('asyncio').sleep(0)",
    "from __future__ import annotations\ndef later(x: Nowhere): ...",
    "%%capture printed\nprint({name})",
    "raise SystemExit",
    "print(f'{name} is {{callable({name})}}')",
    "_",
    "import numpy as np\nnp.float64 = np.float32",
    "%timeit -n 1 -r 1 {name}",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "%reset -f",
)


@dataclass
class Draft:
    """The code cells of a hand-in: pairs of a label, or ``None``, and a source."""

    cells: list[tuple[str | None, str]]
    functions: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, start: str, solutions: dict[str, str], checks: dict[str, str]) -> Draft:
        """Return the notebook as it should be handed in; ``checks`` are the sources of the test cells."""
        cells: list[tuple[str | None, str]] = [("released_start_1", start)]
        for name, source in solutions.items():
            cells += [(name, source), (f"check_{name}", checks[name])]
        return cls(cells, list(solutions))

    @property
    def sources(self) -> list[str]:
        """What a kernel runs."""
        return [source for _, source in self.cells]

    @property
    def notebook(self) -> dict[str, Any]:
        """What is handed in."""
        made = [{**cell(source, label), "id": f"c{number}"} for number, (label, source) in enumerate(self.cells)]
        return notebook(made)

    def changed(self, seed: int) -> Draft:
        """Change it as ``seed`` says, two to four times."""
        rng = random.Random(seed)
        for _ in range(rng.randint(2, 4)):
            rng.choice((self.move, self.merge, self.split, self.forget, self.share, self.carry, self.add, self.add))(
                rng
            )
        return self

    def move(self, rng: random.Random) -> None:
        """Move a cell to another place."""
        self.cells.insert(rng.randrange(len(self.cells)), self.cells.pop(rng.randrange(len(self.cells))))

    def merge(self, rng: random.Random) -> None:
        """Merge two neighbours; the first one's label stays."""
        place = rng.randrange(len(self.cells) - 1)
        (label, first), (_, second) = self.cells[place : place + 2]
        if not second.startswith("%%"):
            self.cells[place : place + 2] = [(label, f"{first}\n\n{second}")]

    def split(self, rng: random.Random) -> None:
        """Split a cell between two statements; the second half keeps the label, as in JupyterLab, or loses it."""
        place = rng.randrange(len(self.cells))
        label, source = self.cells[place]
        cuts = [found.start() for found in BOUNDARY.finditer(source) if not source.startswith("%%")]
        if cuts:
            cut = rng.choice(cuts)
            self.cells[place : place + 1] = [(label, source[:cut]), (rng.choice((label, None)), source[cut + 1 :])]

    def forget(self, rng: random.Random) -> None:
        """Lose the label of a cell."""
        place = rng.randrange(len(self.cells))
        self.cells[place] = (None, self.cells[place][1])

    def share(self, rng: random.Random) -> None:
        """Have two functions use helpers that are both called ``helper``."""
        del rng
        for place, (label, source) in enumerate(self.cells):
            if label in self.functions and f"def {label}(" in source:
                inner = source.replace(f"def {label}(", "def helper(", 1)
                self.cells[place] = (
                    label,
                    f"{inner}\n\ndef {label}(*args, **kwargs):\n    return helper(*args, **kwargs)\n",
                )

    def carry(self, rng: random.Random) -> None:
        """Carry the imports of a cell into one of their own, somewhere."""
        place = rng.randrange(len(self.cells))
        label, source = self.cells[place]
        found = IMPORT.findall(source)
        if found and not source.startswith("%%"):
            self.cells[place] = (label, IMPORT.sub("", source))
            self.cells.insert(rng.randrange(len(self.cells) + 1), (None, "".join(found)))

    def add(self, rng: random.Random) -> None:
        """Add a cell of one's own."""
        source = rng.choice(ADDED).format(name=rng.choice(self.functions))
        self.cells.insert(rng.randrange(len(self.cells) + 1), (None, source))
