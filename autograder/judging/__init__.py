"""Judging: from hand-ins to verdicts, one by one and a class at a time."""

from .exam import Exam
from .grading import grade, prepare

__all__ = ["Exam", "grade", "prepare"]
