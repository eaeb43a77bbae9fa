"""A mistake in the borders of bins."""

FLOORS = (
    "slice(math.floor(i * height / oh), math.ceil((i + 1) * height / oh))",
    "slice(i * height // oh, (i + 1) * height // oh)",
)

FLOORS_TOO = (
    "slice(math.floor(j * width / ow), math.ceil((j + 1) * width / ow))",
    "slice(j * width // ow, (j + 1) * width // ow)",
)
