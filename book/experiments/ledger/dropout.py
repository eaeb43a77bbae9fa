"""Rules for the claims about dropout."""

from __future__ import annotations

from experiments.answers import at_least, every, some
from experiments.families import decisions
from experiments.ledger.model import Chapter, Finding, Measured, conditions, statements
from experiments.shares import percent, points, share
from experiments.stats import alike, better, simulated

chapter = Chapter("dropout")
claim = chapter.claim


@claim(
    "C075",
    "true",
    "dropout#dropout-definition",
    "At random, in training only, and the survivors are scaled up so that the expectation stays.",
    told="yyy",
)
def c075_dropout_sets_units_to_zero(r: Measured) -> Finding:
    """Dropout sets some inputs or hidden units to zero."""
    s, layer = r("e09", group="statistics"), r("e09", group="layers")["dropout"]
    kept = simulated(s["mean"], s["mean_error"])
    return statements(
        f"p = 0.5: {s['draws']:,} draws of 1 have mean {kept:.4f}, variance "
        f"{s['variance']:.3f} (p/(1-p) = {s['variance_exact']:g})",
        ("the mean is kept", kept.near(1, within=0.01)),
        ("it is random in training", layer["random"]),
        ("it does nothing in evaluation", not layer["active_in_evaluation"]),
    )


@claim(
    "C076",
    "depends",
    "dropout#dropout-overfitting",
    "Not settled: with 600 digits and max pools it was ahead by six points, which is not enough when eight conditions "
    "are tried; with 100 digits and average pools it cost accuracy within these 30 epochs.",
    told="uuuunnuu",
)
def c076_dropout_prevents_overfitting(r: Measured) -> Finding:
    """Dropout prevents convolutional nets from overfitting."""
    cases = [(d, n, p) for d in ("max", "avg") for n in (100, 600) for p in (0.3, 0.5)]
    helps = []
    for d, n, p in cases:
        with_it, without = (r("e09", group="amount", down=d, n=n, p=q)["test"] for q in (p, 0))
        helps.append((f"{d} pools, {n} digits, p = {p}", better(with_it, without)))
    helped = decisions([answer for _, answer in helps]).count("yes")
    best, none = (r("e09", group="amount", down="max", n=600, p=p)["test"] for p in (0.3, 0))
    few = [r("e09", group="amount", down="avg", n=100, p=p)["test"] for p in (0.3, 0)]
    return conditions(
        f"test accuracy better by 2 points or more in {helped} of {len(cases)} conditions; p = 0.3 "
        f"after the last pool minus none: max pools, 600 digits {points(best, none)}, average pools, 100 digits "
        f"{points(*few)}",
        *helps,
    ).aside(("with 100 digits it cost accuracy", better(*few[::-1])))


