"""Mistakes in the borders of bins."""

FLOORS = (
    "slice(math.floor(i * height / oh), math.ceil((i + 1) * height / oh))",
    "slice(i * height // oh, (i + 1) * height // oh)",
)
FLOORS_TOO = (
    "slice(math.floor(j * width / ow), math.ceil((j + 1) * width / ow))",
    "slice(j * width // ow, (j + 1) * width // ow)",
)
# Bins that share cells are found only where there are fewer cells than bins.
NO_OVERLAP = [
    (
        f"math.ceil(({i} + 1) * {n} / {m})",
        f"(({i} + 1) * {n} // {m} if {m} <= {n} else math.ceil(({i} + 1) * {n} / {m}))",
    )
    for i, n, m in (("i", "height", "oh"), ("j", "width", "ow"))
]

# Borders at the nearest cell, and never nothing between them.
ROUNDED = [
    (
        f"slice(math.floor({i} * {n} / {m}), math.ceil(({i} + 1) * {n} / {m}))",
        f"slice(round({i} * {n} / {m}), max(round(({i} + 1) * {n} / {m}), round({i} * {n} / {m}) + 1))",
    )
    for i, n, m in (("i", "height", "oh"), ("j", "width", "ow"))
]
