"""Rules for the claims about global pooling and heads."""

from __future__ import annotations

from experiments.answers import every
from experiments.ledger.literature import nets_with, sources_of
from experiments.ledger.model import Chapter, Finding, Measured, conditions, statements
from experiments.ledger.words import cells, explained, tiny
from experiments.shares import percent, points, share
from experiments.stats import better, difference, mean, no_worse

chapter = Chapter("global-pooling")
claim = chapter.claim


def option(r: Measured, head: str, position: str, n: int = 600) -> list[float]:
    """Return the test accuracies of one of the heads on one trunk."""
    test: list[float] = r("e08", group="options", head=head, position=position, n=n)["test"]
    return test


@claim(
    "C061",
    "true",
    "global_pooling#global-definition",
    "A window as large as the map, an adaptive pool to 1 x 1 and a plain mean over both axes are the same thing.",
    told="yy",
)
def c061_whole_maps_become_numbers(r: Measured) -> Finding:
    """Global pooling takes the mean or maximum of each whole map: height x width x C becomes C numbers."""
    s = r("e08", group="shapes")
    return statements(
        f"largest difference between the three spellings {tiny(s['summaries_agree'])}; 7 x 7 x 64 gives "
        f"{s['width']['gap']} numbers",
        ("the spellings agree", s["summaries_agree"] < 1e-9),
        ("one number a map is left", s["width"]["gap"] == 64),
    )


@claim(
    "C062",
    "true",
    "pooling#pool-line",
    "The average gives one number too, 12 cells of 3 over 36; both stay when the line moves by up to two pixels.",
    told="yy",
)
def c062_global_maximum_of_the_line(r: Measured) -> Finding:
    """Global pooling makes the 6 x 6 map of the line a single number, 3 by maximum."""
    s = r("e02", part="shifts")
    means = [s[str(t)]["global_average"] for t in range(-3, 4)]
    return statements(
        f"maximum {s['0']['global_max']:g}, average {s['0']['global_average']:g}; averages for shifts -3..3: "
        f"{cells(means)}",
        ("the maximum is 3", s["0"]["global_max"] == 3),
        ("the average is 1", s["0"]["global_average"] == 1),
    ).aside(
        (
            "both stay for shifts of two",
            all(s[t]["global_max"] == 3 and means[i] == 1 for t, i in (("-2", 1), ("2", 5))),
        )
    )


@claim(
    "C063",
    "true",
    "global_pooling#global-left",
    "Position is gone; presence can be read from either, and the amount from averages better than from maxima.",
    told="yyy",
)
def c063_global_pooling_tells_only_how_much(r: Measured) -> Finding:
    """Global pooling is drastic: it tells at most whether, or how much of, a feature occurs."""
    gap, gmp = (r("e11", task="probes", head=h) for h in ("gap", "gmp"))
    return statements(
        f"R^2 of linear read-outs from averages / maxima: position {explained(gap['position'])} / "
        f"{explained(gmp['position'])}; number of digits {explained(gap['number'])} / {explained(gmp['number'])}; "
        f"digit or scrambled digit {explained(gap['presence'])} / {explained(gmp['presence'])}",
        ("position is gone", mean(gap["position"]).below(0.2) & mean(gmp["position"]).below(0.2)),
        ("averages tell how much", mean(gap["number"]).above(0.5)),
        ("maxima tell whether", mean(gmp["presence"]).above(0.2)),
    ).aside(("averages tell the amount better", better(gap["number"], gmp["number"])))


@claim(
    "C064",
    "true",
    "global_pooling#global-heads",
    "Flattening hands the dense layer 49 times as many inputs and so weights.",
    told="yy",
)
def c064_global_average_takes_64_means(r: Measured) -> Finding:
    """On 7 x 7 x 64 maps global average pooling takes 64 means over 49 cells each."""
    h = r("e01", part="counts")["head_7x7x64"]
    return statements(
        f"{h['flat_inputs']:,} inputs against {h['gap_inputs']}; {h['flat10']:,} parameters against {h['gap10']} for "
        f"10 classes, {h['flat1000']:,} against {h['gap1000']:,} for 1000",
        ("one number is left of each map", h["gap_inputs"] == 64),
        ("of 49 cells each", h["flat_inputs"] == 49 * h["gap_inputs"]),
    ).aside(("49 times the weights", h["flat10"] - 10 == 49 * (h["gap10"] - 10)))