@claim(
    "C077",
    "depends",
    "dropout#dropout-measured",
    "It beat dropout after every pool in most settings; whether it beats dropout before the pools, which is weaker "
    "noise in front of an average and a bias in front of a maximum, is not settled in any.",
    told="uuuyuyuyuu",
)
def c077_dropout_belongs_after_the_last_pool(r: Measured) -> Finding:
    """Dropout belongs after the last pooling layer."""
    s = r("e09", group="statistics")
    top = simulated(s["max_of_equal"], s["max_error"])
    settings = [
        ({"group": "placement", "down": d, "p": p}, f"{d} pools, p = {p}") for d in ("max", "avg") for p in (0.3, 0.5)
    ]
    settings.append(({"group": "global"}, "global maximum, p = 0.3"))
    parts, words = [], []
    for wanted, name in settings:
        at = {place: r("e09", dropout=place, **wanted)["test"] for place in ("before", "after", "after_last")}
        if "0.3" not in name or "global" in name:
            words.append(f"{name} {points(at['after_last'], at['before'])} and {points(at['after_last'], at['after'])}")
        parts += [
            (f"better than {place} every pool: {name}", better(at["after_last"], at[place]))
            for place in ("before", "after")
        ]
    return conditions(
        f"four equal values a, p = 0.5: expected maximum {top:.3f} a; "
        "variance of "
        f"the average {s['average_before']:.2f} before and {s['average_after']:.2f} after. Accuracy at random "
        f"positions, after the last pool minus before every pool, and minus after every pool: {'; '.join(words)}",
        *parts,
    ).aside(
        (
            "better than after every pool in most settings",
            at_least(len(settings) // 2 + 1, *(answer for _, answer in parts[1::2])),
        ),
        ("weaker noise before an average", s["average_before"] < s["average_after"] / 2),
        ("a bias before a maximum", top.above(1)),
    )


@claim(
    "C078",
    "false",
    "dropout#dropout-overfitting",
    "That describes pooling, not dropout: with a global head the parameters are the same with and without pools, "
    "and the place still matters.",
    told="nn",
)
def c078_pooling_explains_where_dropout_stands(r: Measured) -> Finding:
    """The reason for dropout after the last pool is that pooling has cut the parameters there and so prevents
    overfitting.
    """
    b = r("e01", part="book_nets")
    at = {place: r("e09", group="global", dropout=place)["test"] for place in ("after_last", "after")}
    return statements(
        f"global head: {b['none_gap']['parameters']:,} parameters with and without pools; random positions, dropout "
        f"after the last pool minus after every pool {points(at['after_last'], at['after'])}",
        ("pooling cut the parameters there", b["max_gap"]["parameters"] < b["none_gap"]["parameters"]),
        ("at equal parameters the place is of no account", alike(at["after_last"], at["after"])),
    ).aside(("the place still matters", better(at["after_last"], at["after"])))


@claim(
    "C079",
    "true",
    "dropout#dropout-overfitting",
    "They differ in kind: pooling is fixed and always on, dropout random and for training only, and only the dense "
    "layer has parameters.",
    told="yyy",
)
def c079_what_pooling_dropout_and_dense_do(r: Measured) -> Finding:
    """Pooling shrinks the data, dropout makes learning sturdier, the dense layer assigns the classes."""
    t = r("e09", group="layers")
    silenced = [r("e09", group="ablated", dropout=d)["by_silenced"] for d in ("after_last", "none")]
    quarter = [[row[3] for row in rows] for rows in silenced]
    return statements(
        f"random positions, 8 of 24 maps silenced, trained with minus without dropout {points(*quarter)}; parameters: "
        f"dense layer {t['dense']['parameters']}, others 0",
        ("pooling changes the size", t["pooling"]["changes_shape"] and not t["dropout"]["changes_shape"]),
        ("dropout helps when units fail", better(*quarter)),
        (
            "only the dense layer has parameters",
            t["dense"]["parameters"] > 0 == t["pooling"]["parameters"] == t["dropout"]["parameters"],
        ),
    ).aside(
        ("pooling is always on and fixed", t["pooling"]["active_in_evaluation"] and not t["pooling"]["random"]),
        ("dropout is random, in training only", t["dropout"]["random"] and not t["dropout"]["active_in_evaluation"]),
    )


@claim(
    "C080",
    "false",
    "dropout#dropout-overfitting",
    "Nets without dropout learn lines and squares without trouble, and dropout adds nothing to that.",
    told="nn",
)
def c080_lines_need_dropout(r: Measured) -> Finding:
    """Without dropout a net may not learn that straight lines exist, and a square will confuse it."""
    off, on = (r("e09", group="lines", dropout=d) for d in (False, True))
    return statements(
        f"without dropout: lines {percent(off['lines'])}, squares against crosses {percent(off['squares'])}; with: "
        f"{percent(on['lines'])} and {percent(on['squares'])}",
        ("it fails to learn lines", share(off["lines"]).below(0.95) | better(on["lines"], off["lines"])),
        (
            "squares confuse it",
            share(off["squares"]).below(0.95) | better(on["squares"], off["squares"]),
        ),
    ).aside(("dropout adds nothing", every(*(alike(on[task], off[task]) for task in ("lines", "squares")))))


@claim(
    "C081",
    "half-true",
    "claims#measured-generalisation",
    "Capacity makes learning by heart possible, even of shuffled labels with a few thousand parameters; but no case "
    "showed a wider gap with more of them, half excluded one of two points, and with max pools at random positions it "
    "shrank.",
    told="yu",
)
def c081_parameters_make_nets_overfit(r: Measured) -> Finding:
    """Convolutional nets overfit because they have millions of parameters."""
    shuffled = r("e06", group="shuffled", down="max")
    cases = [(d, where) for d in ("max", "stride", "none") for where in ("centred", "random")]
    widths = {
        case: [r("e06", group="width", down=case[0], position=case[1], widths=[w, 2 * w]) for w in (24, 4)]
        for case in cases
    }
    gaps = {case: [net["gap"] for net in nets] for case, nets in widths.items()}
    large, small = (net["parameters"][0] for net in widths["max", "random"])
    return statements(
        f"shuffled labels, {shuffled['parameters'][0]:,} parameters: {percent(shuffled['train'])} on training, "
        f"{percent(shuffled['test'])} on test images; gap with {large:,} parameters minus gap with {small:,}, max "
        f"pools: centred {points(*gaps['max', 'centred'])}, random positions {points(*gaps['max', 'random'])}",
        ("a net can learn shuffled labels by heart", share(shuffled["train"]).above(0.95)),
        ("more parameters widen the gap somewhere", some(*(better(*pair) for pair in gaps.values()))),
    ).aside(
        ("it shrinks with max pools at random positions", better(*gaps["max", "random"][::-1])),
        (
            "half of the cases exclude a wider gap",
            at_least(len(gaps) // 2, *(~better(*pair) for pair in gaps.values())),
        ),
    )
