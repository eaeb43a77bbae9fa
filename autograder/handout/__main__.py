"""``python -m autograder.handout``: what ``make handout`` does."""

import sys
from pathlib import Path

from .archive import write
from .package import HandoutError

if __name__ == "__main__":
    try:
        print(f"For students: {write(Path.cwd(), Path('build', 'handout'))}")
    except HandoutError as problem:
        sys.exit(f"error: {problem}")
