"""How windows lie, which most variants share, and mistakes in it."""

# The arguments as many students would check them, and where windows begin.
GEOMETRY = '''
import numpy as np


def two(value):
    return (value, value) if isinstance(value, (int, np.integer)) else tuple(value)


def axes(shape, kernel_size, stride, padding, ceil_mode=False):
    """For each axis: where the windows begin, counted in the input, and how long they are."""
    kernel, pad = two(kernel_size), two(padding)
    step = kernel if stride is None else two(stride)
    found = []
    for n, k, s, p in zip(shape[2:], kernel, step, pad):
        if k < 1:
            raise ValueError("kernel_size must be positive")
        if s < 1:
            raise ValueError("stride must be positive")
        if p < 0 or p > k / 2:
            raise ValueError("padding must be between 0 and half the kernel")
        if n + 2 * p < k:
            raise ValueError("kernel_size is larger than the image")
        count = (n + 2 * p - k) // s + 1
        if ceil_mode and count * s < n + p and (n + 2 * p - k) % s:
            count += 1
        found.append([(i * s - p, k) for i in range(count)])
    return found


def four(array, name):
    if np.ndim(array) != 4:
        raise ValueError(name + " needs four axes")
'''

NO_STEP = ("        count = (n", "        s = k\n        count = (n")
NO_CEIL = ("if ceil_mode and", "if False and")
ALWAYS_CEIL = ("if ceil_mode and count", "if count")
WIDTH_FIRST = ("kernel, pad = two(kernel_size), two(padding)", "kernel, pad = two(kernel_size)[::-1], two(padding)")
ONE_SIDE = ("for n, k, s, p in zip(shape[2:],", "for n, k, s, p in zip((shape[2], shape[2]),")
PADS_WIDTH_FIRST = ("two(padding)\n    step", "two(padding)[::-1]\n    step")
NO_HALF_RULE = ("if p < 0 or p > k / 2:", "if p < 0:")
NO_SIZES = (
    """        if k < 1:
            raise ValueError("kernel_size must be positive")
        if s < 1:
            raise ValueError("stride must be positive")
""",
    "",
)
UNNAMED = ('"padding must be between 0 and half the kernel"', '"bad value"')
TOO_LARGE_WITH_CEIL = ("if n + 2 * p < k:", "if n + 2 * p < k and not ceil_mode:")
NO_GAPS = ("        count = (n", "        s = min(s, k)\n        count = (n")
NO_ROOM = (
    """        if n + 2 * p < k:
            raise ValueError("kernel_size is larger than the image")
""",
    "",
)
# Right where the stride is the kernel, as it is in all plain cases of ceil_mode.
ROUNDS_BY_THE_KERNEL = ("(n + 2 * p - k) % s:", "(n + 2 * p - k) % k:")
N_FOR_N_PLUS_P = ("count * s < n + p and", "count * s < n and")
