"""Grades one class after another, in one process: the tests of hostile classes need many.

Run in a course's folder as a program: each line that comes in is the JSON list of a command's arguments, each that goes
out its exit code and what it printed.
"""

import json
import sys

from click.testing import CliRunner

from autograder.cli import main


def run() -> None:
    """Answer each line."""
    for line in sys.stdin:
        done = CliRunner().invoke(main, json.loads(line))
        said = done.output if done.exception is None or isinstance(done.exception, SystemExit) else repr(done.exception)
        print(json.dumps([done.exit_code, said]), file=sys.__stdout__, flush=True)


if __name__ == "__main__":
    run()
