"""Every claim has a rule that can come out otherwise, and the page shows what the rules found."""

import math
import random
from html.parser import HTMLParser

import pytest
from experiments import results
from experiments.ledger import CLAIMS, VERDICTS, Measured, decide
from experiments.ledger.model import conditions, statements
from experiments.ledger.page import BOOK, page

LITERATURE_OR_STRAY = {"C107", "C109", "C110"}


def test_there_are_110_claims_in_order():
    assert [claim.number for claim in CLAIMS] == [f"C{n:03d}" for n in range(1, 111)]


def test_every_part_of_the_vocabulary_occurs():
    assert {finding.verdict for _, finding in decide()} == set(VERDICTS)


def test_all_parts_none_some():
    assert statements("", ("a", True), ("b", True)).verdict == "true"
    assert statements("", ("a", False), ("b", False)).verdict == "false"
    assert statements("", ("a", True), ("b", False)).verdict == "half-true"
    assert conditions("", ("a", True), ("b", False)).verdict == "depends"
    assert statements("").verdict == "off-topic"


def altered(change):
    """Return results in which every figure (not the arms' descriptions) went through ``change``."""

    def walk(value):
        if isinstance(value, dict):
            return {k: v if k == "arm" else walk(v) for k, v in value.items()}
        return [walk(v) for v in value] if isinstance(value, list) else change(value)

    def load(name):
        content = results.load(name).content
        arms = [{"arm": entry["arm"], "figures": walk(entry["figures"])} for entry in content["arms"]]
        return results.Result({**content, "arms": arms})

    return Measured(load)


def negated(value):
    return (not value) if isinstance(value, bool) else value


def noise(seed):
    rng = random.Random(seed)
    return lambda value: rng.random() < 0.5 if isinstance(value, bool) else rng.choice([0, 1, 3]) + rng.random() / 100


CHANGES = [
    negated,
    lambda v: negated(v) if isinstance(v, bool) else -v,
    lambda v: v if isinstance(v, bool) else v + 1,
    lambda v: v if isinstance(v, bool) else 0.5,
    *(noise(seed) for seed in range(12)),
]


@pytest.mark.parametrize("claim", [c for c in CLAIMS if c.number not in LITERATURE_OR_STRAY], ids=lambda c: c.number)
def test_another_result_gives_another_verdict(claim):
    before = claim.rule(Measured()).verdict
    after = set()
    for change in CHANGES:
        try:
            after.add(claim.rule(altered(change)).verdict)
        except (ZeroDivisionError, ValueError, IndexError, OverflowError):
            continue  # figures that no experiment could give, and that cannot even be quoted
    assert after - {before}, "the verdict does not depend on the results"


@pytest.mark.parametrize(("claim", "finding"), decide(), ids=lambda v: getattr(v, "number", ""))
def test_a_surprise_is_explained_and_only_a_surprise(claim, finding):
    assert claim.proposed in VERDICTS
    assert bool(claim.surprise) == (finding.verdict != claim.proposed)


def test_sentences_are_sentences_and_figures_hold_numbers():
    for claim, finding in decide():
        assert claim.says.endswith(".")
        assert claim.why.endswith(".")
        assert "nan" not in finding.figure
        if finding.verdict != "off-topic":
            assert any(ch.isdigit() for ch in finding.figure), claim.number


class Reader(HTMLParser):
    """Collects ids, links and unclosed tags."""

    def __init__(self):
        super().__init__()
        self.ids, self.links, self.open = [], [], []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.links += [attrs["href"]] if "href" in attrs else []
        if tag not in ("input",):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def read():
    reader = Reader()
    reader.feed(page())
    return reader


def test_page_has_a_row_for_every_claim_and_closes_its_tags(read):
    assert read.ids == [claim.number.lower() for claim in CLAIMS]
    assert read.open == []


def test_page_links_to_places_that_exist(read):
    assert len(read.links) == len(CLAIMS)
    for target in set(read.links):
        name, _, label = target.partition("#")
        text = (BOOK / name.replace(".html", ".md")).read_text(encoding="utf-8")
        assert label, f"{name} without a place"
        assert f"({label})=" in text


def test_page_fetches_nothing():
    assert "http" not in page().replace("http-equiv", "")


def test_effect_sizes_that_cannot_be_stated_are_not_stated_as_infinite():
    assert not any(str(math.inf) in finding.figure for _, finding in decide())
