"""Ways to write the functions of the pooling assignment, right and wrong, and what each should cost."""

from sample_class.variants.pooling.averages import AVG, AVG_MATRICES, AVG_PADDED, AVG_WRONG
from sample_class.variants.pooling.averages_backward import (
    AVG_BACK_WRONG,
    AVG_BACKWARD,
    AVG_BACKWARD_MATRICES,
    AVG_BACKWARD_SCATTER,
)
from sample_class.variants.pooling.maxima import MAX, MAX_OFFSETS, MAX_ROWS_THEN_COLUMNS, MAX_STRIDES, MAX_WRONG
from sample_class.variants.pooling.maxima_backward import (
    BACK_WRONG,
    MAX_BACKWARD,
    MAX_BACKWARD_OFFSETS,
    MAX_BACKWARD_SCATTER,
)
from sample_class.variants.pooling.norms import LP, LP_COLUMNS, LP_SCALED, LP_WRONG
from sample_class.variants.pooling.weights import WEIGHT, WEIGHT_KRON, WEIGHT_WRONG

WRONG = [*MAX_WRONG, *AVG_WRONG, *LP_WRONG, *BACK_WRONG, *AVG_BACK_WRONG, *WEIGHT_WRONG]
RIGHT = [
    MAX,
    MAX_STRIDES,
    MAX_OFFSETS,
    MAX_ROWS_THEN_COLUMNS,
    AVG,
    AVG_MATRICES,
    AVG_PADDED,
    LP,
    LP_SCALED,
    LP_COLUMNS,
    MAX_BACKWARD,
    MAX_BACKWARD_SCATTER,
    MAX_BACKWARD_OFFSETS,
    AVG_BACKWARD,
    AVG_BACKWARD_MATRICES,
    AVG_BACKWARD_SCATTER,
    WEIGHT,
    WEIGHT_KRON,
]
