"""Every criterion finds a mistake that no other one does; otherwise it would only count a mistake twice."""

from importlib import import_module

import pytest

from autograder import assignments


@pytest.mark.parametrize("name", assignments.names())
def test_every_criterion_is_all_that_some_variant_loses(name: str) -> None:
    wrong = import_module(f"sample_class.variants.{name}").WRONG
    lost_alone = {(variant.function, *variant.loses) for variant in wrong if len(variant.loses) == 1}
    asked = {(question.name, one.name) for question in assignments.load(name).questions for one in question.criteria}
    assert lost_alone == asked
