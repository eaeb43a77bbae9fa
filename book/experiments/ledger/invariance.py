"""Rules for the claims about invariance: shifts, rotations, position."""

from __future__ import annotations

from typing import Any

from experiments.answers import every
from experiments.ledger.model import Chapter, Finding, Measured, conditions, statements
from experiments.ledger.words import cells, explained, size, tiny
from experiments.shares import gap, hundredfold, percent, points, share
from experiments.stats import better, difference, mean, no_worse

chapter = Chapter("invariance")
claim = chapter.claim
CENTRE = 8  # index of shift 0 in "by_shift"


def shift_arm(r: Measured, down: str, head: str, training: str = "centred", padding: str = "zeros") -> dict[str, Any]:
    """Return an arm of the shift grid."""
    return r("e05", kind="grid", down=down, head=head, training=training, padding=padding)


def at(arm: dict[str, Any], shift: int) -> list[float]:
    """Return the accuracies at a diagonal shift, one a seed."""
    return [row[CENTRE + shift] for row in arm["by_shift"]]


@claim(
    "C082",
    "half-true",
    "invariance#inv-augmentation",
    "Its cure is to blur before down-sampling: that removes false detail and steadies the net, while skipping cells "
    "alone makes predictions less steady under small shifts.",
    told="nyy",
)
def c082_down_sampling_cures_sensitivity(r: Measured) -> Finding:
    """Signal processing has the cure for sensitivity to position: down-sampling."""
    c = {d: shift_arm(r, d, "gmp")["consistency"] for d in ("none", "stride", "max", "blur")}
    false = r("e12", part="gratings")["false"]
    return statements(
        "same prediction at 16 positions (global maximum, trained centred): no down-sampling "
        f"{percent(c['none'])}, strides {percent(c['stride'])}, max {percent(c['max'])}, blurred minus plain max "
        f"{points(c['blur'], c['max'])}; amplitude of false detail: max {false['max']:.2f}, blurred "
        f"{false['blur']:.2f}",
        ("strides make predictions steadier", better(c["stride"], c["none"])),
        ("blurring first steadies the net with pools", better(c["blur"], c["max"])),
        ("blurring first removes false detail", false["blur"] < false["max"] - 0.1),
    ).aside(("strides make them less steady", better(c["none"], c["stride"])))


@claim(
    "C083",
    "half-true",
    "invariance#inv-shift",
    "Two pools soften a shift of one pixel a little; independence comes from a global summary, and training at all "
    "positions goes far towards it.",
    told="yn",
)
def c083_pooling_ignores_where_the_object_lies(r: Measured) -> Finding:
    """Pooling makes recognition independent of where the object lies."""
    top, none, whole = shift_arm(r, "max", "flatten"), shift_arm(r, "none", "flatten"), shift_arm(r, "none", "gmp")
    everywhere = shift_arm(r, "max", "flatten", "random")
    return statements(
        f"trained centred, two max pools and flatten: {percent(at(top, 0))} centred, {percent(at(top, 1))} one "
        f"pixel off ({points(at(top, 1), at(none, 1))} against no pools), {percent(top['random'])} anywhere; no pools "
        f"and a global maximum: {percent(at(whole, 0))} centred and {percent(whole['random'])} anywhere",
        ("a shift of one pixel is borne better than without", better(at(top, 1), at(none, 1))),
        ("anywhere is as good as centred, to 10 points", no_worse(top["random"], at(top, 0), within=0.1)),
    ).aside(
        ("a global summary gives it", no_worse(whole["random"], at(whole, 0), within=0.1)),
        ("training at all positions helps", better(everywhere["random"], top["random"])),
    )


@claim(
    "C084",
    "false",
    "invariance#inv-equivariance",
    "Convolution is equivariant; invariance needs a summary of the whole map and no stride before it that it does "
    "not absorb.",
    told="n",
)
def c084_invariance_is_built_in(r: Measured) -> Finding:
    """Invariance to position is built into convolutional nets: a known dog is found anywhere."""
    arms = r.arms("e05", kind="grid", padding="circular")
    exact = [a for a in arms if max(max(row) for row in a["exact"]) < 1e-6]
    names = sorted({f"{a['arm']['down']} + {a['arm']['head']}" for a in exact})
    return statements(
        f"{len(exact)} of {len(arms)} trained nets with circular padding give the same logits at every shift: "
        f"{', '.join(names) if names else 'none'}",
        ("every net does, even where no border disturbs", len(exact) == len(arms)),
    ).aside(
        ("only those without stride under a global summary", set(names) == {"none + gap", "none + gmp"}),
        ("a last pool is absorbed", r("e04", part="heads")["max_absorbed"]),
    )


