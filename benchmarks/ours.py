"""Grades a class by ``python -m autograder grade``, and prints as JSON where the time went and the peak memory.

Usage: python -m benchmarks.ours ASSIGNMENT SUBMITTED OUTPUT CONFINEMENT

Judging processes import this module again, so it imports nothing of the grader before it is asked to.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from typing import Any


class Watch:
    """Adds up the seconds spent in functions, what they call included."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def around(self, owner: Any, name: str, label: str | Callable[..., str]) -> None:
        """Count the time of ``owner.name`` under a label, or under one made of its arguments."""
        function = getattr(owner, name)

        def timed(*arguments: Any, **more: Any) -> Any:
            started = time.perf_counter()
            try:
                return function(*arguments, **more)
            finally:
                key = label if isinstance(label, str) else label(*arguments)
                self.seconds[key] += time.perf_counter() - started

        setattr(owner, name, timed)


def main(assignment: str, submitted: str, output: str, confinement: str) -> None:
    """Grade; print phases in seconds, and the coordinator's peak memory in bytes."""
    started = time.perf_counter()
    command = import_module("autograder.__main__").main  # first, as when the command is run
    from autograder import run  # noqa: PLC0415
    from autograder.judging import verdicts  # noqa: PLC0415
    from autograder.pages import feedback, report  # noqa: PLC0415

    watch = Watch()
    watch.seconds["imports"] = time.perf_counter() - started
    watch.around(run.Run, "prepare", "reference")
    watch.around(run.Run, "judge", "judging")
    watch.around(run.Run, "write", "gradebook and graded notebooks")
    watch.around(verdicts.Verdicts, "__getitem__", "reading verdicts")
    watch.around(feedback, "write_page", "feedback pages")
    watch.around(report.Overview, "render", "report")
    words = ["grade", assignment, "--submitted", submitted, "--output", output, "--confinement", confinement]
    command(words, standalone_mode=False)
    for inner in ("reading verdicts", "feedback pages", "report"):
        watch.seconds["gradebook and graded notebooks"] -= watch.seconds[inner]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    print(json.dumps({"phases": watch.seconds, "peak": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
