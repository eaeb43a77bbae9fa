"""Ways to write the functions of the global pooling assignment, right and wrong, and what each should cost."""

from sample_class.variants.global_pooling.adaptive import ADAPTIVE, ADAPTIVE_MASKS, ADAPTIVE_WRONG
from sample_class.variants.global_pooling.averages import (
    AVERAGE,
    AVERAGE_FLAT,
    AVERAGE_SUMS,
    AVERAGE_WRONG,
    BACKWARD,
    BACKWARD_ONES,
    BACKWARD_WRONG,
)
from sample_class.variants.global_pooling.heads import (
    CAM,
    CAM_MATRIX,
    CAM_TENSORDOT,
    CAM_WRONG,
    HEAD,
    HEAD_TABLE,
    HEAD_WRONG,
)
from sample_class.variants.global_pooling.maxima import MAXIMUM, MAXIMUM_REDUCED, MAXIMUM_SORTED, MAXIMUM_WRONG
from sample_class.variants.global_pooling.regions import ROI, ROI_SEPARATE, ROI_WRONG

WRONG = [
    *AVERAGE_WRONG,
    *MAXIMUM_WRONG,
    *BACKWARD_WRONG,
    *ADAPTIVE_WRONG,
    *ROI_WRONG,
    *CAM_WRONG,
    *HEAD_WRONG,
]
RIGHT = [
    AVERAGE,
    AVERAGE_FLAT,
    AVERAGE_SUMS,
    MAXIMUM,
    MAXIMUM_REDUCED,
    MAXIMUM_SORTED,
    BACKWARD,
    BACKWARD_ONES,
    ADAPTIVE,
    ADAPTIVE_MASKS,
    ROI,
    ROI_SEPARATE,
    CAM,
    CAM_MATRIX,
    CAM_TENSORDOT,
    HEAD,
    HEAD_TABLE,
]