@claim(
    "C085",
    "depends",
    "invariance#inv-shift",
    "It depends on the head and the training: in the corners a pooled net with a global maximum, trained everywhere, "
    "came within ten points of the centre, and one with a flatten head, trained centred, did not. A mirror image is "
    "another symmetry and takes mirrored training data.",
    told="nuuyn",
)
def c085_pooling_copes_with_corners_and_mirrors(r: Measured) -> Finding:
    """A net with pooling copes with a large displacement, from the centre to a corner, or with a mirror image."""
    arms = {
        "max pools, flatten": shift_arm(r, "max", "flatten"),
        "no pools, global maximum": shift_arm(r, "none", "gmp"),
        "max pools, flatten, trained everywhere": shift_arm(r, "max", "flatten", "random"),
        "max pools, global maximum, trained everywhere": shift_arm(r, "max", "gmp", "random"),
    }
    flipped = r("e10", group="turned", net="plain", training="flipped", n=400)
    upright = arms["no pools, global maximum"]
    parts = [
        (f"corners within 10 points of the centre: {n}", no_worse(a["corners"], at(a, 0), within=0.1))
        for n, a in arms.items()
    ]
    return conditions(
        "at the corners: "
        + "; ".join(f"{n} {percent(a['corners'])}" for n, a in arms.items())
        + f"; mirrored {percent(upright['mirrored'])}, after training with flips {percent(flipped['mirrored'])}",
        *parts,
        ("mirrored as well as upright", no_worse(upright["mirrored"], at(upright, 0), within=0.1)),
    ).aside(("mirrored training data help", better(flipped["mirrored"], upright["mirrored"])))


@claim(
    "C086",
    "half-true",
    "invariance#inv-metric",
    "As a definition it serves; as a fact it holds for wide windows, and for any map at all, pooled or not, if the "
    "empty background is counted.",
    told="ny",
)
def c086_most_pooled_outputs_stay(r: Measured) -> Finding:
    """Translation invariance means that most pooled outputs keep their value when the picture moves a little."""
    u = r("e12", part="unchanged")

    def same(name: str, count: str = "active") -> list[float]:
        return [found[count] for found in u[f"digits_{name}_1"]]

    return statements(
        "digits moved by one pixel behind random filters, active outputs unchanged: no pool "
        f"{percent(same('none1'))}, "
        f"max 2 x 2 {percent(same('max2'))}, average 2 x 2 {percent(same('avg2'))}, max 8 x 8 "
        f"{percent(same('max8'))}; with background and no pool {percent(same('none1', 'all'))}",
        ("most active outputs stay, 2 x 2", share(same("max2")).above(0.5)),
        ("most active outputs stay, 8 x 8", share(same("max8")).above(0.5)),
    ).aside(("with background, most stay without a pool", share(same("none1", "all")).above(0.8)))


@claim(
    "C087",
    "half-true",
    "invariance#inv-shift",
    "Under a flatten head it helps a little; under a global maximum pools add a dependence on the shift that was not "
    "there and that is gone again after two pixels, the stride that counts.",
    told="yn",
)
def c087_small_shifts_hardly_matter(r: Measured) -> Finding:
    """In all cases pooling makes the representation approximately invariant to small translations."""
    flat, whole = ([shift_arm(r, d, h) for d in ("max", "none")] for h in ("flatten", "gmp"))
    agree = [[row[1] for row in arm["agree"]] for arm in (*flat, *whole)]
    two = [row[2] for row in whole[0]["agree"]]
    return statements(
        f"same prediction after one diagonal pixel, max pools minus none: flatten {points(agree[0], agree[1])}, "
        f"global maximum {points(agree[2], agree[3])}; max pools, global maximum, two pixels: {percent(two)}",
        ("steadier under a flatten head", better(agree[0], agree[1])),
        ("as steady under a global maximum", no_worse(agree[2], agree[3])),
    ).aside(
        ("pools add a dependence there", better(agree[3], agree[2])), ("gone after two pixels", share(two).above(0.99))
    )


