"""Rules for the claims about invariance: shifts, rotations, position."""

from __future__ import annotations

from typing import Any

from experiments.ledger.model import Chapter, Finding, Measured, conditions, statements
from experiments.ledger.words import cells, percent, plain, points, tiny
from experiments.stats import better, mean

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
    "invariance#inv-sawtooth",
    "Signal processing has the cure for sensitivity to position: down-sampling.",
    "Its cure is to blur before down-sampling: that removes false detail, while skipping cells alone makes "
    "predictions less steady under small shifts.",
)
def _(r: Measured) -> Finding:
    c = {d: shift_arm(r, d, "gmp")["consistency"] for d in ("none", "stride", "max", "blur")}
    false = r("e12", part="gratings")["false"]
    return statements(
        "same prediction at 16 positions (global maximum, trained centred): no down-sampling "
        f"{percent(c['none'])}, "
        f"strides {percent(c['stride'])}, max {percent(c['max'])}, blurred max {percent(c['blur'])}; amplitude of "
        f"false detail: max {false['max']:.2f}, blurred {false['blur']:.2f}",
        ("strides make predictions steadier", better(c["stride"], c["none"])),
        ("blurring first steadies the net with pools", better(c["blur"], c["max"])),
        ("blurring first removes false detail", false["blur"] < false["max"] - 0.1),
    )


@claim(
    "C083",
    "half-true",
    "invariance#inv-shift",
    "Pooling makes recognition independent of where the object lies.",
    "Two pools take the edge off a shift of a pixel; independence comes from a global summary or from training at "
    "all positions.",
)
def _(r: Measured) -> Finding:
    top, none, whole = shift_arm(r, "max", "flatten"), shift_arm(r, "none", "flatten"), shift_arm(r, "none", "gmp")
    return statements(
        f"trained centred, two max pools and flatten: {percent(at(top, 0))} centred, {percent(at(top, 1))} one "
        f"pixel off, {percent(top['random'])} anywhere; no pools and a global maximum: {percent(at(whole, 0))} and "
        f"{percent(whole['random'])}",
        ("a shift of one pixel is borne better than without", better(at(top, 1), at(none, 1))),
        ("so are positions anywhere, to 10 points", mean(top["random"]).mean > mean(at(top, 0)).mean - 0.1),
    )


@claim(
    "C084",
    "false",
    "invariance#inv-equivariance",
    "Invariance to position is built into convolutional nets: a known dog is found anywhere.",
    "Convolution is equivariant; invariance needs a summary of the whole map and no stride before it that it does "
    "not absorb.",
)
def _(r: Measured) -> Finding:
    arms = r.arms("e05", kind="grid", padding="circular")
    exact = [a for a in arms if max(max(row) for row in a["exact"]) < 1e-6]
    names = sorted({f"{a['arm']['down']} + {a['arm']['head']}" for a in exact})
    return statements(
        f"{len(exact)} of {len(arms)} trained nets with circular padding give the same logits at every shift: "
        f"{', '.join(names) if names else 'none'}",
        ("every net does, even where no border disturbs", len(exact) == len(arms)),
    )


@claim(
    "C085",
    "depends",
    "invariance#inv-shift",
    "A net with pooling copes with a large displacement, from the centre to a corner, or with a mirror image.",
    "It depends on the head and the training, hardly on local pools; a mirror image is another symmetry.",
)
def _(r: Measured) -> Finding:
    arms = {
        "max pools, flatten": shift_arm(r, "max", "flatten"),
        "no pools, global maximum": shift_arm(r, "none", "gmp"),
        "max pools, flatten, trained everywhere": shift_arm(r, "max", "flatten", "random"),
        "max pools, global maximum, trained everywhere": shift_arm(r, "max", "gmp", "random"),
    }
    flipped = r("e10", group="turned", net="plain", training="flipped", n=400)
    upright = arms["no pools, global maximum"]
    parts = [
        (f"corners within 10 points of the centre: {n}", mean(a["corners"]).mean > mean(at(a, 0)).mean - 0.1)
        for n, a in arms.items()
    ]
    return conditions(
        "at the corners: "
        + "; ".join(f"{n} {percent(a['corners'])}" for n, a in arms.items())
        + f"; mirrored {percent(upright['mirrored'])}, after training with flips {percent(flipped['mirrored'])}",
        *parts,
        ("mirrored as well as upright", mean(upright["mirrored"]).mean > mean(at(upright, 0)).mean - 0.1),
    )


