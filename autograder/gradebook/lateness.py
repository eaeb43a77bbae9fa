"""What being late costs: the policies that ``course.toml`` may name, as a plugin of nbgrader's.

``nbgrader_config.py`` names this plugin; another one there, ``c.AssignLatePenalties.plugin_class``, takes its place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from nbgrader.plugins import LateSubmissionPlugin

from . import nbgrader_course

DAY = 24 * 60 * 60


class CoursePolicy(LateSubmissionPlugin):  # type: ignore[misc]
    """The policy of ``course.toml``; where it names none, nbgrader's own, as ``nbgrader_config.py`` sets it."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Return the points that somebody loses."""
        late = self._late
        if not late:
            own: float | None = super().late_submission_penalty(student_id, score, total_seconds_late)
            return own
        return penalty(late, score, total_seconds_late)

    @cached_property
    def _late(self) -> Mapping[str, Any]:
        told = nbgrader_course.told_in(self.config)
        return told.late if told else {}


def penalty(late: Mapping[str, Any], score: float, seconds: float) -> float:
    """Return what of a score a policy takes from a hand-in so many seconds late.

    >>> [penalty({"policy": "percent", "percent": 10, "most": 50}, 40, days * DAY) for days in (0.1, 1, 2.5, 30)]
    [4.0, 4.0, 12.0, 20.0]
    >>> [penalty({"policy": "zero", "days": 3}, 40, days * DAY) for days in (0.1, 3, 3.1)]
    [0.0, 0.0, 40.0]
    """
    if late["policy"] == "zero":
        return float(score) if seconds > late["days"] * DAY else 0.0
    if late["policy"] == "percent":
        percent: float = min(late["percent"] * math.ceil(seconds / DAY), late.get("most", 100))
        return score * percent / 100
    return 0.0
