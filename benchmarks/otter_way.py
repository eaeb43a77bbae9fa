"""Grades hand-ins by Otter 7 in its fastest documented way, and prints as JSON the seconds that it took.

That is ``otter.api.grade_submission``, which runs a notebook in this machine's own processes, without the container
that ``otter grade`` starts for each, and confines nothing. Its tests ask what the notebook's own test cells ask.

Usage: PYTHON_OF_OTTER benchmarks/otter_way.py ASSIGNMENT FUNCTIONS FOLDER NOTEBOOK...
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

TEST = '''OK_FORMAT = True

test = {{
    "name": "{name}",
    "points": 1,
    "suites": [{{
        "cases": [{{"code": r""">>> check({name}).holds
True""", "hidden": False, "locked": False}}],
        "scored": True, "setup": "", "teardown": "", "type": "doctest",
    }}],
}}
'''


def main(assignment: str, functions: str, folder: Path, *notebooks: str) -> None:
    """Make the tests, then grade one notebook after the other."""
    import otter.generate  # type: ignore[import-not-found]  # noqa: PLC0415 - in an environment of its own
    from otter.api import grade_submission  # type: ignore[import-not-found]  # noqa: PLC0415

    (folder / "tests").mkdir(parents=True)
    for name in functions.split(","):
        (folder / "tests" / f"{name}.py").write_text(TEST.format(name=name))
    archive = folder / f"{assignment}.zip"
    otter.generate.main(
        tests_dir=str(folder / "tests"), output_path=str(archive), no_requirements=True, no_environment=True
    )
    started = time.perf_counter()
    scores = [grade_submission(notebook, str(archive), quiet=True).total for notebook in notebooks]
    print(json.dumps({"seconds": time.perf_counter() - started, "scores": scores}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), *sys.argv[4:])
