"""Another engine than Chromium's: Firefox checks an exercise, a demo answers, and the lab trains there."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from page_python import notebooks

from tests.browser.firefox import Firefox, firefox

FUNCTION = "global_max_pool2d"
(RIGHT,) = (code for _, code in notebooks.solutions("global_pooling", [FUNCTION]))
CELL = f"document.querySelector('[data-page-cell][data-name={FUNCTION}]')"
DEMO = "document.querySelector('.static-widget .lm-demo')"


@pytest.fixture(scope="module")
def browser_of_mozilla(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """Start Firefox."""
    with firefox(tmp_path_factory.mktemp("profile")) as started:
        yield started


def test_an_exercise_is_written_and_checked_in_firefox(browser_of_mozilla, server):
    page = browser_of_mozilla
    page.open(f"{server}/global_pooling.html")
    page.run(f"{CELL}.querySelector('summary').click()")
    page.until(f"document.activeElement.matches('.cm-content') && {CELL}.querySelector('.pc-main')")
    page.run(f"document.execCommand('selectAll'); document.execCommand('insertText', false, {json.dumps(RIGHT)})")
    page.run(f"{CELL}.querySelector('.pc-main').click()")
    page.until(f"{CELL}.querySelector('.pm-check')")
    assert "criteria hold" in page.run(f"{CELL}.querySelector('[role=status]').textContent")
    assert page.run(f"{CELL}.querySelector('.pc-state').dataset.holds") == "true"


def test_a_demo_answers_in_firefox(browser_of_mozilla, server):
    page = browser_of_mozilla
    page.open(f"{server}/pooling.html")
    page.until(DEMO)
    before = page.run(f"{DEMO}.innerText")
    page.run(f"{DEMO}.querySelector('input[value=digit]').click()")
    page.until(f"{DEMO}.innerText !== {json.dumps(before)}")


def test_the_lab_trains_in_firefox_from_disk(browser_of_mozilla, addresses):
    page = browser_of_mozilla
    page.open(f"{addresses['disk']}/lab.html")
    page.until(f"{DEMO}?.querySelector('.lm-state').textContent === '0 steps'")
    page.run(f"[...{DEMO}.querySelectorAll('button')].find(({{ textContent }}) => textContent === 'One step').click()")
    page.until(f"{DEMO}.querySelector('.lm-state').textContent === '1 step'")
