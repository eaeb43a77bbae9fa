"""Every claim has a rule that can come out otherwise, and the page shows what the rules found."""

import math
import re
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from experiments import results, stats
from experiments.ledger import CLAIMS, VERDICTS, Claim, Measured, compared, decide
from experiments.ledger.model import conditions, statements, unmeasurable
from experiments.ledger.page import BOOK, overview, page, runs, surprising
from experiments.ledger.shown import SHOWN
from experiments.ledger.surprises import surprises
from experiments.tables import SHOWN as TABLES
from other_results import ALTERATIONS, altered

BEYOND_MEASURING = {"C008", "C097", "C101", "C104", "C105", "C107"}
STRAYS = {"C109", "C110"}


def test_there_are_110_claims_in_order():
    assert [claim.number for claim in CLAIMS] == [f"C{n:03d}" for n in range(1, 111)]


def test_a_rule_is_named_after_its_claim():
    assert all(claim.rule.__name__.startswith(f"{claim.number.lower()}_") for claim in CLAIMS)
    assert len({claim.rule.__name__[5:] for claim in CLAIMS}) == len(CLAIMS)


def test_every_part_of_the_vocabulary_occurs():
    assert {finding.verdict for _, finding in decide()} == set(VERDICTS)


UNSURE = stats.better([0.99, 0.70, 0.95], [0.80, 0.81, 0.79])


def test_all_parts_none_some():
    assert statements("", ("a", True), ("b", True)).verdict == "true"
    assert statements("", ("a", False), ("b", False)).verdict == "false"
    assert statements("", ("a", True), ("b", False)).verdict == "half-true"
    assert conditions("", ("a", True), ("b", False)).verdict == "depends"
    assert statements("").verdict == "off-topic"


@pytest.mark.parametrize(
    ("others", "verdict"),
    [((), "undecided"), ((True,), "undecided"), ((False,), "undecided"), ((True, False), "half-true")],
)
def test_an_undecided_part_matters_where_it_could_change_the_verdict(others, verdict):
    finding = statements("", ("open", UNSURE), *(("sure", holds) for holds in others))
    assert finding.pattern[0] == "u"
    assert finding.verdict == verdict


def test_what_no_measurement_decides_is_so_whatever_was_looked_up():
    finding = unmeasurable("it is advice", "3 of 4").aside(("looked up", False))
    assert finding.verdict == "not a matter of measurement"
    assert finding.pattern == ""
    assert {claim.number for claim, found in decide() if found.beyond} == BEYOND_MEASURING


def test_all_comparisons_of_a_claim_are_one_family_and_its_asides_another():
    one = stats.better([0.84, 0.86, 0.87], [0.80, 0.80, 0.80])
    open_ones = [(f"{by}", stats.better([0.8, 0.9, 0.7 + by], [0.8, 0.8, 0.8])) for by in (0.1, 0.11, 0.12)]
    assert one.alone == "yes"
    assert statements("", ("a", one)).pattern == "y"
    assert statements("", ("a", one), *open_ones).pattern == "uuuu"
    assert statements("", ("a", one)).aside(*open_ones).pattern == "y"


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.number)
def test_every_measured_part_and_the_verdict_can_come_out_otherwise(claim):
    before = claim.rule(Measured())
    verdicts = {before.verdict}
    fixed = {i for i, part in enumerate(before.parts) if not part.source}
    if not fixed:
        assert claim.number in BEYOND_MEASURING | STRAYS
        return
    for index in range(len(ALTERATIONS)):
        try:
            after = claim.rule(altered(index))
        except (ZeroDivisionError, ValueError, IndexError, OverflowError):
            continue  # figures that no experiment could give, and that cannot even be quoted
        verdicts.add(after.verdict)
        fixed -= {i for i in fixed if i < len(after.parts) and after.parts[i].found != before.parts[i].found}
        if not fixed and len(verdicts) > 1:
            return
    assert not [before.parts[i].says for i in fixed], "parts that do not depend on the results"
    assert len(verdicts) > 1, "the verdict does not depend on the results"


