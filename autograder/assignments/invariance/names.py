"""The criteria of this assignment that cases name as what they need."""

from __future__ import annotations

from collections.abc import Mapping

INTEGERS = "integers are taken as numbers"
ODD = "integers and NaN are numbers, too"
APART = "images and channels stay apart"
SIDES = "height and width are two things"

# shift2d
DOWN = "down and right are positive"
UP = "up and left are negative"
LOST = "what leaves is lost, zeros enter"
WRAPS = "wrap brings back what leaves"
STAYS = "a shift of zero moves nothing"
BEYOND = "a shift may exceed the image"
ALL_AXES = "the last two axes of any array"

# shift_consistency
WINNER = "rows whose winner stays are counted"
FIRST_MAXIMUM = "the first maximum wins a tie"

# binomial_kernel
TRIANGLE = "rows of Pascal's triangle, times each other"
SUM = "the weights sum to 1"
EVEN = "even sizes and large ones"

# blur_pool2d
WEIGHTS = "the binomial filter blurs"
REFLECTED = "the border is reflected"
STRIDED = "every stride-th cell is kept, the first one too"
SIZES = "other sizes, even ones too"

# max_blur_pool2d
DENSE = "the maximum is taken at every position"
BELOW_ZERO = "negative values have a maximum, too"
AFTER = "the blur comes after the maximum"
LAST = "subsampling comes last"
PADDED = "padding as in blur_pool2d"

# rotation_pool
POSITION = "the best position counts"
TURNS = "all four rotations are tried"
RESPONSES = "negative responses have a maximum, too"
CHANNELS = "channels add up before the maximum"
EVERY_FILTER = "every image meets every filter"


def asked(found: Mapping[str, bool]) -> frozenset[str]:
    """Return the names of what was found."""
    return frozenset(name for name, there in found.items() if there)