@claim(
    "C088",
    "depends",
    "invariance#inv-metric",
    "Exactly when every window and the displaced window have the same maximum, which some patterns satisfy and the "
    "line does not.",
    told="yn",
)
def c088_shifted_copy_gives_the_same_output(r: Measured) -> Finding:
    """Max pooling gives the same output for a picture and its shifted copy."""
    v, s = r("e02", part="vectors"), r("e02", part="shifts")
    return conditions(
        f"{v['kept']} of {v['of']} binary rows of six survive a shift of one cell; the line's "
        f"{cells(s['0']['max'])} becomes {cells(s['1']['max'])}",
        ("for some rows", v["kept"] > 0),
        ("for the line", s["0"]["max"] == s["1"]["max"]),
    ).aside(("not for all rows", v["kept"] < v["of"]))


@claim(
    "C089",
    "half-true",
    "invariance#inv-rotation",
    "Rotated copies teach it; whether pools help them is not settled. Nothing is learned in the pools, and pooling "
    "over channels, which might carry the invariance, did worse than an ordinary layer of as many parameters (which "
    "hands on 23 features, not 12).",
    told="unn",
)
def c089_pooling_lets_nets_learn_invariance(r: Measured) -> Finding:
    """Pooling lets a net learn invariant features."""
    turned = {
        n: r("e10", group="turned", net=n, training="rotated", n=400)["single"]
        for n in ("maxout", "matched", "plain", "unpooled")
    }
    upright = r("e10", group="grid", down="max", head="gmp")["single"]
    return statements(
        f"accuracy at random angles: trained upright {percent(upright)}, on rotated copies minus that "
        f"{points(turned['plain'], upright)}; trained on rotated copies, with pools minus without "
        f"{points(turned['plain'], turned['unpooled'])}, pooling over channels minus an ordinary layer of as many "
        f"parameters {points(turned['maxout'], turned['matched'])}",
        ("it learns more from rotated copies than a net without", better(turned["plain"], turned["unpooled"])),
        ("the pools themselves learn", r("e01", part="channels")["pool_parameters"] > 0),
        ("pooling over channels learns it better", better(turned["maxout"], turned["matched"])),
    ).aside(
        ("rotated copies teach it", better(turned["plain"], upright)),
        ("pooling over channels does worse", better(turned["matched"], turned["maxout"])),
    )


@claim(
    "C090",
    "half-true",
    "invariance#inv-rotation",
    "Under a global average small angles cost ten points less with pools and strides were no worse; but held against "
    "all three heads at once this is not settled, nor is it for a global maximum. Under a flatten head a gain of two "
    "points is excluded.",
    told="nuu",
)
def c090_pooling_lends_rotation_invariance(r: Measured) -> Finding:
    """Pooling may lend some invariance to rotation."""

    def lost(down: str, head: str) -> list[float]:
        """Return the accuracy lost at 5, 10 and 15 degrees on average, one value a seed."""
        return [row[0] - sum(row[1:4]) / 3 for row in r("e10", group="grid", down=down, head=head)["by_angle"]]

    heads = {"flatten": "flatten", "gap": "global average", "gmp": "global maximum"}
    pooled = hundredfold(gap(lost("max", "flatten")), "%")
    saved = {name: (lost("none", head), lost("max", head)) for head, name in heads.items()}
    return conditions(
        f"accuracy lost at 5 to 15 degrees: max pools and flatten {pooled}; without pools minus with: "
        + "; ".join(f"{name} {points(*pair)}" for name, pair in saved.items()),
        *((f"pools lose less at small angles: {name}", better(*pair)) for name, pair in saved.items()),
    ).aside(("strides help as much", no_worse([-x for x in lost("stride", "gap")], [-x for x in lost("max", "gap")])))


