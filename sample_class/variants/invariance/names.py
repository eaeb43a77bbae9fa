"""The criteria that several functions of the invariance assignment have."""

REFUSED = "bad arguments are refused"
ODD = "integers, NaN and infinity are numbers, too"
UNTOUCHED = "the input stays untouched"
APART = "images and channels stay apart"
SIDES = "height and width are two things"
