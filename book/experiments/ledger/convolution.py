"""Rules for the claims about convolution."""

from __future__ import annotations

from experiments.ledger.model import Chapter, Finding, Measured, statements, unmeasurable
from experiments.ledger.words import cells, size, tiny
from experiments.shares import percent, points
from experiments.stats import better, mean, no_worse

chapter = Chapter("convolution")
claim = chapter.claim


@claim(
    "C001",
    "true",
    "convolution#conv-channels",
    "One filter gives one map, but it sums over all input channels, and training decides what it responds to.",
    told="yyy",
)
def c001_each_filter_leaves_a_map(r: Measured) -> Finding:
    """Convolution layers find features: every filter is moved over the input and leaves its own map of responses."""
    channels, trained = r("e01", part="channels"), r("e13", part="frozen", frozen=False)
    return statements(
        f"changing 1 of 12 input channels moves {channels['conv_moves']} of 12 maps; training moved the first "
        f"filters by {size(trained['moved'])} of their initial norm",
        ("a map depends on every input channel", channels["conv_moves"] == 12),
        ("sliding by hand gives the framework's map", r("e02", part="example")["by_hand_difference"] < 1e-9),
        ("training changes the filters", mean(trained["moved"]).above(0.1)),
    )


@claim(
    "C002",
    "true",
    "convolution#conv-output-size",
    "That is the general formula, floor((n + 2p - d(k - 1) - 1)/s) + 1, without padding, at stride and dilation 1.",
    told="yy",
)
def c002_side_after_filtering(r: Measured) -> Finding:
    """A 3 x 3 filter slid over an 8 x 8 picture yields 6 x 6 values; in general the side is n - f + 1."""
    s = r("e01", part="output_sizes")
    return statements(
        f"8 -> {s['eight_to']}; {s['wrong']} of {s['tried']} settings differ from PyTorch",
        ("8 becomes 6", s["eight_to"] == 6),
        ("the formula is PyTorch's", s["wrong"] == 0),
    )


@claim(
    "C003",
    "true",
    "convolution#conv-parameters",
    "The count is outputs x (k x k x inputs + 1), whatever the size of the picture.",
    told="yy",
)
def c003_one_filter_has_ten_numbers(r: Measured) -> Finding:
    """One 3 x 3 filter over a single channel has ten trainable numbers: nine weights and a bias."""
    c = r("e01", part="counts")
    return statements(
        f"{c['conv_parameters']} parameters; 100 such filters on 1000 x 1000: {c['conv_1000_parameters']:,}",
        ("one filter has ten", c["conv_parameters"] == 10),
        ("the picture's size does not matter", c["conv_1000_parameters"] == 100 * c["conv_parameters"]),
    )


@claim(
    "C004",
    "true",
    "convolution#conv-line",
    "Only the filter's three column sums matter here, so every filter with column sums 0, 3, 0 gives that map.",
    told="yy",
)
def c004_map_of_the_line(r: Measured) -> Finding:
    """For an upright line two pixels wide in the middle of an 8 x 8 picture, the hand-made column filter gives six
    equal rows 0 0 3 3 0 0.
    """
    e = r("e02", part="example")
    return statements(
        f"first row {cells(e['map'][0])}; 100 other filters with those sums differ by at most "
        f"{tiny(e['same_column_sums_difference'])}",
        ("all rows are 0 0 3 3 0 0", e["map"] == [[0, 0, 3, 3, 0, 0]] * 6),
        ("column sums alone decide", e["same_column_sums_difference"] < 1e-9),
    )