@claim(
    "C091",
    "true",
    "invariance#inv-rotation",
    "Filters are oriented; rotated training data help a great deal, and orbits of rotated filters cure it exactly for "
    "right angles, not between them.",
    told="yyy",
)
def c091_detectors_can_ignore_rotation(r: Measured) -> Finding:
    """A rotated copy excites other features, but there are ways to make a detector indifferent to rotation."""
    plain_net = r("e10", group="turned", net="plain", training="upright", n=1100)
    rotated = r("e10", group="turned", net="plain", training="rotated", n=1100)
    orbit = r("e10", group="turned", net="orbit", training="upright", n=1100)
    quarter = [[row[6] for row in net["by_angle"]] for net in (plain_net, rotated, orbit)]
    between = [row[5] for row in orbit["by_angle"]]
    return statements(
        f"at 90 degrees: upright training {percent(quarter[0])}, rotated minus upright training "
        f"{points(quarter[1], quarter[0])}, orbit of filters {percent(quarter[2])} (logits change by "
        f"{tiny(max(orbit['exact90']))}), at 45 degrees {percent(between)}; sixes and nines confused: upright "
        f"{percent(plain_net['six_nine'])}, rotated {percent(rotated['six_nine'])}, orbit {percent(orbit['six_nine'])}",
        ("a plain net fails at 90 degrees", share(quarter[0]).below(0.5)),
        ("rotated training helps", better(quarter[1], quarter[0])),
        ("an orbit of filters is exact there", max(orbit["exact90"]) < 1e-3),
    ).aside(("an orbit fails between right angles", better(quarter[2], between, least=0.2)))


@claim(
    "C092",
    "depends",
    "invariance#inv-augmentation",
    "For arbitrary angles, where an orbit of right angles is no full symmetry, copies did better, at a price on "
    "upright digits; for shifts an architecture that has the symmetry was ahead, but whether by two points is not "
    "settled.",
    told="uy",
)
def c092_invariance_comes_from_more_data(r: Measured) -> Finding:
    """The way to invariance is to enlarge the data with shifted or rotated copies."""
    copies, built = shift_arm(r, "max", "flatten", "random"), shift_arm(r, "none", "gmp")
    before = shift_arm(r, "max", "flatten")
    rotated, upright = (r("e10", group="turned", net="plain", training=t, n=1100) for t in ("rotated", "upright"))
    loss = [[row[0] for row in net["by_angle"]] for net in (upright, rotated)]
    orbit = r("e10", group="turned", net="orbit", training="upright", n=1100)
    return conditions(
        f"random positions: shifted copies for max pools and flatten {points(copies['random'], before['random'])}, "
        "minus "
        f"a global maximum without copies {points(copies['random'], built['random'])}; random angles: rotated copies "
        f"{points(rotated['single'], upright['single'])}, minus an orbit of filters without copies "
        f"{points(rotated['single'], orbit['single'])}; upright digits {points(loss[1], loss[0])}",
        ("copies do as well as an architecture: shifts", no_worse(copies["random"], built["random"])),
        ("copies do as well as an architecture: arbitrary angles", no_worse(rotated["single"], orbit["single"])),
    ).aside(
        ("shifted copies help", better(copies["random"], before["random"])),
        ("they match no architecture with the symmetry", better(built["random"], copies["random"])),
        ("rotated copies beat the orbit", better(rotated["single"], orbit["single"])),
        ("upright digits pay", better(*loss)),
    )


@claim(
    "C093",
    "false",
    "invariance#inv-metric",
    "The opposite, approximate invariance: pooled maps change less per pixel of shift, and wider windows less still.",
    told="nn",
)
def c093_pooling_provides_variance(r: Measured) -> Finding:
    """What pooling provides is called spatial variance."""
    u = r("e12", part="unchanged")
    names = {"none1": "no pool", "max2": "2 x 2", "max8": "8 x 8", "global0": "global"}
    change = {k: [found["change"] for found in u[f"photographs_{k}_1"]] for k in names}
    return statements(
        "relative change per pixel of shift, two photographs behind random filters: "
        + ", ".join(f"{name} {size(change[k], 3)}" for k, name in names.items()),
        ("pooling raises the variance under shifts", difference(change["max2"], change["none1"]).above(0)),
        ("a wider window raises it more", difference(change["max8"], change["max2"]).above(0)),
    ).aside(
        ("pooling lowers it", difference(change["none1"], change["max2"]).above(0)),
        ("a wider window lowers it more", difference(change["max2"], change["max8"]).above(0)),
    )


