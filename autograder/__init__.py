"""The autograder. A notebook imports ``check``; programs that grade use ``autograder.judging.grading``."""

from .checking import check, check_all

__all__ = ["check", "check_all"]
