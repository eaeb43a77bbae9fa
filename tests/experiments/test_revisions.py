"""The list of changes of rules is git's, tells what decides from mere words, and stands on the page."""

import json
import shutil
from html import unescape

import pytest
from experiments import revisions
from experiments.ledger import CLAIMS
from experiments.ledger.page import revised

RULE = '''
@claim("C001", "true", "page#place", "Why.")
def c001_a_rule(r: Measured) -> Finding:
    """A claim."""
    arm, other = r("e05", down="max"), r("e06", down="none")
    return {kind}(
        f"a figure {{percent(arm['test'])}}",
        ("a sentence", {condition}),
    )
'''


def version(condition="better(arm, other)", kind="statements", **changes):
    source = RULE.format(condition=condition, kind=kind)
    for old, new in changes.items():
        source = source.replace({"words": "a figure", "lookup": '"max"', "proposal": '"true"'}[old], new)
    return revisions.versions(source)["C001"]


def test_words_are_no_change_of_a_rule():
    assert version() == version(words="another figure")


@pytest.mark.parametrize(
    ("changes", "before", "after"),
    [
        ({"condition": "no_worse(arm, other)"}, "better(arm, other)", "no_worse(arm, other)"),
        ({"kind": "conditions"}, "mixed: half-true", "mixed: depends"),
        ({"proposal": '"false"'}, "proposed: true", "proposed: false"),
        (
            {"lookup": '"avg"'},
            "arm, other = (r('e05', down='max'), r('e06', down='none'))",
            "arm, other = (r('e05', down='avg'), r('e06', down='none'))",
        ),
    ],
)
def test_a_change_of_what_decides_is_listed_before_and_after(changes, before, after):
    assert revisions.differences(version(), version(**changes)) == (before, after)


def test_a_change_is_about_the_experiments_that_it_names_or_that_are_looked_up():
    assert revisions.touched(version(), version(condition="better(other, arm)")) == {"e05", "e06"}
    assert revisions.touched(version(), version(condition="r('e07')")) == {"e05", "e06", "e07"}
    assert revisions.touched(version(), version()) == set()


def test_every_change_in_the_file_stands_on_the_page_with_its_reason():
    commits = json.loads(revisions.FILE.read_text(encoding="utf-8"))
    page = unescape(revised())
    numbers = {claim.number for claim in CLAIMS}
    changed = {number for commit in commits for number in commit["claims"]}
    assert {"C045", "C077", "C090"} <= changed <= numbers
    for commit in commits:
        assert f"{commit['date']}: {commit['why']} ({len(commit['claims'])} claims)" in page
        for number, (before, after) in commit["claims"].items():
            assert f'<a href="#{number.lower()}">{number}</a>' in page
            assert before != after
    assert f"the rules of {len(changed)} of {len(CLAIMS)} claims were changed" in page


def has_history():
    """Say whether the whole history of the project is here: copies and shallow clones lack it."""
    here = shutil.which("git") and (revisions.ROOT / ".git").exists()
    return bool(here) and revisions.git("rev-parse", "--is-shallow-repository").strip() == "false"


@pytest.mark.skipif(not has_history(), reason="the history of the project is not here")
def test_the_file_is_what_git_says_up_to_its_last_change():
    committed = json.loads(revisions.FILE.read_text(encoding="utf-8"))
    found = json.loads(json.dumps(revisions.revisions()))
    known = [commit["commit"] for commit in committed]
    assert [commit for commit in found if commit["commit"] in known] == committed
    assert [commit["commit"] for commit in found[: len(committed)]] == known
