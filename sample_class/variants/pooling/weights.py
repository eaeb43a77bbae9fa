"""Ways to write ``avg_pool_weight``, right and wrong."""

from sample_class.variants.pooling.names import AT_ONCE, BAD_SIZES, RECTANGLES
from sample_class.variants.variant import Variant, broken

WEIGHTS = "weights are one over the window"
MIX = "channels do not mix"

WEIGHT = Variant(
    "avg_pool_weight",
    "loop",
    """
import numpy as np


def avg_pool_weight(channels, kernel_size):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, (int, np.integer)) else kernel_size
    if channels < 1:
        raise ValueError("channels must be at least 1")
    if kh < 1 or kw < 1:
        raise ValueError("kernel_size must be at least 1")
    weight = np.zeros((channels, channels, kh, kw))
    for c in range(channels):
        weight[c, c] = 1 / (kh * kw)
    return weight
""",
)

WEIGHT_KRON = Variant(
    "avg_pool_weight",
    "kronecker",
    """
import numpy as np


def avg_pool_weight(channels, kernel_size):
    kernel = np.broadcast_to(kernel_size, 2)
    if channels <= 0 or kernel.min() <= 0:
        raise ValueError(f"channels={channels}, kernel_size={kernel_size}: not positive")
    blocks = np.kron(np.eye(channels), np.ones(kernel) / kernel.prod())
    return blocks.reshape(channels, kernel[0], channels, kernel[1]).transpose(0, 2, 1, 3)
""",
)

WEIGHT_WRONG = [
    broken(WEIGHT, "all_channels", ("weight[c, c]", "weight[c]"), loses={MIX}, typical=True),
    broken(
        WEIGHT,
        "averages_over_channels",
        ("weight[c, c] = 1 / (kh * kw)", "weight[c] = 1 / (channels * kh * kw)"),
        loses={MIX},
    ),
    broken(
        WEIGHT,
        "depthwise_shape",
        ("(channels, channels, kh, kw)", "(channels, 1, kh, kw)"),
        ("weight[c, c]", "weight[c, 0]"),
        loses={MIX},
    ),
    broken(WEIGHT, "width_before_height", ("channels, kh, kw))", "channels, kw, kh))"), loses={RECTANGLES}),
    broken(WEIGHT, "divides_by_the_height", ("(kh * kw)", "kh**2"), loses={RECTANGLES}),
    broken(WEIGHT, "a_sum", ("1 / (kh * kw)", "1"), loses={WEIGHTS, MIX, RECTANGLES, BAD_SIZES, AT_ONCE}),
    broken(
        WEIGHT,
        "half_of_the_perimeter",
        ("1 / (kh * kw)", "1 / (kh + kw if kh == kw > 2 else kh * kw)"),
        loses={WEIGHTS},
    ),
    broken(
        WEIGHT,
        "channels_share_a_rectangle",
        ("1 / (kh * kw)", "1 / (kh * kw if channels == 1 or kh == kw else kh * kh)"),
        loses={AT_ONCE},
    ),
    broken(WEIGHT, "names_nothing", ("kernel_size must be at least 1", "not so"), loses={BAD_SIZES}),
]