def test_where_runs_scatter_widely_rules_say_undecided_and_not_no():
    """Five percent of comparisons may be decided by chance; adjusted for their families, they are fewer."""
    found = Counter()
    for claim in CLAIMS:
        for part in claim.rule(altered(len(ALTERATIONS) - 1)).parts:
            found.update(outcome.found for outcome in part.outcomes if outcome.comparison.estimate.n < math.inf)
    assert found.total() > 150
    assert found["undecided"] > 0.95 * found.total()


def test_what_was_read_is_in_the_bibliography():
    keys = set(re.findall(r"@\w+\{([^,]+),", (BOOK / "references.bib").read_text(encoding="utf-8")))
    read = {p.source for _, finding in decide() for p in (*finding.parts, *finding.asides) if p.source}
    assert read
    assert {key for source in read for key in source.split(", ")} <= keys


@pytest.mark.parametrize(("claim", "finding"), decide(), ids=lambda v: getattr(v, "number", ""))
def test_the_reason_was_written_for_what_was_found(claim, finding):
    assert finding.pattern == claim.told, "the parts answer otherwise now: write the reason anew"
    assert [aside.says for aside in finding.asides if not aside.holds] == []


def test_a_reason_written_for_other_results_is_void():
    claim = CLAIMS[0]
    finding = claim.rule(Measured())
    assert claim.stands(finding)
    assert not claim.stands(replace(finding, parts=finding.parts[:-1]))
    assert not claim.stands(finding.aside(("something that does not hold", False)))


@pytest.mark.parametrize(("claim", "finding"), decide(), ids=lambda v: getattr(v, "number", ""))
def test_a_row_says_what_was_proposed_where_something_else_was_found(claim, finding, whole):
    assert claim.proposed in VERDICTS
    row = whole.partition(f'id="{claim.number.lower()}"')[2].partition("</tbody>")[0]
    assert (f"Proposed: {claim.proposed}." in row) == (finding.verdict != claim.proposed)