@claim(
    "C005",
    "half-true",
    "convolution#conv-line",
    "It adds up a column and has no contrast in it: a white picture excites it as much as the line does.",
    told="ynn",
)
def c005_line_filter_ignores_the_rest(r: Measured) -> Finding:
    """The hand-made line filter answers strongly to an upright line and weakly to everything else."""
    a = r("e02", part="responses")
    line = a["line2"]["column"]
    return statements(
        f"largest response to the line {line:g}, to all white {a['ones']['column']:g}, to a thick lying line "
        f"{a['horizontal2']['column']:g}; with the zero-sum filter {a['line2']['contrast']:g}, "
        f"{a['ones']['contrast']:g} and {a['horizontal2']['contrast']:g}",
        ("it answers to the line", line >= 3),
        ("it answers less to all white", a["ones"]["column"] < line),
        ("it hardly answers to a lying line", a["horizontal2"]["column"] < line / 2),
    )


@claim(
    "C006",
    "true",
    "convolution#conv-line",
    "All responses are 0 or 3 and max(0, z) keeps those; a filter with negative weights would lose its flanks.",
    told="y",
)
def c006_rectifying_changes_nothing(r: Measured) -> Finding:
    """Rectifying the map of the line example changes none of its values."""
    e = r("e02", part="example")
    return statements(
        f"{e['rectifier_changes']} of 36 values change; with the zero-sum filter {e['rectifier_changes_contrast']}",
        ("no value changes", e["rectifier_changes"] == 0),
    ).aside(("negative weights lose their flanks", e["rectifier_changes_contrast"] > 0))


@claim(
    "C007",
    "true",
    "convolution#conv-equivariance",
    "This is equivariance: exact with circular padding, and with zero padding except along the border.",
    told="yy",
)
def c007_map_moves_with_its_pattern(r: Measured) -> Finding:
    """A feature map records where its pattern lies, so it moves when the pattern moves."""
    e = r("e04", part="equivariance")
    return statements(
        f"largest difference between shifting before and after: {tiny(e['circular'])} over shifts -8..8",
        ("circular convolution follows every shift", e["circular"] < 1e-9),
        ("zero padding fails at the border only", e["wrong_outside_border"] == 0),
    )


@claim(
    "C008",
    "false",
    "convolution#conv-equivariance",
    "Whether the same values at other cells are other features is a matter of words: at stride 1 all responses stay "
    "the same and move along; with a stride the values change, unless the shift is a multiple of it.",
)
def c008_shifting_changes_the_features(r: Measured) -> Finding:
    """If the picture is shifted a little, the network extracts other features from it."""
    e = r("e04", part="equivariance")
    return unmeasurable(
        "it turns on what is called another feature",
        f"sorted responses change by {tiny(max(e['sorted_stride1']))} at stride 1; at stride 4 by up to "
        f"{max(e['sorted_stride4']):.2f}, and by {tiny(e['sorted_stride4'][4])} for a shift of 4",
    ).aside(
        ("at stride 1 the responses stay the same", max(e["sorted_stride1"]) < 1e-9),
        ("with a stride the values change", max(e["sorted_stride4"]) > 1e-9),
        ("unless the shift is a multiple of it", e["sorted_stride4"][4] < 1e-9),
    )


@claim(
    "C009",
    "half-true",
    "convolution#conv-output-size",
    "Only missing padding or a stride shrinks the map, and many filters make more values than there were pixels.",
    told="yn",
)
def c009_convolution_discards_detail(r: Measured) -> Finding:
    """Convolution makes the image smaller and discards detail nobody needs."""
    v, s = r("e01", part="counts")["values"], r("e01", part="output_sizes")
    return statements(
        f"576 pixels become {v['valid']} values unpadded, {v['same']} padded, {v['stride2']} at stride 2 (12 filters); "
        f"{v['stride2_few']} at stride 2 with 3 filters",
        ("without padding the side falls", s["eight_to"] < 8),
        ("there are fewer values afterwards", max(v["valid"], v["same"], v["stride2"]) < v["input"]),
    ).aside(("padding keeps the side", s["eight_padded"] == 8), ("a stride shrinks it", s["eight_strided"] < 8))


