"""Rules for the claims about dropout."""

from __future__ import annotations

from experiments.ledger.model import Chapter, Finding, Measured, conditions, statements
from experiments.ledger.words import percent, points
from experiments.stats import better, difference, mean

chapter = Chapter("dropout")
claim = chapter.claim
PLACES = ("before", "after", "after_last", "channel", "classifier")


@claim(
    "C075",
    "true",
    "dropout#dropout-definition",
    "Dropout sets some inputs or hidden units to zero.",
    "At random, in training only, and the survivors are scaled up so that the expectation stays.",
)
def _(r: Measured) -> Finding:
    s, layer = r("e09", group="statistics"), r("e09", group="layers")["dropout"]
    return statements(
        f"p = 0.5: mean of {s['draws']:,} draws of 1 is {s['mean']:.4f}, variance {s['variance']:.3f} (p/(1-p) = "
        f"{s['variance_exact']:g})",
        ("the mean is kept", abs(s["mean"] - 1) < 4 * s["mean_error"]),
        ("it is random in training", layer["random"]),
        ("it does nothing in evaluation", not layer["active_in_evaluation"]),
    )


@claim(
    "C076",
    "depends",
    "dropout#dropout-overfitting",
    "Dropout prevents convolutional nets from overfitting.",
    "It can raise test accuracy where a net overfits; with little data or too much dropout it does nothing, or "
    "underfits.",
)
def _(r: Measured) -> Finding:
    cases = [(d, n, p) for d in ("max", "avg") for n in (100, 600) for p in (0.3, 0.5)]
    helps = []
    for d, n, p in cases:
        with_it, without = (r("e09", group="amount", down=d, n=n, p=q)["test"] for q in (p, 0))
        helps.append((f"{d} pools, {n} digits, p = {p}", better(with_it, without)))
    best, none = (r("e09", group="amount", down="max", n=600, p=p)["test"] for p in (0.3, 0))
    return conditions(
        f"better by 2 points or more in {sum(h for _, h in helps)} of {len(cases)} conditions; max pools, 600 "
        f"digits, p = 0.3 after the last pool minus none {points(best, none)}",
        *helps,
    )


@claim(
    "C077",
    "depends",
    "dropout#dropout-placement",
    "Dropout belongs after the last pooling layer.",
    "It beat dropout after every pool in most settings, but nowhere dropout before the pools, which is merely "
    "weaker noise in front of an average and a bias in front of a maximum.",
)
def _(r: Measured) -> Finding:
    s = r("e09", group="statistics")
    settings = [
        ({"group": "placement", "down": d, "p": p}, f"{d} pools, p = {p}") for d in ("max", "avg") for p in (0.3, 0.5)
    ]
    settings.append(({"group": "global"}, "global maximum, p = 0.3"))
    parts, words = [], []
    for wanted, name in settings:
        at = {place: r("e09", dropout=place, **wanted)["test"] for place in ("before", "after", "after_last")}
        words.append(f"{name} {points(at['after_last'], at['before'])} and {points(at['after_last'], at['after'])}")
        parts += [
            (f"better than {place} every pool: {name}", better(at["after_last"], at[place]))
            for place in ("before", "after")
        ]
    return conditions(
        f"four equal values a, p = 0.5: expected maximum {s['max_of_equal']:.3f}a; variance of the average "
        f"{s['average_before']:.2f} before and {s['average_after']:.2f} after. After the last pool minus before, "
        f"and minus after, every pool: {'; '.join(words)}",
        *parts,
    )


@claim(
    "C078",
    "false",
    "dropout#dropout-placement",
    "The reason for dropout after the last pool is that pooling has cut the parameters there and so prevents "
    "overfitting.",
    "That describes pooling, not dropout: with a global head the parameters are the same with and without pools, "
    "and the place still matters.",
)
def _(r: Measured) -> Finding:
    b = r("e01", part="book_nets")
    at = {place: r("e09", group="global", dropout=place)["test"] for place in PLACES}
    best, worst = (f(at, key=lambda place: sum(at[place])) for f in (max, min))
    return statements(
        f"global head: {b['none_gap']['parameters']:,} parameters with and without pools; best place "
        f"({best.replace('_', ' ')}) minus worst ({worst.replace('_', ' ')}) {points(at[best], at[worst])}",
        ("pooling cut the parameters there", b["max_gap"]["parameters"] < b["none_gap"]["parameters"]),
        ("at equal parameters the place is of no account", not better(at[best], at[worst])),
    )


@claim(
    "C079",
    "true",
    "dropout#dropout-definition",
    "Pooling shrinks the data, dropout makes learning sturdier, the dense layer assigns the classes.",
    "They differ in kind: pooling is fixed and always on, dropout random and for training only, and only the dense "
    "layer has parameters.",
)
def _(r: Measured) -> Finding:
    t = r("e09", group="layers")
    silenced = [r("e09", group="ablated", dropout=d)["by_silenced"] for d in ("after_last", "none")]
    quarter = [[row[3] for row in rows] for rows in silenced]
    return statements(
        f"with 8 of 24 maps silenced, trained with minus without dropout {points(*quarter)}; parameters: dense "
        f"layer {t['dense']['parameters']}, others 0",
        ("pooling changes the size", t["pooling"]["changes_shape"] and not t["dropout"]["changes_shape"]),
        ("dropout helps when units fail", better(*quarter)),
        (
            "only the dense layer has parameters",
            t["dense"]["parameters"] > 0 == t["pooling"]["parameters"] == t["dropout"]["parameters"],
        ),
    )


@claim(
    "C080",
    "false",
    "dropout#dropout-overfitting",
    "Without dropout a net may not learn that straight lines exist, and a square will confuse it.",
    "Nets without dropout learn lines and squares without trouble; dropout spreads reliance over units, it does "
    "not create features.",
)
def _(r: Measured) -> Finding:
    off, on = (r("e09", group="lines", dropout=d) for d in (False, True))
    return statements(
        f"without dropout: lines {percent(off['lines'])}, squares against crosses {percent(off['squares'])}; with: "
        f"{percent(on['lines'])} and {percent(on['squares'])}",
        ("it fails to learn lines", sum(off["lines"]) / len(off["lines"]) < 0.95 or better(on["lines"], off["lines"])),
        (
            "squares confuse it",
            sum(off["squares"]) / len(off["squares"]) < 0.95 or better(on["squares"], off["squares"]),
        ),
    )


@claim(
    "C081",
    "half-true",
    "dropout#dropout-overfitting",
    "Convolutional nets overfit because they have millions of parameters.",
    "Capacity makes learning by heart possible, even of shuffled labels with 6,586 parameters; but the gap did not "
    "grow with their number.",
)
def _(r: Measured) -> Finding:
    shuffled = r("e06", group="shuffled", down="max")
    small, large = (r("e06", group="width", down="max", position="centred", widths=[w, 2 * w]) for w in (4, 24))
    gap = difference(large["gap"], small["gap"])
    return statements(
        f"shuffled labels: {percent(shuffled['train'])} on training, {percent(shuffled['test'])} on test images; "
        f"gap with {small['parameters'][0]:,} parameters {percent(small['gap'])}, with {large['parameters'][0]:,} "
        f"{percent(large['gap'])}",
        ("a net can learn shuffled labels by heart", mean(shuffled["train"]).mean > 0.95),
        ("more parameters widen the gap", gap.above(0) and gap.mean >= 0.02),
    )
