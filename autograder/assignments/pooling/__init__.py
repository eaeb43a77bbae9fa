"""What the assignment on pooling asks."""

from __future__ import annotations

from ...model import Assignment
from .averages import AVG_POOL2D, AVG_POOL2D_BACKWARD, AVG_POOL_WEIGHT
from .maxima import MAX_POOL2D, MAX_POOL2D_BACKWARD
from .norms import LP_POOL2D

ASSIGNMENT = Assignment(
    "pooling",
    (MAX_POOL2D, AVG_POOL2D, LP_POOL2D, MAX_POOL2D_BACKWARD, AVG_POOL2D_BACKWARD, AVG_POOL_WEIGHT),
)