@claim(
    "C065",
    "half-true",
    "global_pooling#global-options",
    "The arithmetic is the same, so a last local average before a global one is idle; but a local pool keeps "
    "coarse positions and the global one none.",
    told="yn",
)
def c065_global_average_is_a_larger_window(r: Measured) -> Finding:
    """Average pooling and global average pooling render the same service, with another window."""
    h, s = r("e04", part="heads"), r("e08", group="shapes")
    local, whole = (option(r, head, "random") for head in ("avg2", "gap"))
    return statements(
        f"7 x 7 x 64 leaves {s['width']['local']} numbers or {s['width']['gap']}; a local average before a global "
        f"one changes it by {tiny(h['mean_absorbed'])}; accuracy at random positions, global minus local "
        f"{points(whole, local)}",
        ("a local average before a global one is idle", h["mean_absorbed"] < 1e-9),
        ("either gives the head the same", s["width"]["local"] == s["width"]["gap"]),
    ).aside(("anywhere, no positions are the better service", better(whole, local)))


@claim(
    "C066",
    "true",
    "invariance#inv-shift",
    "Flatten keeps each position as an input of its own and so ties the head to places; the average is one fixed "
    "linear map of that vector.",
    told="yy",
)
def c066_flatten_lines_up_average_averages(r: Measured) -> Finding:
    """Flatten lines all values up as one long vector for the dense part; global average pooling averages over space."""
    h = r("e04", part="heads")
    flat, whole = (
        r("e05", kind="grid", down="none", head=head, training="centred", padding="zeros")
        for head in ("flatten", "gmp")
    )
    moved = [row[9] for row in flat["by_shift"]], [row[9] for row in whole["by_shift"]]
    return statements(
        f"averaging as a matrix differs by {tiny(h['average_as_matrix'])}; trained centred, without pools, one pixel "
        f"off: flatten {percent(moved[0])}, global maximum minus flatten {points(moved[1], moved[0])}",
        ("the average is a linear map of the vector", h["average_as_matrix"] < 1e-9),
        ("flatten depends on the place, a global head does not", better(moved[1], moved[0])),
    )


@claim(
    "C067",
    "half-true",
    "global_pooling#global-options",
    "Both places are in use; but an average gives all positions the same weight, which is what attention is there to "
    "change.",
    told="yyn",
)
def c067_global_pooling_replaces_dense_layers(r: Measured) -> Finding:
    """Global pooling stands instead of a dense layer, or before one, and acts as attention over the whole picture."""
    s, uniform = r("e08", group="shapes"), r("e04", part="heads")["uniform_attention"]
    gap, att = (
        r("e08", group="canvas", canvas=16, noise=0, head="gap")["test"],
        r("e08", group="attention", position="random")["test"],
    )
    return statements(
        f"{len(nets_with('average', True))} well-known nets end in it; attention with equal weights differs from it by "
        f"{tiny(uniform)}; random positions, learned attention minus average {points(att, gap)}",
        ("it can replace the dense layer", s["ten_classes"]["maps_gap"]),
        ("it can precede one", s["ten_classes"]["gap_dense"]),
        ("it weighs positions", uniform > 1e-9),
    ).aside(("both places are in use", len(nets_with("average", True)) > 1, sources_of("average")))


@claim(
    "C068",
    "half-true",
    "global_pooling#global-cam",
    "Heavier it is; for the average the two are the same function, since both steps are linear; for the maximum not.",
    told="yn",
)
def c068_map_per_class_is_heavier(r: Measured) -> Finding:
    """Replacing the dense layer takes a 1 x 1 convolution to one map per class first, which is heavier and something
    else than pooling before a dense layer.
    """
    h = r("e04", part="heads")
    return statements(
        f"{h['macs_ratio']:g} times the multiply-adds on 7 x 7; difference for the average "
        f"{tiny(h['average_swap'])}, for the maximum {h['max_swap']:.1f}",
        ("it is heavier", h["macs_ratio"] > 1),
        ("it is another function of averages", h["average_swap"] > 1e-9),
    ).aside(("for the maximum it is another", h["max_swap"] > 1))


@claim(
    "C069",
    "depends",
    "global_pooling#global-canvas",
    "It leads by far in clutter and loses where the amount counts; on canvases without clutter, trained to the same "
    "loss, it was ahead by a few points, which the seeds do not settle. Its huge early lead is speed.",
    told="uuuuuyn",
)
def c069_global_maximum_beats_global_average(r: Measured) -> Finding:
    """A global maximum is the better end of a feature extractor than a global average."""
    cases = [
        (f"canvas {c}, noise {s:g}", {"group": "canvas", "canvas": c, "noise": s})
        for c, s in ((16, 0), (24, 0), (32, 0), (24, 0.1), (24, 0.2))
    ]
    cases += [("clutter", {"group": "clutter"}), ("density of a texture", {"group": "density"})]
    pairs = {name: [r("e08", head=h, **w)["test"] for h in ("gmp", "gap")] for name, w in cases}
    early = [r("e08", head=h, group="canvas", canvas=24, noise=0)["early"] for h in ("gmp", "gap")]
    leads = [[a - b for a, b in zip(*pair, strict=True)] for pair in (early, pairs["canvas 24, noise 0"])]
    return conditions(
        f"maximum minus average after 10 epochs, canvas 24, noise 0: {points(*early)}; trained to the same loss: "
        + "; ".join(f"{name} {points(*pair)}" for name, pair in pairs.items()),
        *((f"better: {name}", better(*pair)) for name, pair in pairs.items()),
    ).aside(
        ("the early lead is larger", better(*leads)),
        ("it loses where the amount counts", better(*pairs["density of a texture"][::-1])),
        ("it leads by more in clutter", difference(*pairs["clutter"]).above(0.1)),
    )


