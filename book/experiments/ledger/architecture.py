"""Rules for the claims about whole architectures and their history, and for remarks that are off-topic."""

from __future__ import annotations

from experiments.answers import every, some
from experiments.ledger.literature import OTHER_DATA, TIMELINE, nets_with, sources_of
from experiments.ledger.model import Chapter, Finding, Measured, conditions, statements, unmeasurable
from experiments.ledger.words import tiny
from experiments.shares import percent, points, share
from experiments.stats import better, no_worse

chapter = Chapter("architecture")
strays = Chapter("off-topic")
claim = chapter.claim


@claim(
    "C097",
    "depends",
    "claims#measured-layers",
    "What counts as such a net is a matter of words. What a net needs depends on the task: at random positions ours "
    "lost accuracy without pooling, rectifier or convolution and when it pooled first.",
)
def c097_three_kinds_of_layer(r: Measured) -> Finding:
    """A convolutional net consists of three (or four) kinds of layer, convolution always first."""
    full = r("e06", group="lacking", lacks="nothing")["test"]
    lacks = {
        k: r("e06", group="lacking", lacks=k)["test"] for k in ("pooling", "dense", "relu", "convolution", "pool_first")
    }
    words = {
        "pooling": "no pooling",
        "dense": "no dense layer",
        "relu": "no rectifier",
        "convolution": "no convolution",
        "pool_first": "pooling first",
    }
    centred = [r("e06", group="grid", down=d, n=300, position="centred")["test"][:5] for d in ("max", "none")]
    return unmeasurable(
        "what is called a convolutional net is a matter of words",
        f"random positions, all kinds {percent(full)}; loss with "
        + "; ".join(f"{words[k]} {points(full, v)}" for k, v in lacks.items())
        + f"; centred, no pooling {points(*centred)}",
    ).aside(
        *((f"{words[k]} costs 2 points or more", better(full, v)) for k, v in lacks.items() if k != "dense"),
    )


@claim(
    "C098",
    "depends",
    "claims#measured-layers",
    "Without rectifiers a net with average pools is a single matrix and no better than one, while max pools still "
    "make it nonlinear; pooling was needed at random positions, and on centred digits it is not settled whether it "
    "is.",
    told="ynun",
)
def c098_one_layer_may_be_left_out(r: Measured) -> Finding:
    """One of the layers, rectifier or pooling, may be left out."""
    c = r("e04", part="collapse")
    nets = {d: r("e06", group="linear", down=d, relu=False, position="random")["test"] for d in ("max", "avg")}
    line = r("e06", group="linear", widths=[], position="random")["test"]
    pools = {
        where: [r("e06", group="grid", down=d, n=300, position=where)["test"][:5] for d in ("none", "max")]
        for where in ("centred", "random")
    }
    return conditions(
        f"without rectifiers, from one matrix: average {tiny(c['average_is_matrix'])}, maximum "
        f"{c['max_is_matrix']:.0f}; random positions, minus logistic regression: max {points(nets['max'], line)}, "
        f"average {points(nets['avg'], line)}; no pools minus max pools: centred {points(*pools['centred'])}, random "
        f"positions {points(*pools['random'])}",
        ("no rectifiers, max pools: still nonlinear", c["max_is_matrix"] > 1e-6),
        ("no rectifiers, average pools: still nonlinear", c["average_is_matrix"] > 1e-6),
        ("no pools, centred: less than 2 points lost", ~better(*pools["centred"][::-1])),
        ("no pools, random positions: less than 2 points lost", ~better(*pools["random"][::-1])),
    ).aside(("with average pools no better than one matrix", no_worse(line, nets["avg"])))


@claim(
    "C099",
    "true",
    "convolution#conv-parameters",
    "In multiply-adds nearly all of it; most parameters sit elsewhere, in the dense head.",
    told="y",
)
def c099_convolutions_compute_most(r: Measured) -> Finding:
    """Most of the computation is done by the convolution layers."""
    b = r("e01", part="book_nets")["max_flatten"]
    work, weights = b["conv_macs"] / b["macs"], b["head_parameters"] / b["parameters"]
    return statements(
        f"{b['conv_macs']:,} of {b['macs']:,} multiply-adds ({100 * work:.0f}%); the head holds "
        f"{100 * weights:.0f}% of the parameters",
        ("convolutions do nine tenths of the work", work > 0.9),
    ).aside(("most parameters sit in the head", weights > 0.5))


