"""The training lab in its page, from disk: it trains there, says how it stands, and its state is in the address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from benchmarks.page_driver import Demo
from tests.browser.axe import faults
from tests.browser.settled import settle

BOOK = Path(__file__).parents[2] / "book"
# What is trained in no time.
SMALL = "#lab?images=50&batch=8&a=4-3-zero-max-2-2_flatten&b=4-3-wrap-average-4-4_max"
# What no machine trains to the last step while a test looks.
SLOW = "#lab?images=50&batch=8&a=16-5-zero-none-2-2_16-5-zero-none-2-2_max&b=16-5-wrap-none-2-2_16-5-wrap-none-2-2_max"
LINK = re.compile(r'href="(?:lab\.html)?(#lab\?[^"]*)"')


@pytest.fixture
def lab(shared_pages, book) -> Demo:
    """Return the lab with two small networks that have learnt nothing."""
    page = shared_pages.open_once(f"{book.as_uri()}/lab.html")
    settle(page)
    demo = Demo(page, "Training lab")
    go(demo, SMALL)
    expect(state(demo)).to_have_text("0 steps")
    return demo


def go(demo: Demo, address: str) -> None:
    """Follow a link into the lab, and wait until it has heard of it."""
    demo.page.evaluate(
        """hash => new Promise((heard) => {
          location.hash = "#";
          addEventListener("hashchange", function hear({ newURL }) {
            if (!newURL.endsWith(hash)) return;
            removeEventListener("hashchange", hear);
            heard();
          });
          location.hash = hash;
        })""",
        address,
    )


def state(demo: Demo) -> Locator:
    return demo.root.locator(".lm-state")


def table(demo: Demo, name: str) -> list[list[str]]:
    """Read the cells of a table's body."""
    rows = demo.root.get_by_role("group", name=name, exact=True).locator("tbody tr").all()
    return [row.locator("th, td").all_inner_texts() for row in rows]


def test_it_trains_in_the_page_from_disk_until_it_is_paused_and_says_what_it_shows(lab):
    go(lab, SLOW)
    lab.press("Train")
    expect(lab.root.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    expect(state(lab)).to_have_text(re.compile(r"^([5-9]|\d{2,}) steps, training …$"))
    lab.press("Pause")
    expect(state(lab)).to_have_text(re.compile(r"^\d+ steps$"))
    told = r"is right on (\d+ %) of the test images and keeps (\d+ %) of its answers one pixel further"
    said = re.fullmatch(rf"After (\d+) steps network A {told}; network B {told}\.", lab.said())
    assert said
    assert state(lab).inner_text() == f"{said[1]} steps"
    shown = table(lab, "What the networks know")
    assert [(row[4], row[5]) for row in shown] == [(said[2], said[3]), (said[4], said[5])]
    assert lab.root.locator(".lm-curve").count() == 10
    assert lab.root.get_by_text(re.compile(r"^same answer at \d+ %$")).count() == 2
    assert faults(lab.page) == ""


def test_the_same_seed_gives_the_same_and_another_gives_another(lab):
    def after_a_step() -> list[list[str]]:
        lab.press("One step")
        expect(state(lab)).to_have_text("1 step")
        return table(lab, "What the networks know")

    first = after_a_step()
    lab.press("Start again")
    expect(state(lab)).to_have_text("0 steps")
    assert after_a_step() == first
    lab.set("seed", 2)
    expect(state(lab)).to_have_text("0 steps")
    assert after_a_step() != first


def test_what_cannot_be_says_why_and_cannot_be_trained(lab):
    lab.set("window", 9)
    lab.press("Add a block")
    lab.pick("Block", "2")
    lab.set("window", 9)
    assert lab.fault() == "Network A is impossible. Block 2: a window of 9 does not fit into a map of 4 × 4."
    assert lab.said() == lab.fault()
    for name in ("Train", "One step", "Train over seeds"):
        assert lab.root.get_by_role("button", name=name, exact=True).get_attribute("aria-disabled") == "true"
    lab.pick("Pool", "blur")
    assert lab.fault() == ""
    lab.set("window", 4)
    assert "an odd one; 4 is even" in lab.fault()


def test_parameters_shapes_and_fields_are_told_while_the_network_is_composed(lab):
    assert table(lab, "Network A: layers") == [
        ["image", "1×16×16", "1×1", "", ""], ["4 of 3×3, max 2×2/2", "4×8×8", "4×4", "40", "9\u202f216"],
        ["flatten", "256 → 10", "all", "2\u202f570", "2\u202f560"], ["in all", "", "", "2\u202f610", "11\u202f776"],
    ]  # fmt: skip
    lab.pick("Pool", "max-blur")
    lab.pick("Filter size", "5 × 5")
    assert table(lab, "Network A: layers")[1] == ["4 of 5×5, max-blur 2×2/2", "4×8×8", "8×8", "104", "25\u202f600"]


def test_over_seeds_the_difference_has_an_interval(lab):
    lab.set("seeds", 2)
    lab.press("One step")
    expect(state(lab)).to_have_text("1 step")
    lab.press("Train over seeds")
    number = r"−?\d+\.\d"
    ahead = rf"A {number} %, B {number} %; A − B is {number} points, 95 % interval {number} to {number}\."
    told = rf"^After 1 step and 2 seeds\. Right in the test: {ahead} Kept one pixel further: {ahead}$"
    expect(lab.root.get_by_text("and 2 seeds")).to_have_text(re.compile(told))


def test_a_stop_before_the_first_seed_is_done_is_told(lab):
    go(lab, SLOW)
    lab.press("Train over seeds")
    expect(lab.root.get_by_text("The first seed is being trained …")).to_be_visible()
    lab.press("Stop")
    expect(lab.root.get_by_text("Each seed draws other images")).to_be_visible()


def test_the_state_is_in_the_address_and_comes_back_from_it(lab):
    lab.set("images", 100)
    lab.pick("Task", "how many spots")
    lab.pick("Dropout", "channels")
    address = lab.page.evaluate("location.hash")
    assert "task=spots" in address
    assert "a=4-3-zero-max-2-2-channel-after-0.5_flatten" in address
    lab.press("Reset")
    assert lab.page.evaluate("location.hash") == ""
    assert lab.said().startswith("Task: digit in the middle. Nothing learnt yet; network A has 3\u202f818 parameters,")
    for come_back in (lambda: go(lab, address), lab.page.reload):
        come_back()
        settle(lab.page)
        assert lab.field("images").input_value() == "100"
        assert lab.root.get_by_role("radio", name="channels", exact=True).is_checked()
        expect(lab.root.get_by_role("button", name="Train", exact=True)).to_be_focused()
        assert lab.page.evaluate("location.hash") == address


def test_an_address_that_makes_no_sense_leaves_the_lab_as_it_is_at_first(lab):
    go(lab, "#lab?task=chess&images=7&a=4-3-zero-max-2-2&b=_&rate=high")
    assert lab.field("images").input_value() == "500"
    assert table(lab, "Network A: layers")[1][0] == "8 of 3×3, max 2×2/2"
    assert lab.page.evaluate("location.hash") == ""


ADDRESSES = sorted({found for page in BOOK.glob("*.md") for found in LINK.findall(page.read_text("utf-8"))})


def test_every_link_into_the_lab_says_what_it_means_and_opens_what_can_be_trained(lab):
    assert len(ADDRESSES) >= 6
    for address in ADDRESSES:
        go(lab, address)
        assert lab.page.evaluate("location.hash") == address
        assert lab.fault() == ""