@claim(
    "C070",
    "depends",
    "global_pooling#global-options",
    "They leave as many numbers as maps (or more), so only if the last convolution has one map per class.",
    told="nny",
)
def c070_average_pooling_alone_classifies(r: Measured) -> Finding:
    """Feature maps followed by average pooling, local or global, and nothing more make a classifier."""
    s = r("e08", group="shapes")
    w = s["width"]
    return conditions(
        f"7 x 7 x 64: local average {w['local']} numbers, global {w['gap']}, global over class maps {w['maps_gap']}",
        *((f"ten numbers: {k}", s["ten_classes"][k]) for k in ("local", "gap", "maps_gap")),
    )


@claim(
    "C071",
    "depends",
    "global_pooling#global-options",
    "Only global pooling of exactly one map per class; after a local average there are too many numbers.",
    told="ny",
)
def c071_average_feeds_the_softmax(r: Measured) -> Finding:
    """Average pooling can feed the softmax directly, without dense layers."""
    s, trained = r("e08", group="shapes"), option(r, "map_gap", "centred")
    return conditions(
        f"{s['width']['local']} 'classes' after a local average; one map per class and a global average, trained: "
        f"{percent(trained)} on centred digits",
        ("after a local average", s["ten_classes"]["local"]),
        ("after a global average of class maps", every(s["ten_classes"]["maps_gap"], share(trained).above(0.5))),
    )


@claim(
    "C072",
    "true",
    "global_pooling#global-options",
    "The shapes fit and it learns; some step from features to classes is needed unless there is one map per class.",
    told="yy",
)
def c072_average_dense_softmax_is_sound(r: Measured) -> Finding:
    """Average pooling, then dense layers, then softmax is a sound order."""
    s, trained = r("e08", group="shapes"), option(r, "avg2", "centred")
    return statements(
        f"{s['parameters']['local_dense']:,} parameters on 7 x 7 x 64; trained on centred digits {percent(trained)}",
        ("the shapes fit", s["ten_classes"]["local_dense"]),
        ("it learns", share(trained).above(0.8)),
    )


@claim(
    "C073",
    "true",
    "global_pooling#global-options",
    "It is the usual modern head, and the same function as averaging class maps.",
    told="yyy",
)
def c073_global_average_dense_softmax_is_valid(r: Measured) -> Finding:
    """Feature maps, global average pooling, a dense layer and softmax make a valid net."""
    s, trained = r("e08", group="shapes"), option(r, "gap", "random")
    return statements(
        f"{s['parameters']['gap_dense']} parameters; with copied weights its logits differ from averaged class "
        f"maps by {tiny(s['maps_gap_is_gap_dense'])}; random positions, 600 digits {percent(trained)}",
        ("the shapes fit", s["ten_classes"]["gap_dense"]),
        ("it equals averaged class maps", s["maps_gap_is_gap_dense"] < 1e-5),
        ("it learns", share(trained).above(0.5)),
    )


@claim(
    "C074",
    "half-true",
    "global_pooling#global-options",
    "All that fits does learn; but shapes rule much out and symmetry predicts the winner at random positions; a "
    "second softmax slowed learning, but held against all comparisons here it is not settled that this costs two "
    "points.",
    told="ynu",
)
def c074_every_order_works(r: Measured) -> Finding:
    """There are no rules for the order of global pooling, dense layers and softmax; all work, so experiment."""
    anywhere = [option(r, h, "random") for h in ("gmp", "flatten")]
    once, twice = (r("e08", group="softmax", twice=t)["early"] for t in (False, True))
    s = r("e08", group="shapes")["ten_classes"]
    works = [share(option(r, h, "centred")).above(0.5) for h in ("flatten", "map_gap", "gap")]
    return statements(
        f"random positions, 600 digits, global maximum minus flatten {points(*anywhere)}; one softmax minus two, "
        f"after 10 epochs {points(once, twice)}",
        ("dense, global and both in turn all learn", every(*works)),
        ("flatten does as well as global", no_worse(anywhere[1], anywhere[0])),
        ("a second softmax does no harm", no_worse(twice, once)),
    ).aside(
        ("shapes rule some out", not s["local"]),
        ("symmetry predicts the winner", better(*anywhere)),
        ("a second softmax slows learning", better(once, twice)),
    )
