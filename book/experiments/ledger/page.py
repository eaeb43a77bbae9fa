"""The ledger as HTML: a summary, the surprises, and one table that a small script filters where scripts run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from textwrap import shorten

from rendering import render

from experiments import results
from experiments.ledger import CLAIMS, VERDICTS, Claim, Finding, decide
from experiments.ledger.compared import how, row
from experiments.ledger.model import Measured
from experiments.ledger.surprises import surprises
from experiments.revisions import FILE

HERE = Path(__file__).parent
BOOK = HERE.parents[1]
CHAPTERS = {
    "convolution": "Convolution",
    "pooling": "Pooling",
    "global-pooling": "Global pooling",
    "dropout": "Dropout",
    "invariance": "Invariance",
    "architecture": "Architecture",
    "off-topic": "Off-topic",
}
TITLES = {
    "convolution": "Convolution",
    "pooling": "Pooling",
    "global_pooling": "Global pooling",
    "dropout": "Dropout",
    "invariance": "Invariance",
    "claims": "the measurements below",
}


def overview() -> str:
    """Return the summary as a fragment of HTML; its style comes with :func:`page`."""
    rows = decide()
    found, kept = tally(rows), tally((claim, finding) for claim, finding in rows if finding.verdict == claim.proposed)
    return render(
        "ledger/overview.html",
        count=len(rows),
        verdicts=[(verdict, found[verdict], found[verdict] - kept[verdict]) for verdict in VERDICTS],
        most=max(found.values()),
        differing=[(claim, finding) for claim, finding in rows if finding.verdict != claim.proposed],
    )


def tally(rows: Iterable[tuple[Claim, Finding]]) -> Counter[str]:
    """Count the verdicts that were found."""
    return Counter(finding.verdict for _, finding in rows)


def surprising() -> str:
    """Return the surprises that the results still bear out, as a fragment of HTML."""
    return render("ledger/surprises.html", surprises=surprises(Measured()))


def runs() -> str:
    """Return the table of all experiments, to which the rules link, as a fragment of HTML."""
    found = [(name, results.load(name)) for name in results.measured()]
    return render(
        "ledger/runs.html",
        runs=[(name, result.content["title"], len(result.arms()), seeds(result)) for name, result in found],
    )


def revised() -> str:
    """Return the table of all changes of proposals and rules after results were known, as a fragment of HTML."""
    commits = json.loads(FILE.read_text(encoding="utf-8"))
    changes = [(number, before) for commit in commits for number, (before, _) in commit["claims"].items()]
    return render(
        "ledger/revised.html",
        commits=commits,
        count=len(CLAIMS),
        proposals=len({number for number, before in changes if before.startswith("proposed: ")}) or "no",
        rules=len({number for number, _ in changes}),
        short=lambda text: shorten(text.replace("'", ""), 64, placeholder=" ..."),
    )


def seeds(result: results.Result) -> str:
    """Return how many seeds the arms of an experiment have, such as "5 or 10"."""
    counts = sorted({arm["arm"]["seeds"] for arm in result.arms() if "seeds" in arm["arm"]})
    return " or ".join(map(str, counts)) or "none"


def counted(finding: Finding) -> str:
    """Return in words how many sentences the rule of a claim tests by how many comparisons."""
    comparisons = len({outcome.comparison for part in finding.parts for outcome in part.outcomes})
    at_once = f"{_number(comparisons, 'comparison')}{' at once' if comparisons > 1 else ''}" if comparisons else "facts"
    words = [f"{_number(len(finding.parts), 'sentence')}, {at_once}"] if finding.parts else []
    return "; ".join((*words, f"{len(finding.asides)} looked up besides") if finding.asides else words)


def _number(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"


def page() -> str:
    """Return the table as a fragment of HTML: style, filter, table, scripts; one of them plays in the summary."""
    rows = decide()
    found, chapters = tally(rows), Counter(claim.chapter for claim, _ in rows)
    style, *scripts = ((HERE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js", "game.js"))
    return render(
        "ledger/page.html",
        rows=rows,
        verdicts=[(verdict, found[verdict]) for verdict in VERDICTS],
        chapters=[(chapter, name, chapters[chapter]) for chapter, name in CHAPTERS.items()],
        titles=TITLES,
        counted=counted,
        compared=lambda part: [row(outcome) for outcome in part.outcomes],
        how=how,
        style=style,
        scripts=scripts,
    )
