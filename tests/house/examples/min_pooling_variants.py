"""Ways to write ``min_pool2d``, right and wrong."""

from sample_class.variants.variant import Variant, broken

SMALLEST = {"the smallest value of each window"}
SLICES = """
import numpy as np

def min_pool2d(x, kernel_size):
    k, (h, w) = kernel_size, x.shape[2:]
    cells = [x[:, :, i : h - h % k : k, j : w - w % k : k] for i in range(k) for j in range(k)]
    return np.minimum.reduce(cells)
"""
MIN = Variant("min_pool2d", "slices", SLICES)
RIGHT = [MIN, broken(MIN, "stacked", ("np.minimum.reduce(cells)", "np.stack(cells).min(axis=0)"), loses=set())]
WRONG = [
    broken(MIN, "maximum", ("minimum", "maximum"), loses=SMALLEST),
    broken(MIN, "sum", ("minimum", "add"), loses=SMALLEST),
    broken(MIN, "corner_only", ("range(k)", "range(1)"), loses=SMALLEST),
    broken(MIN, "keeps_what_is_left_over", (" - h % k", ""), loses=SMALLEST),
]
