"""A demo's settings stand in the address: Back and a link bring them again, and words of the text set them."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from benchmarks.page_driver import Demo

TITLE = "Pooling explorer"


def address(start, **traits):
    return f"{start}/pooling.html?{urlencode({'pooling_explorer': json.dumps(traits)})}"


@pytest.fixture(params=["http", "disk"])
def start(request, addresses):
    return addresses[request.param]


def held(page):
    """Return what the address says of the explorer."""
    found = parse_qs(urlsplit(page.url).query).get("pooling_explorer")
    return json.loads(found[0]) if found else None


def test_what_is_set_is_there_again_after_back_and_gone_after_a_reset(open_page, start):
    page = open_page(f"{start}/pooling.html")
    demo = Demo(page, TITLE)
    demo.set("padding", 1)
    demo.pick("Operation", "average")
    page.wait_for_url("**operation**")
    assert held(page) == {"operation": "average", "padding": [1, 1]}
    page.goto("about:blank")
    page.go_back()
    demo = Demo(page, TITLE)
    assert demo.field("padding").input_value() == "1"
    assert demo.root.get_by_role("radio", name="average").is_checked()
    demo.press("Reset")
    assert demo.field("padding").input_value() == "0"
    page.wait_for_url(lambda url: "padding" not in url)
    assert held(page) is None


def test_words_of_the_text_set_the_demo(open_page, server):
    page = open_page(f"{server}/pooling.html")
    demo = Demo(page, TITLE)
    page.get_by_role("link", name="a padding of 1", exact=True).click()
    expect(demo.field("padding")).to_have_value("1")
    page.wait_for_url("**padding**")
    demo.set("padding", 0)
    demo.root.get_by_role("link", name="give the line a padding of 1").click()
    assert demo.field("padding").input_value() == "1"


@pytest.mark.parametrize(
    "traits", [{"padding": "1"}, {"padding": [1000000, 1]}, {"nothing": 1}, {"image": [["x"]]}, {"window": None}]
)
def test_an_address_that_does_not_fit_changes_nothing(open_page, server, traits):
    page = open_page(address(server, **traits))
    demo = Demo(page, TITLE)
    assert demo.field("padding").input_value() == "0"
    assert demo.numbers("Input").shape == (8, 8)
    assert demo.fault() == ""


@pytest.mark.parametrize(
    ("name", "title", "beyond"),
    [
        ("intro", "Shift lab", [{"digit": 30}]),
        ("global_pooling", "Head lab", [{"digit": 30}, {"channels": -5}]),
        ("global_pooling", "RoI pooling", [{"box": [0, 0, 300, 300]}, {"box": [5, 5, 2, 2]}, {"bin": [-1, 0]}]),
        ("pooling", "Pooling explorer", [{"stride": [1.5, 1.5]}, {"image": []}, {"window": [-1, 0]}]),
        ("dropout", "Dropout lab", [{"p": 1}, {"window": [-1, -1]}]),
    ],
)
def test_what_is_beyond_a_demo_leaves_it_as_it_is_at_first(open_page, server, name, title, beyond):
    page = open_page("about:blank")
    for traits in beyond:
        page.goto(f"{server}/{name}.html?{urlencode({title.lower().replace(' ', '_'): json.dumps(traits)})}")
        demo = Demo(page, title)
        said = demo.said()
        demo.press("Reset")
        assert demo.said() == said != "", traits


def test_a_digit_that_an_address_moves_too_far_stays_in_its_canvas(open_page, server):
    far = urlencode({"shift_lab": json.dumps({"shift": [300, -9]})})
    demo = Demo(open_page(f"{server}/intro.html?{far}"), "Shift lab")
    assert demo.said().startswith("Shifted 8 down, 8 left:")
    demo.press("Nudge one pixel")
    assert demo.said().startswith("Shifted 8 down, 7 left:")


def test_an_address_that_is_no_json_changes_nothing(open_page, server):
    demo = Demo(open_page(f"{server}/pooling.html?pooling_explorer=%7Bpadding"), TITLE)
    assert demo.field("padding").input_value() == "0"


def test_words_name_a_demo_of_their_page_and_traits_that_it_has(book, pages):
    seen = 0
    for name in pages:
        page = BeautifulSoup((book / name).read_text("utf-8"), "html.parser")
        states = page.select_one('script[type="application/vnd.jupyter.widget-state+json"]')
        found = [one["state"] for one in json.loads(states.string)["state"].values()] if states else []
        demos = {state["_anywidget_id"].split(".")[-2]: state for state in found if "_anywidget_id" in state}
        for link in page.select("a[data-acts]"):
            seen += 1
            traits = json.loads(parse_qs(urlsplit(link["href"]).query)[link["data-acts"]][0])
            assert traits.keys() <= demos[link["data-acts"]].keys(), (name, link)
    assert seen >= 5
