"""Ways to write ``binomial_kernel``, right and wrong."""

from sample_class.variants.invariance.names import ALL, REFUSED
from sample_class.variants.variant import Variant, broken

TRIANGLE = "rows of Pascal's triangle, times each other"

KERNEL = Variant(
    "binomial_kernel",
    "convolved",
    """
import numpy as np

def binomial_kernel(size):
    if size < 1:
        raise ValueError("size")
    row = np.array([1.0])
    for _ in range(size - 1):
        row = np.convolve(row, [1, 1])
    kernel = np.outer(row, row)
    return kernel / kernel.sum()
""",
)

KERNEL_COMB = Variant(
    "binomial_kernel",
    "combinations",
    """
from math import comb
import numpy as np

def binomial_kernel(size):
    if size <= 0:
        raise ValueError(f"size={size}")
    numbers = [comb(size - 1, k) for k in range(size)]
    return np.array([[a * b / 4 ** (size - 1) for b in numbers] for a in numbers])
""",
)


WRONG = [
    broken(
        KERNEL,
        "a_tent_for_odd_sizes",
        (
            "    kernel =",
            "    if size % 2:\n        row = 1.0 + np.minimum(np.arange(size), np.arange(size)[::-1])\n    kernel =",
        ),
        loses={TRIANGLE},
    ),
    broken(
        KERNEL,
        "adds_rows_and_columns",
        ("np.outer(row, row)", "row[:, None] + row[None, :]"),
        loses={TRIANGLE, "even sizes and large ones", REFUSED, ALL},
        typical=True,
    ),
    broken(
        KERNEL,
        "a_box",
        ("np.convolve(row, [1, 1])", "np.ones(len(row) + 1)"),
        loses={TRIANGLE, "even sizes and large ones", REFUSED, ALL},
    ),
    broken(KERNEL, "not_normalised", ("return kernel / kernel.sum()", "return kernel"), loses={"the weights sum to 1"}),
    broken(
        KERNEL,
        "even_sizes_normalised_once",
        ("kernel / kernel.sum()", "kernel / (kernel if size % 2 else row).sum()"),
        loses={ALL},
    ),
    broken(
        KERNEL,
        "normalised_once",
        ("kernel / kernel.sum()", "kernel / row.sum()"),
        loses={"the weights sum to 1"},
        typical=True,
    ),
    broken(
        KERNEL,
        "next_odd_size",
        ("    row = np.array([1.0])", "    size += 1 - size % 2\n    row = np.array([1.0])"),
        loses={"even sizes and large ones"},
    ),
    broken(
        KERNEL, "overflows", ("np.array([1.0])", "np.array([1])"), loses={"even sizes and large ones"}, typical=True
    ),
    broken(KERNEL, "starts_at_two", ("size < 1", "size < 2"), loses={"size 1 changes nothing"}),
    broken(KERNEL, "empty_kernel", ('    if size < 1:\n        raise ValueError("size")\n', ""), loses={REFUSED}),
]
RIGHT = [KERNEL, KERNEL_COMB]
