"""Ways to write the functions of the convolution assignment, right and wrong, and what each should cost."""

from sample_class.variants.convolution import backward, conv2d, cost, output_size, receptive_field

FUNCTIONS = (output_size, conv2d, backward, receptive_field, cost)

WRONG = [variant for function in FUNCTIONS for variant in function.WRONG]
RIGHT = [variant for function in FUNCTIONS for variant in function.RIGHT]
