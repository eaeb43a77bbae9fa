"""Ways to write ``rotation_pool``, right and wrong."""

from sample_class.variants.invariance.names import ALL, ODD, REFUSED, UNTOUCHED
from sample_class.variants.variant import Variant, broken

TURNS = "all four rotations are tried"

ROTATION = Variant(
    "rotation_pool",
    "loops",
    """
import numpy as np

def rotation_pool(x, weight):
    if np.ndim(x) != 4:
        raise ValueError("x")
    if np.ndim(weight) != 4:
        raise ValueError("weight")
    if x.shape[2] != x.shape[3] or weight.shape[2] != weight.shape[3]:
        raise ValueError("x and weight must be square")
    n, c, s, _ = x.shape
    f, _, k, _ = weight.shape
    if k > s:
        raise ValueError("weight is larger than x")
    best = np.full((n, f), -np.inf)
    for turns in range(4):
        turned = np.rot90(weight, turns, axes=(2, 3))
        for i in range(s - k + 1):
            for j in range(s - k + 1):
                window = x[:, None, :, i:i + k, j:j + k]
                best = np.maximum(best, (window * turned[None]).sum(axis=(2, 3, 4)))
    return best
""",
)

# Turn the image instead of the filter.
ROTATION_IMAGE = Variant(
    "rotation_pool",
    "turned_images",
    """
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def rotation_pool(x, weight):
    x, weight = np.asarray(x, dtype=float), np.asarray(weight, dtype=float)
    for name, array in (("x", x), ("weight", weight)):
        if array.ndim != 4 or array.shape[-1] != array.shape[-2]:
            raise ValueError(f"{name} has shape {array.shape}: four axes, the last two equal")
    k = weight.shape[-1]
    if k > x.shape[-1]:
        raise ValueError("weight does not fit")
    responses = []
    for turned in (x, x[:, :, ::-1].swapaxes(2, 3), x[:, :, ::-1, ::-1], x.swapaxes(2, 3)[:, :, ::-1]):
        windows = sliding_window_view(turned, (k, k), axis=(2, 3))
        responses.append(np.einsum("nchwij,fcij->nfhw", windows, weight))
    return np.max(responses, axis=(0, 3, 4))
""",
)


WRONG = [
    broken(ROTATION, "one_rotation", ("range(4)", "range(1)"), loses={TURNS}),
    broken(ROTATION, "half_turns", ("range(4)", "(0, 2)"), loses={TURNS}),
    broken(
        ROTATION,
        "turns_the_first_axes",
        (", axes=(2, 3))\n", ")\n"),
        loses={TURNS, "channels add up before the maximum", "every image meets every filter"},
        typical=True,
    ),
    broken(
        ROTATION,
        "turns_the_first_channel_alone",
        (
            "        turned = np.rot90(weight, turns, axes=(2, 3))\n",
            "        turned = weight.copy()\n        turned[:, 0] = np.rot90(weight[:, 0], turns, axes=(1, 2))\n",
        ),
        loses={ALL},
    ),
    broken(
        ROTATION,
        "flips",
        ("np.rot90(weight, turns, axes=(2, 3))", "weight[:, :, ::1 - 2 * (turns // 2), ::1 - 2 * (turns % 2)]"),
        loses={TURNS},
        typical=True,
    ),
    broken(
        ROTATION,
        "averages_positions",
        (
            "    best = np.full((n, f), -np.inf)\n",
            "    best = np.full((n, f), -np.inf)\n    places = (s - k + 1) ** 2\n",
        ),
        ("        for i in", "        total = 0\n        for i in"),
        (
            "best = np.maximum(best, (window * turned[None]).sum(axis=(2, 3, 4)))",
            "total = total + (window * turned[None]).sum(axis=(2, 3, 4)) / places",
        ),
        ("    return best", "        best = np.maximum(best, total)\n    return best"),
        loses={"the best position counts"},
    ),
    broken(
        ROTATION,
        "starts_from_zero",
        ("np.full((n, f), -np.inf)", "np.zeros((n, f))"),
        loses={"negative responses have a maximum, too"},
        typical=True,
    ),
    broken(
        ROTATION,
        "best_channel",
        (".sum(axis=(2, 3, 4))", ".sum(axis=(3, 4)).max(axis=2)"),
        loses={"channels add up before the maximum"},
        typical=True,
    ),
    broken(
        ROTATION, "first_image", ("window = x[:, None", "window = x[:1, None"), loses={"every image meets every filter"}
    ),
    broken(ROTATION, "skips_nan", ("np.maximum(best", "np.fmax(best"), loses={ODD}),
    broken(
        ROTATION,
        "turns_the_input",
        ("    return best", "    x[...] = np.rot90(x, axes=(2, 3))\n    return best"),
        loses={UNTOUCHED},
    ),
    broken(
        ROTATION,
        "takes_rectangles",
        ("x.shape[2] != x.shape[3] or weight.shape[2] != weight.shape[3]", "False"),
        loses={REFUSED},
    ),
]
RIGHT = [ROTATION, ROTATION_IMAGE]
