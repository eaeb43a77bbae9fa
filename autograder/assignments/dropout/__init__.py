"""What the assignment on dropout asks."""

from __future__ import annotations

from ...model import Assignment
from .backward import DROPOUT_BACKWARD
from .expectation import EXPECTED_MAX_AFTER_DROPOUT
from .layers import DROPOUT, DROPOUT2D
from .small_cnn import SMALL_CNN

ASSIGNMENT = Assignment("dropout", (DROPOUT, DROPOUT2D, DROPOUT_BACKWARD, EXPECTED_MAX_AFTER_DROPOUT, SMALL_CNN))
