"""The command line of a course, imported once and forked for each command: importing takes most of a command's time.

``python -m tests.helpers.forked_command_line``, in the course's folder, reads a JSON list of arguments from each line,
and writes for each the exit code, as ``subprocess`` has it, and what was printed and said.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TypeAlias

ROOT = Path(__file__).resolve().parents[2]
Done: TypeAlias = subprocess.CompletedProcess[str]


class CommandLine:
    """Runs commands of the course in ``folder``; assignments, which a command loads, may change between two."""

    def __init__(self, folder: Path) -> None:
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        # Started in the folder, `-m` finds the copy there before the installed one.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.forked_command_line"],
            cwd=folder, env=os.environ | {"PYTHONPATH": path}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __call__(self, *arguments: str | Path, killed_at: tuple[str, int] | None = None) -> Done:
        """Run a command; it is killed where ``killed_at`` says, see :func:`_kill_at`."""
        sent, got = self.process.stdin, self.process.stdout
        assert sent
        assert got
        words = [str(word) for word in arguments]
        print(json.dumps([words, killed_at]), file=sent, flush=True)
        code, out, err = json.loads(got.readline())
        return subprocess.CompletedProcess(words, code, out, err)

    def close(self) -> None:
        """End it."""
        self.process.communicate()


def _kill_at(place: str, count: int) -> None:
    """End this process as ``kill -9`` does, when it is about to put such a file in its place, the ``count``-th."""
    replace, left = os.replace, count

    def interrupted(source: str, target: str) -> None:
        nonlocal left
        left -= place in str(target)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        replace(source, target)

    os.replace = interrupted  # type: ignore[assignment]


def _run(
    main: Callable[..., None], words: Sequence[str], killed_at: tuple[str, int] | None, files: Sequence[IO[str]]
) -> None:
    """Be the command."""
    for number, file in zip((1, 2), files, strict=True):
        os.dup2(file.fileno(), number)
    if killed_at:
        _kill_at(*killed_at)
    code = 1
    try:
        main(list(words), prog_name="python -m autograder")
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def answer() -> None:
    """Run the commands that standard input brings, each in a fork."""
    main = import_module("autograder.__main__").main
    for line in sys.stdin:
        words, killed_at = json.loads(line)
        with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
            child = os.fork()
            if child == 0:
                _run(main, words, killed_at, (out, err))
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            for file in (out, err):
                file.seek(0)
            print(json.dumps([code, out.read(), err.read()]), flush=True)


if __name__ == "__main__":
    answer()
