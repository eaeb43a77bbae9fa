"""The numbers of the lab's questions come from training, and can be had again: a seed of each, or all of them."""

from __future__ import annotations

import json

import pytest
from demos.lab_measured import MEASURED

from benchmarks.lab_questions import SEEDS, answer, questions
from tests.helpers.whole import WHOLE

KEPT = json.loads(MEASURED.read_text("utf-8"))
STATES = questions()
# One image of 200 may fall to the other side where a processor adds in another order.
CLOSE = 0.006


def test_every_question_was_measured_over_all_seeds():
    assert len(STATES) == 6
    assert {name: sorted(map(int, seeds)) for name, seeds in KEPT.items()} == {name: [*SEEDS] for name in STATES}


@pytest.mark.parametrize("name", STATES)
def test_training_again_gives_the_same(browser, name):
    page = browser.new_page()
    for seed in SEEDS if WHOLE else SEEDS[:1]:
        for again, kept in zip(answer(page, STATES[name], seed), KEPT[name][str(seed)], strict=True):
            assert again == pytest.approx(kept, abs=CLOSE)
    page.close()