@claim(
    "C086",
    "half-true",
    "invariance#inv-metric",
    "Translation invariance means that most pooled outputs keep their value when the picture moves a little.",
    "As a definition it serves, as a fact it depends on the window; counting empty background makes any map look "
    "invariant, pooled or not.",
)
def _(r: Measured) -> Finding:
    u = r("e12", part="unchanged")

    def share(name: str, count: str = "active") -> str:
        return f"{100 * u[name][count]:.0f}%"

    return statements(
        f"digits moved by one pixel, active outputs unchanged: no pool {share('digits_none1_1')}, max 2 x 2 "
        f"{share('digits_max2_1')}, average 2 x 2 {share('digits_avg2_1')}, max 8 x 8 {share('digits_max8_1')}; "
        f"with background and no pool {share('digits_none1_1', 'all')}",
        ("most active outputs stay, 2 x 2", u["digits_max2_1"]["active"] > 0.5),
        ("most active outputs stay, 8 x 8", u["digits_max8_1"]["active"] > 0.5),
    )


@claim(
    "C087",
    "half-true",
    "invariance#inv-sawtooth",
    "In all cases pooling makes the representation approximately invariant to small translations.",
    "Under a flatten head it helps a little; under a global maximum pools add a dependence on the shift that was "
    "not there, periodic in the effective stride.",
)
def _(r: Measured) -> Finding:
    flat, whole = ([shift_arm(r, d, h) for d in ("max", "none")] for h in ("flatten", "gmp"))
    agree = [[row[1] for row in arm["agree"]] for arm in (*flat, *whole)]
    two = [row[2] for row in whole[0]["agree"]]
    return statements(
        f"same prediction after one diagonal pixel, max pools minus none: flatten {points(agree[0], agree[1])}, "
        f"global maximum {points(agree[2], agree[3])}; max pools, global maximum, two pixels: {percent(two)}",
        ("steadier under a flatten head", better(agree[0], agree[1])),
        ("at least as steady under a global maximum", not better(agree[3], agree[2])),
    )


@claim(
    "C088",
    "depends",
    "invariance#inv-metric",
    "Max pooling gives the same output for a picture and its shifted copy.",
    "Exactly when every window and the displaced window have the same maximum, which some patterns satisfy and the "
    "line does not.",
)
def _(r: Measured) -> Finding:
    v, s = r("e02", part="vectors"), r("e02", part="shifts")
    return conditions(
        f"{v['kept']} of {v['of']} binary rows of six survive a shift of one cell; the line's "
        f"{cells(s['0']['max'])} becomes {cells(s['1']['max'])}",
        ("for some pattern", v["kept"] > 0),
        ("for every pattern", v["kept"] == v["of"]),
        ("for the line", s["0"]["max"] == s["1"]["max"]),
    )


@claim(
    "C089",
    "half-true",
    "invariance#inv-rotation",
    "Pooling lets a net learn invariant features.",
    "What spatial pooling gives is fixed, nothing is learned there; invariance is learned from the data, and "
    "pooling over channels may carry it.",
)
def _(r: Measured) -> Finding:
    turned = {
        n: r("e10", group="turned", net=n, training="rotated", n=400)["single"] for n in ("maxout", "matched", "plain")
    }
    upright = r("e10", group="grid", down="max", head="gmp")["single"]
    return statements(
        f"accuracy at random angles: trained upright {percent(upright)}, trained on rotations "
        f"{percent(turned['plain'])}; pooling over channels minus an ordinary layer of equal size "
        f"{points(turned['maxout'], turned['matched'])}",
        ("a net with pools learns it from rotated data", better(turned["plain"], upright)),
        ("the pools themselves learn", r("e01", part="channels")["pool_parameters"] > 0),
    )