def task(r: Measured, name: str, head: str) -> list[float]:
    """Return the test accuracies of a head on one of the tasks about position."""
    test: list[float] = r("e11", task=name, head=head, down="max", padding="circular")["test"]
    return test


@claim(
    "C094",
    "depends",
    "global_pooling#global-left",
    "True for telling digits apart; where position is the answer a global head is at chance, even for rough and "
    "relative position.",
    told="ynn",
)
def c094_rough_place_is_enough(r: Measured) -> Finding:
    """Where exactly a feature lies matters less than where it lies roughly, among the others."""
    pairs = {n: [task(r, n, h) for h in ("gmp", "flatten")] for n in ("class", "quadrant", "order")}
    chances = ((pairs["quadrant"][0], 0.25), (pairs["order"][0], 0.5))
    words = {"class": "which digit", "quadrant": "which quadrant", "order": "which of two is left"}
    return conditions(
        "; ".join(f"{words[n]}: global maximum {percent(p[0])}, flatten {percent(p[1])}" for n, p in pairs.items()),
        *((f"position can be given up: {words[n]}", no_worse(*p)) for n, p in pairs.items()),
    ).aside(
        (
            "chance, where position is the answer",
            every(*(share(test).near(guessing, within=0.05) for test, guessing in chances)),
        )
    )


@claim(
    "C095",
    "true",
    "invariance#inv-position",
    "A global head cannot know positions (zero padding betrays a little of them) and a global maximum counts badly; "
    "pools blur outlines.",
    told="yyyy",
)
def c095_pooling_can_be_the_wrong_choice(r: Measured) -> Finding:
    """There are tasks for which pooling is the wrong choice."""

    def error(head: str, padding: str = "circular", **more: Any) -> dict[str, Any]:
        found = [
            a
            for a in r.arms("e11", task="where", down="max", head=head, padding=padding)
            if a["arm"].get("coordinates") == more.get("coordinates")
        ]
        return found[0]

    flat, whole, leak = error("flatten"), error("gap"), error("gap", "zeros")
    cure, count = error("gmp", coordinates=True), [task(r, "count", h) for h in ("flatten", "gmp")]
    iou = [r("e11", task="pixels", pools=n)["iou"] for n in (0, 2)]
    betrayed = difference(leak["guess"], leak["error"])
    return statements(
        f"error of the position in pixels: flatten {size(flat['error'])}, global average {size(whole['error'])} "
        f"(guessing {size(whole['guess'])}; with zero padding {betrayed:.2f} less than guessing), with coordinate "
        f"channels and a global maximum {size(cure['error'])}; counting, flatten minus global maximum "
        f"{points(*count)}; outlines (intersection over union), no pool minus two {points(*iou)}",
        (
            "a global head cannot tell coordinates",
            difference(whole["error"], [0.9 * guess for guess in whole["guess"]]).above(0),
        ),
        ("a flatten head can", mean(flat["error"]).below(1)),
        ("a global maximum counts worse", better(*count)),
        ("pools blur outlines", better(*iou)),
    ).aside(("zero padding betrays a little", betrayed.above(0) & betrayed.below(1)))


@claim(
    "C096",
    "true",
    "invariance#inv-position",
    "They exclude functions: where position is the answer, or a pool merges two classes, even the training error "
    "stays.",
    told="yy",
)
def c096_strong_assumptions_underfit(r: Measured) -> Finding:
    """Convolution and pooling are strong assumptions and can make a net underfit."""
    arms = {h: r("e11", task="where", down="none", head=h, padding="circular")["train_r2"] for h in ("gap", "flatten")}
    c = r("e11", task="corners")
    return statements(
        f"training R^2 of coordinates: global average {explained(arms['gap'])}, flatten {explained(arms['flatten'])}; "
        f"four one-pixel pictures behind a 2 x 2 pool: {100 * c['max']:.0f}% (max), {100 * c['avg']:.0f}% (average), "
        f"without it {100 * c['none']:.0f}%",
        ("a global head cannot even fit coordinates", mean(arms["gap"]).below(0.3)),
        ("nor a pooled net four pictures", max(c["max"], c["avg"]) < c["none"]),
    )
