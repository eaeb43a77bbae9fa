"""The class of attackers, judged once for all tests here."""

import pytest
from attacked_class import Class, graded


@pytest.fixture(scope="session")
def judged(tmp_path_factory) -> Class:
    yield from graded(tmp_path_factory.mktemp("class"))
