"""Mutants of the references that live, and why: they compute the same, or differ where nobody is asked.

The keys are a function and what :mod:`benchmarks.mutants` says of the change, without its line.
"""

REASONS = {
    # pooling
    (
        "avg_pool2d_backward",
        "np.shape(x_shape) != (4,) or min(x_shape) < 1 -> np.shape(x_shape) != (4,) and min(x_shape) < 1",
    ): "what it lets through cannot be unpacked, or has no room for a window: a ValueError all the same",
}