@claim(
    "C090",
    "half-true",
    "invariance#inv-rotation",
    "Pooling may lend some invariance to rotation.",
    "Nets with pooling bear a few degrees; so do nets without, and pooling showed no advantage at larger angles.",
)
def _(r: Measured) -> Finding:
    def angle(down: str, head: str, index: int) -> list[float]:
        return [row[index] for row in r("e10", group="grid", down=down, head=head)["by_angle"]]

    upright, small = angle("max", "flatten", 0), angle("max", "flatten", 1)
    gains = {d: (angle("max", "flatten", i), angle("none", "flatten", i)) for d, i in ((15, 3), (30, 4), (45, 5))}
    return statements(
        f"max pools and flatten: {percent(upright)} upright, {percent(small)} at 5 degrees; max minus no "
        "pools " + ", ".join(f"{points(*g)} at {d} degrees" for d, g in gains.items()),
        ("5 degrees cost less than 3 points", mean(small).mean > mean(upright).mean - 0.03),
        ("pooling helps at 15, 30 and 45 degrees", all(better(*g) for g in gains.values())),
    )


@claim(
    "C091",
    "true",
    "invariance#inv-rotation",
    "A rotated copy excites other features, but there are ways to make a detector indifferent to rotation.",
    "Filters are oriented; rotated training data and orbits of rotated filters both cure it, the second exactly "
    "for right angles.",
)
def _(r: Measured) -> Finding:
    plain_net = r("e10", group="turned", net="plain", training="upright", n=1100)
    rotated = r("e10", group="turned", net="plain", training="rotated", n=1100)
    orbit = r("e10", group="turned", net="orbit", training="upright", n=1100)
    quarter = [[row[6] for row in net["by_angle"]] for net in (plain_net, rotated, orbit)]
    return statements(
        f"at 90 degrees: upright training {percent(quarter[0])}, rotated training {percent(quarter[1])}, orbit of "
        f"filters {percent(quarter[2])} (logits change by {tiny(max(orbit['exact90']))}); sixes and nines confused "
        f"{percent(orbit['six_nine'])}",
        ("a plain net fails at 90 degrees", mean(quarter[0]).below(0.5)),
        ("rotated training cures it", better(quarter[1], quarter[0])),
        ("an orbit of filters is exact there", max(orbit["exact90"]) < 1e-3),
    )


@claim(
    "C092",
    "depends",
    "invariance#inv-shift",
    "The way to invariance is to enlarge the data with shifted or rotated copies.",
    "It works for whatever can be simulated, at a price in accuracy and training; where the architecture has the "
    "symmetry, copies add nothing.",
)
def _(r: Measured) -> Finding:
    copies, built = shift_arm(r, "max", "flatten", "random"), shift_arm(r, "none", "gmp")
    before = shift_arm(r, "max", "flatten")
    rotated, upright = (r("e10", group="turned", net="plain", training=t, n=1100) for t in ("rotated", "upright"))
    loss = [[row[0] for row in net["by_angle"]] for net in (upright, rotated)]
    return conditions(
        f"random positions: max pools and flatten {percent(before['random'])}, with shifted copies "
        f"{percent(copies['random'])}, a global maximum without copies {percent(built['random'])}; rotated copies: "
        f"random angles {points(rotated['single'], upright['single'])}, upright digits {points(loss[1], loss[0])}",
        ("shifted copies help", better(copies["random"], before["random"])),
        ("rotated copies help", better(rotated["single"], upright["single"])),
        ("they match an architecture with the symmetry", not better(built["random"], copies["random"])),
        ("they cost nothing on upright digits", not better(loss[0], loss[1])),
    )


