"""What the assignment on convolution asks.

Each criterion varies one thing and keeps the others as plain as they can be: filters look the same from all sides
where turning them over is not the point, arrays are square where rectangles are not, and windows do not overlap
where adding up is not. A mistake then costs its own criterion.
"""

from __future__ import annotations

from ...model import Assignment
from .backward import CONV2D_BACKWARD
from .conv2d import CONV2D
from .cost import CONV2D_COST
from .output_size import OUTPUT_SIZE
from .receptive_field import RECEPTIVE_FIELD

__all__ = ["ASSIGNMENT"]

ASSIGNMENT = Assignment("convolution", (OUTPUT_SIZE, CONV2D, CONV2D_BACKWARD, RECEPTIVE_FIELD, CONV2D_COST))
