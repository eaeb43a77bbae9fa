"""Lets ``python -m autograder`` run the command line."""

import sys

# nbgrader brings jsonschema, which would take a second to compile a grammar of addresses; notebooks have none.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

from .cli import main  # noqa: E402

if __name__ == "__main__":
    main(prog_name="python -m autograder")
