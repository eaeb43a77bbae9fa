"""The criteria that several functions of the invariance assignment have."""

REFUSED = "bad arguments are refused"
ALL = "all at once"
INTEGERS = "integers are taken as numbers"
ODD = "integers and NaN are numbers, too"
UNTOUCHED = "the input stays untouched"
APART = "images and channels stay apart"
SIDES = "height and width are two things"