@claim(
    "C093",
    "false",
    "invariance#inv-metric",
    "What pooling provides is called spatial variance.",
    "The opposite, approximate invariance: pooled maps change less per pixel of shift, and wider windows less still.",
)
def _(r: Measured) -> Finding:
    u = r("e12", part="unchanged")
    change = {k: u[f"photographs_{k}_1"]["change"] for k in ("none1", "max2", "max8", "global0")}
    return statements(
        "relative change per pixel of shift, photographs: "
        + ", ".join(
            f"{name} {change[k]:.3f}"
            for k, name in (("none1", "no pool"), ("max2", "2 x 2"), ("max8", "8 x 8"), ("global0", "global"))
        ),
        ("pooling raises the variance under shifts", change["max2"] > change["none1"]),
        ("a wider window raises it more", change["max8"] > change["max2"]),
    )


def task(r: Measured, name: str, head: str) -> list[float]:
    """Return the test accuracies of a head on one of the tasks about position."""
    return r("e11", task=name, head=head, down="max", padding="circular")["test"]


@claim(
    "C094",
    "depends",
    "invariance#inv-position",
    "Where exactly a feature lies matters less than where it lies roughly, among the others.",
    "True for telling digits apart; where position is the answer a global head is at chance, even for rough and "
    "relative position.",
)
def _(r: Measured) -> Finding:
    pairs = {n: [task(r, n, h) for h in ("gmp", "flatten")] for n in ("class", "quadrant", "order")}
    words = {"class": "which digit", "quadrant": "which quadrant", "order": "which of two is left"}
    return conditions(
        "; ".join(f"{words[n]}: global maximum {percent(p[0])}, flatten {percent(p[1])}" for n, p in pairs.items()),
        *((f"position can be given up: {words[n]}", not better(p[1], p[0])) for n, p in pairs.items()),
    )


@claim(
    "C095",
    "true",
    "invariance#inv-position",
    "There are tasks for which pooling is the wrong choice.",
    "Coordinates, counting, order and labels for every pixel: a global head cannot know positions (only borders "
    "betray them), and each pool blurs an outline.",
)
def _(r: Measured) -> Finding:
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
    return statements(
        f"error of the position in pixels: flatten {plain(flat['error'])}, global average {plain(whole['error'])} "
        f"(guessing {plain(whole['guess'])}), with zero padding {plain(leak['error'])}, with coordinate channels "
        f"and a global maximum {plain(cure['error'])}; outlines (IoU) {plain(iou[0])} without, {plain(iou[1])} "
        "with "
        "two pools",
        ("a global head cannot tell coordinates", mean(whole["error"]).mean > 0.9 * mean(whole["guess"]).mean),
        ("a flatten head can", mean(flat["error"]).below(1)),
        ("a global maximum counts worse", better(*count)),
        ("pools blur outlines", better(*iou)),
    )


@claim(
    "C096",
    "true",
    "invariance#inv-position",
    "Convolution and pooling are strong assumptions and can make a net underfit.",
    "They exclude functions: where position is the answer even the training error stays, however long one trains.",
)
def _(r: Measured) -> Finding:
    arms = {h: r("e11", task="where", down="none", head=h, padding="circular")["train_r2"] for h in ("gap", "flatten")}
    c = r("e11", task="corners")
    return statements(
        f"training R^2 of coordinates: global average {plain(arms['gap'])}, flatten {plain(arms['flatten'])}; four "
        f"one-pixel pictures behind a 2 x 2 pool: {100 * c['max']:.0f}% (max), {100 * c['avg']:.0f}% (average), "
        f"without it {100 * c['none']:.0f}%",
        ("a global head cannot even fit coordinates", mean(arms["gap"]).below(0.3)),
        ("nor a pooled net four pictures", max(c["max"], c["avg"]) < c["none"]),
    )
