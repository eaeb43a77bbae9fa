"""The class of attackers, judged once for all tests here."""

from collections.abc import Iterator

import pytest

from tests.attacks.attacked_class import Class, graded


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    yield from graded(tmp_path_factory.mktemp("class"))