def test_no_quoted_interval_leaves_the_bounds_of_shares():
    quoted = overview() + surprising() + page() + "".join(shown().data for shown in (*TABLES, *SHOWN))
    shares = re.findall(r"(?<![-+.\d])(\d+\.\d)% \[(-?[\d.]+), (-?[\d.]+)\]", quoted)
    gaps = re.findall(r"[-+](\d+\.\d) points \[(-?[\d.]+), (-?[\d.]+)\]", quoted)
    assert len(shares) > 200
    assert len(gaps) > 100
    assert all(float(low) >= 0 and float(high) <= 100 for _, low, high in shares)
    assert all(float(low) >= -100 and float(high) <= 100 for _, low, high in gaps)


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
        if tag not in ("input", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def whole():
    return page()


@pytest.fixture(scope="module")
def read(whole):
    reader = Reader()
    reader.feed(whole)
    return reader


def test_page_has_a_row_for_every_claim_and_closes_its_tags(read):
    assert read.ids == [claim.number.lower() for claim in CLAIMS]
    assert read.open == []


def test_every_claim_links_to_itself_and_all_but_strays_to_a_place_that_exists(read):
    own = [link for link in read.links if link.startswith("#c")]
    places = [link for link in read.links if not link.startswith("#")]
    assert own == [f"#{claim.number.lower()}" for claim in CLAIMS]
    assert len(places) == sum(finding.verdict != "off-topic" for _, finding in decide())
    for target in set(places):
        name, _, label = target.partition("#")
        text = (BOOK / name.replace(".html", ".md")).read_text(encoding="utf-8")
        assert label, f"{name} without a place"
        assert f"({label})=" in text


def test_page_fetches_nothing():
    assert "http" not in overview() + surprising() + page() + runs()


def test_every_comparison_of_a_rule_stands_on_the_page_with_a_link_to_its_runs(whole, read):
    table = Reader()
    table.feed(runs())
    assert table.ids == list(results.measured())
    assert table.links == [f"{name}.json" for name in results.measured()]
    assert {link[1:] for link in read.links if link.startswith("#e")} <= set(table.ids)
    for claim, finding in decide():
        row = unescape(whole.partition(f'id="{claim.number.lower()}"')[2].partition("</tbody>")[0])
        for part in (*finding.parts, *finding.asides):
            assert f"{part.found}: " in row
            assert part.says in row
            for outcome in part.outcomes:
                said = compared.row(outcome)
                assert said.experiment in results.measured()
                assert f"{said.compared}</td><td>{said.rule}: {said.found}" in row


def test_a_comparison_is_put_into_words_from_the_arms_that_it_compares():
    r = Measured()
    top, none = (r("e06", group="grid", down=down, n=300, position="random")["test"][:5] for down in ("max", "none"))
    ((part,),) = (statements("", ("max pools help", stats.better(top, none))).parts,)
    said = compared.row(part.outcomes[0])
    assert said[:3] == ("e06", "max against none; test, grid, random, n 300", "better by 0.02")
    assert re.fullmatch(r"0\.\d{3} \[0\.\d{3}, 0\.\d{3}\], n = 5, p (= 0|< 0)\.\d{3}", said.found)


def test_a_comparison_of_computed_figures_names_all_that_they_came_from():
    r = Measured()
    nets = [
        [r("e13", part="permuted", share=s, position="random", model=m)["test"] for m in ("cnn", "mlp")] for s in (0, 1)
    ]
    first, second = ([a - b for a, b in zip(*pair, strict=True)] for pair in nets)
    said = "share 0: cnn with mlp against share 1: cnn with mlp; test, permuted, random"
    assert compared.sides(stats.difference(first, second)) == said


def test_a_void_reason_is_not_shown(monkeypatch):
    assert CLAIMS[0].why in page()
    monkeypatch.setattr(Claim, "stands", lambda claim, finding: claim is not CLAIMS[0])
    assert CLAIMS[0].why not in page()
    assert CLAIMS[1].why in page()


def test_the_summary_counts_what_the_rules_found():
    found = Counter(finding.verdict for _, finding in decide())
    text = re.sub(r"<[^>]*>", " ", overview())
    for verdict in VERDICTS:
        assert re.search(rf"\b{verdict}\s+{found[verdict]}\b", text)
    differ = [claim.number for claim, finding in decide() if finding.verdict != claim.proposed]
    assert f"{len(differ)} of {len(CLAIMS)} verdicts are not" in text
    assert all(number in text for number in differ)


@pytest.mark.parametrize("surprise", surprises(Measured()), ids=lambda s: s.number)
def test_a_surprise_holds_and_belongs_to_a_claim(surprise):
    assert surprise.holds
    assert surprise.number in {claim.number for claim in CLAIMS}
    assert surprise.says in unescape(surprising())


def test_a_surprise_that_no_longer_holds_is_not_shown(monkeypatch):
    one = replace(surprises(Measured())[0], answer=False)
    monkeypatch.setattr("experiments.ledger.page.surprises", lambda _: [one])
    assert one.says not in surprising()


def test_surprises_can_come_out_otherwise():
    before = [s.holds for s in surprises(Measured())]
    fixed = set(range(len(before)))
    for index in range(len(ALTERATIONS)):
        with suppress(ZeroDivisionError, ValueError, IndexError, OverflowError):
            fixed -= {i for i, s in enumerate(surprises(altered(index))) if s.holds != before[i]}
    assert not fixed


def test_effect_sizes_that_cannot_be_stated_are_not_stated_as_infinite():
    assert not any(str(math.inf) in finding.figure for _, finding in decide())