@claim(
    "C010",
    "half-true",
    "convolution#conv-output-size",
    "PyTorch's pooling moves by its own window by default, and an even kernel cannot keep the size with equal "
    "padding on both sides.",
    told="ynyn",
)
def c010_default_strides_and_padding(r: Measured) -> Finding:
    """A window moves by one pixel unless told otherwise, outputs shrink, and symmetric zero padding restores the
    size.
    """
    s = r("e01", part="output_sizes")
    keeps = s["kernels_that_keep_24"]
    return statements(
        f"default strides: convolution {s['defaults']['conv']}, 3 x 3 max pooling {s['defaults']['max']}; kernels "
        f"up to 11 that can keep 24: {', '.join(map(str, keeps))}",
        ("convolutions move by 1", s["defaults"]["conv"] == 1),
        ("pooling moves by 1", s["defaults"]["max"] == 1),
        ("odd kernels can keep the size", {3, 5, 7} <= set(keeps)),
        ("even kernels can keep the size", {2, 4} <= set(keeps)),
    )


@claim(
    "C011",
    "true",
    "convolution#conv-matrix",
    "It is a dense layer most of whose weights are fixed at zero and the rest tied; ties add up their gradients.",
    told="yyyy",
)
def c011_convolution_is_a_sparse_layer(r: Measured) -> Finding:
    """A convolution is an ordinary layer in which each output sees only a neighbourhood; everything else is kin."""
    m = r("e04", part="matrix")
    return statements(
        f"{m['nonzero']} of {m['entries']} entries are not zero, {m['distinct']} of them distinct; outputs differ "
        f"by {tiny(m['output_difference'])}, gradients by {tiny(m['gradient_difference'])}",
        ("most entries are zero", m["nonzero"] < m["entries"] / 2),
        ("nine values are shared", m["distinct"] == 9),
        ("the matrix computes the convolution", m["output_difference"] < 1e-9),
        ("tied gradients are the convolution's", m["gradient_difference"] < 1e-9),
    )


@claim(
    "C012",
    "true",
    "convolution#conv-parameters",
    "The count is right (400 GB in single precision); multiply-adds shrink less, for shared weights are reused at "
    "every place.",
    told="yy",
)
def c012_shared_filters_need_few_weights(r: Measured) -> Finding:
    """Shared filters need far fewer weights than dense layers: a million pixels wired to 100,000 units take 100 billion
    weights.
    """
    c = r("e01", part="counts")
    return statements(
        f"{c['dense_1000']:,} weights against {c['conv_1000_parameters']:,} parameters and {c['conv_1000_macs']:,} "
        f"multiply-adds; 8 x 8 -> 6 x 6: {c['dense_parameters']:,} against {c['conv_parameters']}",
        ("dense wiring takes 10^11 weights", c["dense_1000"] == 10**11),
        ("a convolution takes fewer", c["conv_parameters"] < c["dense_parameters"]),
    ).aside(
        ("in single precision 400 GB", c["dense_1000_gigabytes"] == 400),
        ("its work is more than its weights", c["conv_1000_macs"] > c["conv_1000_parameters"]),
    )


@claim(
    "C013",
    "false",
    "convolution#conv-learned",
    "It can express less, a subset of the dense maps; it generalises better where the constraint fits the data, "
    "and shuffled pixels take that advantage away.",
    told="nn",
)
def c013_convolution_learns_more_than_dense(r: Measured) -> Finding:
    """A convolution can learn more than a dense layer because not every input reaches every output."""
    m = r("e04", part="matrix")
    gain = {s: _gain(r, s) for s in (0, 1)}
    return statements(
        f"{m['distinct']} free weights against {m['entries']}; advantage over a dense net at random positions "
        f"{_gain_words(r, 0)} in order, {_gain_words(r, 1)} with all pixels permuted",
        ("it has more freedom", m["distinct"] > m["entries"]),
        ("its advantage survives shuffled pixels", no_worse(gain[1], gain[0])),
    )


def _gain(r: Measured, share: float, position: str = "random") -> list[float]:
    nets = [r("e13", part="permuted", share=share, model=m, position=position)["test"] for m in ("cnn", "mlp")]
    return [a - b for a, b in zip(*nets, strict=True)]


