"""No confinement: for code that its runner trusts."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import ClassVar

from .confinement import ENVIRONMENT, HERE, Confinement, Launch, python


@dataclass(frozen=True)
class Unconfined(Confinement):
    """A plain process that sees all that its grader sees."""

    name: ClassVar[str] = "unconfined"

    def launch(self, packages: tuple[str, ...]) -> Launch:
        """Return the command of a plain process."""
        return Launch([*python(), self.settings(packages), *sys.path, str(HERE)], ENVIRONMENT)

    def watch(self, launch: Launch, process: int, nonce: bytes, scratch: int) -> None:
        """Look at nothing."""
