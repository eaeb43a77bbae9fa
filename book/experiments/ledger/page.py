"""The ledger as HTML: a summary, the surprises, and one table that a small script filters where scripts run."""

from __future__ import annotations

from collections import Counter
from html import escape
from pathlib import Path

from experiments.ledger import VERDICTS, Claim, Finding, decide
from experiments.ledger.model import Measured, Part
from experiments.ledger.surprises import surprises

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


VOID = "The reason was written for other results; what was tested stands beside it."


def overview() -> str:
    """Return the summary as a fragment of HTML; its style comes with :func:`page`."""
    rows = decide()
    return f'<div class="ledger">{summary(rows)}{overturned(rows)}</div>'


def summary(rows: list[tuple[Claim, Finding]]) -> str:
    """Return how many claims got each verdict, as a table whose bars are drawn to scale."""
    found = Counter(finding.verdict for _, finding in rows)
    kept = Counter(finding.verdict for claim, finding in rows if finding.verdict == claim.proposed)
    body = "".join(
        f'<tr data-verdict="{v}"><th scope="row"><span class="ledger-verdict">{v}</span></th><td>{found[v]}</td>'
        f'<td class="ledger-scale"><span class="ledger-bar" style="width: {100 * found[v] / max(found.values()):.0f}%">'
        f"</span></td><td>{found[v] - kept[v]}</td></tr>"
        for v in VERDICTS
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Verdict", "Claims", "Share", "Overturned"))
    return (
        f'<table class="ledger-summary"><caption>{len(rows)} claims by the verdict that was computed.</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )


def overturned(rows: list[tuple[Claim, Finding]]) -> str:
    """Return a sentence on the claims whose verdict is not the one proposed before measuring."""
    differ = [(claim, finding) for claim, finding in rows if finding.verdict != claim.proposed]
    each = ", ".join(
        f"{permalink(claim.number)} ({claim.proposed}, found {finding.verdict})" for claim, finding in differ
    )
    if not differ:
        return f"<p>All {len(rows)} verdicts are those proposed before measuring.</p>"
    return f"<p>{len(differ)} of {len(rows)} verdicts are not those proposed before measuring: {each}.</p>"


def surprising() -> str:
    """Return the surprises that the results still bear out, as a fragment of HTML."""
    items = "".join(
        f"<li><strong>{escape(s.says)}</strong> {permalink(s.number)}<br>{escape(s.figure)}</li>"
        for s in surprises(Measured())
        if s.holds
    )
    return f'<div class="ledger"><ul class="ledger-surprises">{items}</ul></div>'


def permalink(number: str) -> str:
    """Return a link to a claim's own row."""
    return f'<a class="ledger-number" href="#{number.lower()}">{number}</a>'


def page() -> str:
    """Return the table as a fragment of HTML: style, filter, table, script."""
    rows = decide()
    style, script = ((HERE / f"page.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    return "\n".join(
        (
            f"<style>{style}</style>",
            '<div class="ledger">',
            controls(rows),
            table(rows),
            "</div>",
            f"<script>{script}</script>",
        )
    )


def controls(rows: list[tuple[Claim, Finding]]) -> str:
    """Return the form that filters; it stays hidden where no script runs."""
    found = Counter(finding.verdict for _, finding in rows)
    chapters = Counter(claim.chapter for claim, _ in rows)
    verdicts = "".join(_option(v, f"{v} ({found[v]})") for v in VERDICTS)
    places = "".join(_option(c, f"{name} ({chapters[c]})") for c, name in CHAPTERS.items())
    return (
        '<form class="ledger-filter" role="search" aria-label="Filter the claims" hidden>'
        '<label>Search <input type="search" name="words" autocomplete="off"></label>'
        f'<label>Verdict <select name="verdict"><option value="">all</option>{verdicts}</select></label>'
        f'<label>Subject <select name="chapter"><option value="">all</option>{places}</select></label>'
        '<label class="ledger-check"><input type="checkbox" name="surprise"> measured otherwise than proposed</label>'
        '<button type="reset">Show all</button>'
        f'<output aria-live="polite">{len(rows)} of {len(rows)} claims</output></form>'
    )


def _option(value: str, text: str) -> str:
    return f'<option value="{escape(value)}">{escape(text)}</option>'


def table(rows: list[tuple[Claim, Finding]]) -> str:
    """Return the table; roles are spelled out because a narrow page lays its cells out as blocks."""
    heads = "".join(
        f'<th role="columnheader" scope="col">{name}</th>' for name in ("Claim", "Verdict", "Measured", "Why")
    )
    body = "".join(row(claim, finding) for claim, finding in rows)
    return (
        '<table role="table" class="ledger-claims"><caption>'
        "Every claim, the verdict computed from the results, and the figure it rests on. "
        "Brackets hold 95% intervals; d is the mean paired difference in standard deviations.</caption>"
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def row(claim: Claim, finding: Finding) -> str:
    """Return one row; what a filter asks for is in its data attributes."""
    differs = finding.verdict != claim.proposed
    why = claim.why if claim.stands(finding) else VOID
    return (
        f'<tr role="row" id="{claim.number.lower()}" data-verdict="{finding.verdict}" data-chapter="{claim.chapter}" '
        f'data-surprise="{"yes" if differs else "no"}">'
        f'<th role="rowheader" scope="row">{permalink(claim.number)} {escape(claim.says)}</th>'
        f'<td role="cell"><span class="ledger-verdict">{finding.verdict}</span></td>'
        f'<td role="cell">{escape(finding.figure)}{parts(finding)}</td>'
        f'<td role="cell">{escape(why)}{surprise(claim, differs)} {link(claim)}</td></tr>'
    )


def surprise(claim: Claim, differs: bool) -> str:
    """Return what to say where the measurement overrules the verdict proposed beforehand."""
    if not differs:
        return ""
    more = f" {claim.surprise}" if claim.surprise else ""
    return f' <em class="ledger-surprise">Proposed before measuring: {claim.proposed}.{escape(more)}</em>'


def parts(finding: Finding) -> str:
    """Return the parts that the verdict follows from, folded."""
    if not finding.parts:
        return ""
    items = "".join(f"<li>{part(p)}</li>" for p in finding.parts) + "".join(
        f"<li>besides, {part(p)}</li>" for p in finding.asides
    )
    return f"<details><summary>{len(finding.parts)} tested</summary><ul>{items}</ul></details>"


def part(p: Part) -> str:
    """Return whether a part holds, and whether that was measured or read."""
    return f"{'yes' if p.holds else 'no'}: {escape(p.says)}{' (read, not measured)' if p.source else ''}"


def link(claim: Claim) -> str:
    """Return a link to the place where the book shows it, if there is anything to show."""
    if not claim.place:
        return ""
    text = f"Shown in {TITLES[claim.page]}"
    return f'<a href="{claim.page}.html#{claim.label}" aria-label="{text}, claim {claim.number}">{text}</a>'
