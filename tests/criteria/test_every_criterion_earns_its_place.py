"""Every criterion finds a mistake that no other one does; otherwise it would only count a mistake twice."""

from importlib import import_module

import pytest

from autograder import assignments

# These are lost by a variant only together with others, whose cases are the same or include theirs: what breaks the
# plainest case breaks those, too. Who frees one of them strikes it out here.
NEVER_ALONE = {
    ("avg_pool_weight", "weights are one over the window"),
}


@pytest.mark.parametrize("name", assignments.names())
def test_every_criterion_is_all_that_some_variant_loses(name: str) -> None:
    wrong = import_module(f"sample_class.variants.{name}").WRONG
    lost_alone = {(variant.function, *variant.loses) for variant in wrong if len(variant.loses) == 1}
    lost = {(variant.function, criterion) for variant in wrong for criterion in variant.loses}
    asked = {(question.name, one.name) for question in assignments.load(name).questions for one in question.criteria}
    assert not asked - lost, "no variant loses these at all"
    assert asked - lost_alone == asked & NEVER_ALONE
