"""What the assignment on global pooling asks.

Each criterion is isolated by its inputs, as those of :mod:`autograder.criteria.windows`: numbers are
positive, shapes square, counts of samples, channels, regions and classes one, and sizes divide unless this is
the point.
"""

from __future__ import annotations

from ...model import Assignment
from .adaptive import ADAPTIVE_AVG_POOL2D
from .heads import CLASS_ACTIVATION_MAP, HEAD_PARAMETERS
from .maps import GLOBAL_AVG_POOL2D, GLOBAL_AVG_POOL2D_BACKWARD, GLOBAL_MAX_POOL2D
from .regions import ROI_MAX_POOL

ASSIGNMENT = Assignment(
    "global_pooling",
    (
        GLOBAL_AVG_POOL2D,
        GLOBAL_MAX_POOL2D,
        GLOBAL_AVG_POOL2D_BACKWARD,
        ADAPTIVE_AVG_POOL2D,
        ROI_MAX_POOL,
        CLASS_ACTIVATION_MAP,
        HEAD_PARAMETERS,
    ),
)