@claim(
    "C100",
    "half-true",
    "global_pooling#global-heads",
    "One output per class, yes; whether more dense layers are better is not settled. Later nets have a single one "
    "after global pooling.",
    told="yu",
)
def c100_convolve_pool_then_dense(r: Measured) -> Finding:
    """The pattern is convolution and pooling repeated, then two or more dense layers, the last with one output per
    class.
    """
    h = {(head, n): r("e08", group="hidden", head=head, hidden=[32] * n) for head in ("flatten", "gmp") for n in (0, 2)}
    gains = {head: (h[head, 2]["test"], h[head, 0]["test"]) for head in ("flatten", "gmp")}
    return statements(
        "two hidden dense layers minus none, random positions: "
        + "; ".join(f"{n} {points(*gains[k])}" for k, n in (("flatten", "flatten"), ("gmp", "global maximum"))),
        ("ten classes take ten outputs", r("e08", group="shapes")["ten_classes"]["gap_dense"]),
        ("more than one dense layer is better", some(*(better(*g) for g in gains.values()))),
    ).aside(
        ("later nets pool globally", {"ResNet-50", "DenseNet-121"} <= nets_with("average", True), sources_of("average"))
    )


@claim(
    "C101",
    "false",
    "claims#measured-layers",
    "A two-dimensional convolution takes a grid, a dense net a column. Read as one column, where neighbourhoods are "
    "torn apart, digits were recognised less well.",
)
def c101_picture_becomes_a_column(r: Measured) -> Finding:
    """The picture has to be laid out as one column before it enters a convolutional net."""
    one, two = (r("e13", part="raster", kind=k) for k in ("1d", "2d"))
    return unmeasurable(
        "what a layer takes is settled by how it is defined, and a two-dimensional convolution takes a grid",
        f"equal parameters ({two['parameters'][0]:,}), random positions: grid minus column "
        f"{points(two['test'], one['test'])}",
    ).aside(("the grid is better", better(two["test"], one["test"])))


@claim(
    "C102",
    "half-true",
    "invariance#inv-shift",
    "Learned filters replace hand-made features, but digits off the centre still need centring; whether unscaled "
    "pixels cost two points is not settled, and whether such nets are easy was not measured.",
    told="yun",
)
def c102_little_preprocessing_quick_to_write(r: Measured) -> Finding:
    """The great advantages of convolutional nets: little preprocessing, easy to understand, quick to write."""
    net, line = (r("e13", part="rivals", data="random", model=m)["test"] for m in ("cnn", "logistic"))
    scaled, raw = (r("e13", part="inputs", scale=s)["test"] for s in (1, 256))
    mended = r("e05", training="recentred", down="max")
    off = r("e05", kind="grid", down="max", head="flatten", training="centred", padding="zeros")
    return statements(
        f"random positions, net minus logistic regression on pixels {points(net, line)}; pixels 0..1 instead of "
        f"0..256 {points(scaled, raw)}; flatten net at random positions {percent(off['random'])}, gain from one line "
        f"of recentring {points(mended['recentred'], off['random'])}",
        ("no hand-made features are needed", better(net, line)),
        ("pixels need no scaling", no_worse(raw, scaled)),
        ("digits need no centring", no_worse(off["random"], mended["recentred"])),
    ).aside(("centring matters", better(mended["recentred"], off["random"])))


@claim(
    "C103",
    "false",
    "claims#measured-rivals",
    "On centred digits a support vector machine did as well; the net won where positions varied.",
    told="n",
)
def c103_nets_are_most_accurate(r: Measured) -> Finding:
    """Convolutional nets are the most accurate method for images."""
    pairs = {
        d: [r("e13", part="rivals", data=d, model=m)["test"] for m in ("cnn", "svm")]
        for d in ("8x8", "centred", "random")
    }
    words = {"8x8": "8 x 8", "centred": "centred on 24 x 24", "random": "anywhere on 24 x 24"}
    return statements(
        "net minus support vector machine: " + "; ".join(f"{words[d]} {points(*p)}" for d, p in pairs.items()),
        ("most accurate on every set", every(*(better(*p) for p in pairs.values()))),
    ).aside(
        ("the machine does as well on centred digits", every(*(no_worse(*pairs[d][::-1]) for d in ("8x8", "centred")))),
        ("the net wins at random positions", better(*pairs["random"])),
    )


@claim(
    "C104",
    "depends",
    "convolution#conv-learned",
    "It is advice, and what to compare depends on the question: the net's lead came with the grid, so say which "
    "knowledge each method has.",
)
def c104_compare_convolutional_nets_only(r: Measured) -> Finding:
    """In benchmarks, convolutional models should be compared with convolutional ones only."""
    pairs = {
        s: [r("e13", part="permuted", share=s, model=m, position="random")["test"] for m in ("cnn", "mlp")]
        for s in (0, 1)
    }
    leads = [[a - b for a, b in zip(*pair, strict=True)] for pair in pairs.values()]
    return unmeasurable(
        "it says what should be done",
        f"random positions, net minus dense net of equal size: pixels in order {points(*pairs[0])}, permuted "
        f"{points(*pairs[1])}",
    ).aside(
        ("the grid gives it a lead", better(*pairs[0])),
        ("the lead shrinks when the pixels are permuted", better(*leads)),
    )


