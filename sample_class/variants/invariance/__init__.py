"""Ways to write the functions of the invariance assignment, right and wrong, and what each should cost."""

from sample_class.variants.invariance import blurs, consistency, kernels, maxima, rotations, shifts

PARTS = (shifts, consistency, kernels, blurs, maxima, rotations)
WRONG = [variant for part in PARTS for variant in part.WRONG]
RIGHT = [variant for part in PARTS for variant in part.RIGHT]
