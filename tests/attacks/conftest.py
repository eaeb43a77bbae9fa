"""Every attack is tried on each that can confine, and the class of attackers judged once by each."""

from collections.abc import Iterator

import pytest

from autograder.sandbox import session
from tests.attacks.attacked_class import Class, graded
from tests.helpers.whole import WHOLE

# What attacks with files runs little code: these try the strongest that there is alone, but for `make test-whole`.
WITH_FILES = ("test_fuzzed_class", "test_hand_ins", "test_heavy_hand_ins")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what a short run does not try."""
    if not WHOLE:
        items[:] = [item for item in items if not (item.path.stem in WITH_FILES and "[landlock" in item.name)]


@pytest.fixture(scope="session", autouse=True)
def by_each(confinement: str) -> Iterator[None]:
    """Have whatever asks for the strongest that there is get each in turn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "tried", lambda name: "" if name == confinement else "it is not its turn")
        yield


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory, confinement: str) -> Iterator[Class]:
    yield from graded(tmp_path_factory.mktemp("class"), confinement)
