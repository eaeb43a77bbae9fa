"""What the assignment on invariance asks.

Each criterion varies one thing. Images have an empty frame where borders do not matter; filters look the same
from all sides where their turns do not matter. So a mistake costs the criterion that asks for it, and no other.
"""

from __future__ import annotations

from ...model import Assignment
from .blurs import BLUR_POOL2D
from .consistency import SHIFT_CONSISTENCY
from .kernels import BINOMIAL_KERNEL
from .maxima import MAX_BLUR_POOL2D
from .rotations import ROTATION_POOL
from .shifts import SHIFT2D

ASSIGNMENT = Assignment(
    "invariance",
    (SHIFT2D, SHIFT_CONSISTENCY, BINOMIAL_KERNEL, BLUR_POOL2D, MAX_BLUR_POOL2D, ROTATION_POOL),
)
