"""Other engines than Chromium's: Firefox and WebKit check an exercise, move a demo and train a network."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from page_python import notebooks

from tests.browser.firefox import firefox
from tests.browser.webkit import ANSWERS, webkit

FUNCTION = "global_max_pool2d"
(RIGHT,) = (code for _, code in notebooks.solutions("global_pooling", [FUNCTION]))
CELL = f"document.querySelector('[data-page-cell][data-name={FUNCTION}]')"
DEMO = "document.querySelector('.static-widget .lm-demo')"


class Engine(Protocol):
    """One page of a browser."""

    def open(self, url: str) -> None: ...

    def run(self, code: str) -> Any: ...


@pytest.fixture(scope="module", params=["Firefox", "WebKit"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Start one browser after the other."""
    with firefox(tmp_path_factory.mktemp("profile")) if request.param == "Firefox" else webkit() as started:
        yield started


def until(engine: Engine, code: str) -> None:
    """Wait until an expression holds."""
    end = time.monotonic() + ANSWERS
    while not engine.run(f"Boolean({code})"):
        assert time.monotonic() < end, f"it never came true: {code}"
        time.sleep(0.1)


@pytest.mark.parametrize("way", ["http", "disk"])
def test_an_exercise_is_written_and_checked(engine, addresses, way):
    engine.open(f"{addresses[way]}/global_pooling.html")
    engine.run(f"{CELL}.querySelector('summary').click()")
    until(engine, f"document.activeElement.matches('.cm-content') && {CELL}.querySelector('.pc-main')")
    engine.run(f"document.execCommand('selectAll'), document.execCommand('insertText', false, {json.dumps(RIGHT)})")
    engine.run(f"{CELL}.querySelector('.pc-main').click()")
    until(engine, f"{CELL}.querySelector('.pm-check') || {CELL}.innerText.includes('Python ended')")
    assert "criteria hold" in engine.run(f"{CELL}.querySelector('[role=status]').textContent")
    assert engine.run(f"{CELL}.querySelector('.pc-state').dataset.holds") == "true"


def test_a_demo_answers(engine, server):
    engine.open(f"{server}/pooling.html")
    until(engine, DEMO)
    before = engine.run(f"{DEMO}.innerText")
    engine.run(f"{DEMO}.querySelector('input[value=digit]').click()")
    until(engine, f"{DEMO}.innerText !== {json.dumps(before)}")


def test_the_lab_trains_from_disk(engine, addresses):
    engine.open(f"{addresses['disk']}/lab.html")
    until(engine, f"{DEMO}?.querySelector('.lm-state').textContent === '0 steps'")
    engine.run(
        f"[...{DEMO}.querySelectorAll('button')].find(({{ textContent }}) => textContent === 'One step').click()"
    )
    until(engine, f"{DEMO}.querySelector('.lm-state').textContent === '1 step'")
