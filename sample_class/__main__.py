"""Lets ``python -m sample_class FOLDER`` write the class."""

import sys
from pathlib import Path

from .hand_ins import write

write(Path(sys.argv[1]))