@claim(
    "C105",
    "depends",
    "claims#measured-read",
    "It is advice. What can be looked up is a limit: VGG's five halvings leave nothing of a picture below 32 pixels.",
)
def c105_copy_nets_that_do_well(r: Measured) -> Finding:
    """When in doubt, copy the patterns of nets that do well."""
    s = r("e01", part="schedules")
    return unmeasurable(
        "it says what should be done",
        "VGG-16's sides: " + "; ".join(" ".join(map(str, v)) for v in s["vgg"].values()),
    ).aside(
        *(
            (f"{'something' if int(n) >= 32 else 'nothing'} is left of {n} pixels", (v[-1] > 0) == (int(n) >= 32))
            for n, v in s["vgg"].items()
        )
    )


@claim(
    "C106",
    "true",
    "claims#measured-layers",
    "The next layer sums over all channels; several nets are joined by their features or by averaging their logits.",
    told="yyy",
)
def c106_maps_and_nets_can_be_combined(r: Measured) -> Finding:
    """Many maps, or several nets, each with its own features, can be combined into one answer."""
    e = r("e13", part="ensemble")
    return statements(
        f"centred digits, one small net {percent(e['single'])}; two minus one: averaged logits "
        f"{points(e['averaged'], e['single'])}, joined features {points(e['joined'], e['single'])}; one net of "
        f"{e['large_parameters'][0]:,} parameters {percent(e['large'])}",
        ("the next layer uses every channel", r("e01", part="channels")["conv_moves"] == 12),
        ("joining two nets costs no accuracy", no_worse(e["joined"], e["single"])),
        ("nor does averaging them", no_worse(e["averaged"], e["single"])),
    )


@claim(
    "C107",
    "half-true",
    "claims#measured-read",
    "It is history, and only as good as what was read: right about 2012 and the processors; but the ancestor is of "
    "1980, and in the 1990s such nets read bank cheques.",
)
def c107_nets_date_from_the_eighties(r: Measured) -> Finding:
    """Convolutional nets date from the late 1980s, were forgotten for want of computing power, and returned with
    graphics processors.
    """
    years, read = [year for year, _, _ in TIMELINE], ", ".join(source for _, _, source in TIMELINE)
    return unmeasurable(
        "it is history: four dates were read in papers and typed in",
        "; ".join(f"{year}: {what}" for year, what, _ in TIMELINE),
    ).aside(
        ("the first is older than the late 1980s", min(years) < 1985, read),
        ("something happened between 1990 and 2010", any(1990 <= year <= 2010 for year in years), read),
        ("there was a return in 2012 with graphics processors", 2012 in years, read),
    )


@claim(
    "C108",
    "true",
    "global_pooling#global-heads",
    "Pooling then runs along time: a net with a maximum over time found a motif also in sequences longer than those it "
    "was trained on.",
    told="yyy",
)
def c108_sequences_can_be_convolved(r: Measured) -> Finding:
    """Convolutional nets are not for pictures alone: sequences such as sentences can be convolved as well."""
    top, avg = (r("e08", group="motif", head=h) for h in ("gmp", "gap"))
    return statements(
        f"finding a motif in sequences: {percent(top['test'])} at the trained length, {percent(top['longer'])} at "
        f"four times it; maximum minus average over time {points(top['test'], avg['test'])} and "
        f"{points(top['longer'], avg['longer'])}; published for {OTHER_DATA[0][0]} ({OTHER_DATA[0][1]})",
        ("a published use outside images", len(OTHER_DATA) > 0, OTHER_DATA[0][2]),
        ("it finds a motif better than by chance", share(top["test"]).above(0.5)),
        ("also in longer sequences", share(top["longer"]).above(0.5)),
    )


@strays.claim(
    "C109",
    "off-topic",
    "",
    "Other meanings of the word, mixed in when pages were scraped: the reason why such lists need a ledger.",
)
def c109_swimming_and_trading_pools(r: Measured) -> Finding:
    """The pros and cons of a swimming pool; producers who share a trading pool."""
    return statements("nothing to measure")


@strays.claim(
    "C110",
    "off-topic",
    "",
    "Navigation and other people's subjects: no statement about pooling in networks.",
)
def c110_stray_remarks(r: Measured) -> Finding:
    """Command lines of a cloud service, pools of processes, cookie notices, menus and stray remarks."""
    return statements("nothing to measure")
