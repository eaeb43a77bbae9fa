"""Ways to write ``conv2d_cost``, right and wrong, and what each should cost."""

from sample_class.variants.variant import Variant, broken

WEIGHTS = "weights are counted once"
PRODUCTS = "every output cell costs a window of products"
BIAS = "a bias adds parameters, no products"
RECTANGLES = "windows and maps may be rectangles"
INTS = "counts are ints"
REFUSED = "bad arguments are refused"
AT_ONCE = "all at once"

PAIRS = Variant(
    "conv2d_cost",
    "pairs",
    """
def conv2d_cost(in_channels, out_channels, kernel_size, output_size, bias=True):
    kh, kw = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size, kernel_size)
    oh, ow = output_size if isinstance(output_size, (tuple, list)) else (output_size, output_size)
    for name, value in (("in_channels", in_channels), ("out_channels", out_channels), ("kernel_size", kh),
                        ("kernel_size", kw), ("output_size", oh), ("output_size", ow)):
        if value < 1:
            raise ValueError(name)
    parameters = out_channels * in_channels * kh * kw
    macs = parameters * oh * ow
    if bias:
        parameters += out_channels
    return parameters, macs
""",
)

NUMPY = Variant(
    "conv2d_cost",
    "numpy",
    """
import numpy as np

def conv2d_cost(in_channels, out_channels, kernel_size, output_size, bias=True):
    kernel, image = np.broadcast_to(kernel_size, 2), np.broadcast_to(output_size, 2)
    if min(in_channels, out_channels, *kernel, *image) < 1:
        raise ValueError("in_channels, out_channels, kernel_size and output_size start at 1")
    per_filter = in_channels * np.prod(kernel)
    return out_channels * (per_filter + bool(bias)), out_channels * per_filter * np.prod(image)
""",
)

COUNTED = Variant(
    "conv2d_cost",
    "counted",
    """
def conv2d_cost(in_channels, out_channels, kernel_size, output_size, bias=True):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size,) * 2
    if isinstance(output_size, int):
        output_size = (output_size,) * 2
    if min(kernel_size) < 1:
        raise ValueError(f"kernel_size: {kernel_size}")
    if min(output_size) < 1 or in_channels < 1 or out_channels < 1:
        raise ValueError("output_size, in_channels and out_channels must be positive")
    weights = 0
    for _ in range(out_channels):
        weights += in_channels * kernel_size[0] * kernel_size[1]
    cells = output_size[0] * output_size[1]
    return (weights + out_channels if bias else weights), sum(weights for _ in range(cells))
""",
)

WRONG = [
    broken(
        PAIRS,
        "forgets_the_input_channels",
        ("out_channels * in_channels * kh", "out_channels * kh"),
        ("parameters * oh", "parameters * in_channels * oh"),
        loses={WEIGHTS},
    ),
    broken(
        PAIRS,
        "counts_one_filter",
        ("    parameters = out_channels * in_channels * kh * kw\n", "    parameters = in_channels * kh * kw\n"),
        ("parameters * oh", "out_channels * parameters * oh"),
        loses={WEIGHTS},
        typical=True,
    ),
    broken(
        PAIRS, "counts_weights_per_position", ("macs = parameters", "macs = parameters = parameters"), loses={WEIGHTS}
    ),
    broken(PAIRS, "macs_of_one_cell", ("macs = parameters * oh * ow", "macs = parameters"), loses={PRODUCTS}),
    broken(
        PAIRS,
        "bias_costs_products",
        ("    macs = parameters * oh * ow\n", ""),
        ("    return parameters, macs", "    return parameters, parameters * oh * ow"),
        loses={BIAS},
    ),
    broken(PAIRS, "one_bias_in_all", ("parameters += out_channels", "parameters += 1"), loses={BIAS}),
    broken(PAIRS, "square_windows", ("kh * kw", "kh ** 2"), loses={RECTANGLES}),
    # Where a product is larger than 2 ** 31 - 1 it goes on below zero.
    broken(
        PAIRS,
        "multiplies_in_32_bits",
        ("macs = parameters * oh * ow", "macs = (parameters * oh * ow + 2 ** 31) % 2 ** 32 - 2 ** 31"),
        loses={AT_ONCE},
    ),
    broken(PAIRS, "floats", ("macs = parameters * oh * ow", "macs = float(parameters * oh * ow)"), loses={INTS}),
    broken(PAIRS, "accepts_an_empty_map", ('("output_size", oh), ("output_size", ow)', ""), loses={REFUSED}),
]
RIGHT = [PAIRS, NUMPY, COUNTED]
