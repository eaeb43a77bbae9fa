"""Ways to write the functions of the dropout assignment, right and wrong, and what each should cost."""

from sample_class.variants.dropout import backward, cells, channels, expectation, small_cnn

FUNCTIONS = (cells, channels, backward, expectation, small_cnn)

WRONG = [variant for function in FUNCTIONS for variant in function.WRONG]
RIGHT = [variant for function in FUNCTIONS for variant in function.RIGHT]