def _gain_words(r: Measured, share: float) -> str:
    return points(*(r("e13", part="permuted", share=share, model=m, position="random")["test"] for m in ("cnn", "mlp")))


@claim(
    "C014",
    "half-true",
    "convolution#conv-learned",
    "The growing field is arithmetic and deeper layers do serve the class better; but single units were no purer "
    "than random mixtures of units.",
    told="yyn",
)
def c014_layers_build_a_hierarchy(r: Measured) -> Finding:
    """Layers build a hierarchy: first edges, then shapes, then objects, each layer seeing more of the picture, until
    one kernel may stand for a pair of lips.
    """
    p, growth = r("e13", part="probes"), r("e01", part="receptive")["growth"]
    return statements(
        f"a linear read-out of layer 1 (12 numbers) reaches {percent(p['layer1'])}, of layer 2 (24) "
        f"{percent(p['layer2'])}; area under the ROC curve, best single unit minus best random mixture: "
        f"{points(p['layer2_unit'], p['layer2_mix'])}",
        ("the receptive field grows", growth["3"]["pool"] > growth["2"]["pool"] > growth["1"]["pool"]),
        ("the deeper layer knows more of the class", better(p["layer2"], p["layer1"])),
        ("single units stand for classes", better(p["layer2_unit"], p["layer2_mix"])),
    )


@claim(
    "C015",
    "true",
    "convolution#conv-learned",
    "Yes, and it pays: untrained random filters served no better, by two points, than no filters at all.",
    told="yy",
)
def c015_filters_acquire_their_shape(r: Measured) -> Finding:
    """Filters start as random numbers and acquire their shape from the data."""
    learned, frozen = (r("e13", part="frozen", frozen=f) for f in (False, True))
    return statements(
        f"all layers trained {percent(learned['test'])}, random filters kept {percent(frozen['test'])}, no filters "
        f"{percent(learned['pixels'])} (centred digits); trained minus random "
        f"{points(learned['test'], frozen['test'])}",
        ("training moves the filters", mean(learned["moved"]).above(0.1)),
        ("learned filters beat random ones", better(learned["test"], frozen["test"])),
    ).aside(("random filters do not help", ~better(frozen["test"], learned["pixels"])))


@claim(
    "C016",
    "true",
    "convolution#conv-learned",
    "Neighbours belong together and patterns recur elsewhere: when the order of the pixels is destroyed, so is the "
    "advantage.",
    told="yy",
)
def c016_nets_suit_grids(r: Measured) -> Finding:
    """Convolutional nets suit data that come as a grid, such as pictures."""
    return statements(
        f"advantage over a dense net of equal size, random positions: {_gain_words(r, 0)}; lost by permuting all "
        f"pixels: {points(_gain(r, 0), _gain(r, 1))}",
        ("on pictures it beats a dense net", better(_gain(r, 0), [0.0] * len(_gain(r, 0)))),
        ("the advantage needs the grid", better(_gain(r, 0), _gain(r, 1))),
    )


@claim(
    "C017",
    "false",
    "claims#measured-layers",
    "The next layer sums over all channels, nothing in the training asks for independence, and the channels are in "
    "fact correlated; though a second layer that does keep them apart did as well here.",
    told="nn",
)
def c017_features_are_independent(r: Measured) -> Finding:
    """After convolution and pooling the features are handled separately, since the net takes them to be independent."""
    full, deep = (r("e13", part="second", kind=k) for k in ("full", "depthwise"))
    moves = r("e01", part="channels")["conv_moves"]
    return statements(
        f"{moves} of 12 maps of the next layer follow one channel; mean |correlation| of channels "
        f"{size(full['correlation'])}; a second layer that keeps them apart minus an ordinary one, centred digits: "
        f"{points(deep['test'], full['test'])}",
        ("the next layer keeps channels apart", moves == 1),
        ("channels are uncorrelated", mean(full["correlation"]).below(0.1)),
    ).aside(("keeping channels apart costs no accuracy here", no_worse(deep["test"], full["test"])))
