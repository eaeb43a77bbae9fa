"""The autograder. A notebook imports ``check``; programs that grade use ``autograder.judging.grading``."""

from .checking import check

__all__ = ["check"]
