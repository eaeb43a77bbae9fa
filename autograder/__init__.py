"""The autograder's front door: ``check`` in a notebook, ``prepare`` and ``grade`` in a program."""

from .checking import check
from .exam import Exam
from .grading import grade, prepare
from .model import Assignment, Limits, Result, Status, Verdict

__all__ = ["Assignment", "Exam", "Limits", "Result", "Status", "Verdict", "check", "grade", "prepare"]
