"""Lets ``python -m autograder`` run the command line, or says in one line what it lacks."""

import io
import sys

# What a terminal cannot show is replaced: grading is done when its table is printed.
for stream in (sys.stdout, sys.stderr):
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")

# nbgrader brings jsonschema, which would take a second to compile a grammar of addresses; notebooks have none.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

try:
    from .cli import main
except ModuleNotFoundError as problem:
    sys.exit(
        f"Grading needs {problem.name}, which is not installed here: pip install 'pooling-measured[grader]'. "
        "To check a function, call `check` in its notebook."
    )

if __name__ == "__main__":
    main(prog_name="python -m autograder")
