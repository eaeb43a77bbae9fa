"""Ways to write ``receptive_field``, right and wrong, and what each should cost."""

from sample_class.variants.variant import Variant, broken

ONE = "one layer sees its window"
ADD_UP = "layers of stride 1 add up"
JUMP = "the jump is the product of the strides"
STRETCH = "a stride stretches the layers behind it"
NONE = "no layers see one cell"
INTS = "size and jump are ints, the list stays as it was"
REFUSED = "bad arguments are refused"
AT_ONCE = "all at once"

FORWARDS = Variant(
    "receptive_field",
    "forwards",
    """
def receptive_field(layers):
    size, jump = 1, 1
    for kernel, stride in layers:
        if kernel < 1:
            raise ValueError("kernel_size")
        if stride < 1:
            raise ValueError("stride")
        size = size + (kernel - 1) * jump
        jump = jump * stride
    return size, jump
""",
)

BACKWARDS = Variant(
    "receptive_field",
    "backwards",
    '''
from math import prod

def receptive_field(layers):
    """From one output cell back to the input: each layer turns a width of w into (w - 1) * stride + kernel."""
    for kernel_size, stride in layers:
        if min(kernel_size, stride) <= 0:
            raise ValueError(f"kernel_size and stride must be positive, got {kernel_size}, {stride}")
    width = 1
    for kernel_size, stride in reversed(layers):
        width = (width - 1) * stride + kernel_size
    return width, prod(stride for _, stride in layers)
''',
)

ARRAYS = Variant(
    "receptive_field",
    "arrays",
    """
import numpy as np

def receptive_field(layers):
    if not layers:
        return 1, 1
    kernels, strides = np.array(layers).T
    if (kernels < 1).any():
        raise ValueError("every kernel_size must be at least 1")
    if (strides < 1).any():
        raise ValueError("every stride must be at least 1")
    jumps = np.cumprod(np.concatenate([[1], strides]))
    return int(1 + ((kernels - 1) * jumps[:-1]).sum()), jumps[-1]
""",
)

GROWS = "size = size + (kernel - 1) * jump"
STEPS = "jump = jump * stride"

WRONG = [
    broken(
        FORWARDS,
        "knows_the_example_by_heart",
        ("return size, jump", "return (3, 1) if len(layers) == jump == 1 else (size, jump)"),
        loses={ONE},
    ),
    broken(
        FORWARDS,
        "multiplies_a_repeated_window",
        (
            "return size, jump",
            "return sum(kernel for kernel, _ in layers) if len(set(layers)) == jump == 1 else size, jump",
        ),
        loses={ADD_UP},
    ),
    broken(
        FORWARDS,
        "adds_whole_kernels",
        ("(kernel - 1) * jump", "kernel * jump - (size == 1)"),
        loses={ADD_UP, STRETCH},
    ),
    broken(
        FORWARDS,
        "stretches_its_own_layer",
        (f"{GROWS}\n        {STEPS}", f"{STEPS}\n        {GROWS}"),
        loses={STRETCH},
        typical=True,
    ),
    broken(FORWARDS, "reads_from_the_output", ("in layers:", "in layers[::-1]:"), loses={STRETCH}),
    broken(FORWARDS, "adds_the_strides", (STEPS, "jump = jump + stride - 1"), loses={JUMP, STRETCH}),
    broken(
        FORWARDS,
        "jump_of_the_last_layer",
        ("return size, jump", "return size, layers[-1][1] if layers else 1"),
        loses={JUMP},
    ),
    broken(
        FORWARDS,
        "needs_a_layer",
        (
            "size, jump = 1, 1\n    for kernel, stride in layers:",
            'size, jump = layers[0]\n    if size < 1:\n        raise ValueError("kernel_size")\n'
            "    for kernel, stride in layers[1:]:",
        ),
        loses={NONE},
    ),
    # Enough for nearly every network.
    broken(FORWARDS, "counts_in_sixteen_bits", (STEPS, "jump = jump * stride % 2 ** 16"), loses={AT_ONCE}),
    broken(FORWARDS, "floats", ("jump = 1, 1", "jump = 1.0, 1.0"), loses={INTS}),
    broken(
        FORWARDS,
        "empties_the_list",
        ("for kernel, stride in layers:", "while layers:\n        kernel, stride = layers.pop(0)"),
        loses={INTS},
    ),
    broken(FORWARDS, "accepts_a_stride_of_zero", ("stride < 1", "stride < 0"), loses={REFUSED}),
]
RIGHT = [FORWARDS, BACKWARDS, ARRAYS]
