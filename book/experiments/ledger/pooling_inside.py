"""Rules for the claims about pooling: gradients, what a summary keeps, receptive fields."""

from __future__ import annotations

from experiments.answers import every
from experiments.ledger.literature import nets, nets_with, sources
from experiments.ledger.model import Chapter, Finding, Measured, conditions, statements
from experiments.ledger.words import cells, tiny
from experiments.shares import percent, points, share
from experiments.stats import alike, better, difference, no_worse

chapter = Chapter("pooling")
claim = chapter.claim


@claim(
    "C044",
    "true",
    "pooling#pool-gradient",
    "The average gives each of the k x k cells a share, the maximum all to one; the totals are the same.",
    told="yy",
)
def c044_average_reaches_every_cell(r: Measured) -> Finding:
    """Average pooling passes a gradient to every cell of the window, max pooling to the largest one only."""
    g = r("e03", part="routing")
    return statements(
        f"cells with a gradient: average {100 * g['average_share']:.0f}%, maximum {100 * g['max_share']:.0f}%; "
        f"totals {g['average_sum']:.0f} and {g['max_sum']:.0f}",
        ("the average reaches all", g["average_share"] == 1),
        ("the maximum reaches one in four", g["max_share"] == 0.25),
    ).aside(("the totals are the same", abs(g["average_sum"] - g["max_sum"]) < 1e-6))


@claim(
    "C045",
    "depends",
    "claims#measured-layers",
    "The gradient's part is right, and averages did win in a small DenseNet; but they won in a plain net too, and "
    "whether they gain more in the DenseNet is not settled.",
    told="yyu",
)
def c045_densenet_averages_for_its_gradients(r: Measured) -> Finding:
    """DenseNet pools by averages between its blocks since gradients through all cells suit its dense connections."""
    a = {t: r("e06", group="densenet", transition=t)["test"] for t in ("avg", "max", "stride")}
    plain = [r("e06", group="grid", down=d, n=300, position="random")["test"] for d in ("avg", "max")]
    gains = [[x - y for x, y in zip(*pair, strict=False)] for pair in ((a["avg"], a["max"]), plain)]
    return statements(
        f"average minus max, digits at random positions: small DenseNet {points(a['avg'], a['max'])}, plain net (10 "
        f"seeds) {points(*plain)}; DenseNet, average minus stride {points(a['avg'], a['stride'])}",
        ("the average passes gradients to all cells", r("e03", part="routing")["average_share"] == 1),
        ("it does better than max pooling in a DenseNet", better(a["avg"], a["max"])),
        ("it gains more there than in a plain net", better(gains[0], gains[1][:5])),
    ).aside(("it wins in a plain net too", better(*plain)))


@claim(
    "C046",
    "half-true",
    "pooling#pool-gradient",
    "That is the local derivative; what flows back is the upstream gradient times it, and overlapping windows add up.",
    told="yn",
)
def c046_gradient_is_one_at_the_maximum(r: Measured) -> Finding:
    """The gradient of max pooling is a 1 at the largest value and 0 elsewhere."""
    g = r("e03", part="routing")
    return statements(
        f"window 3, stride 1 on 0 0 1 0 0: the centre receives {g['overlap'][2]:g}; scattering by hand differs "
        f"from autograd by {tiny(g['hand_written_difference'])}",
        ("without overlap one cell a window gets it", g["max_share"] == 0.25 and g["gradcheck"]),
        ("with overlap it is a 1 as well", g["overlap"][2] == 1),
    )


@claim(
    "C047",
    "depends",
    "pooling#pool-gradient",
    "There is no derivative at a tie and any split is legal: PyTorch's pooling takes the first, its amax shares it "
    "out; the accuracy after training was the same.",
    told="yynyn",
)
def c047_one_of_equals_gets_the_gradient(r: Measured) -> Finding:
    """If all values in a window are equal, one of them gets the whole gradient."""
    table, net = r("e03", part="ties")["table"], r("e03", part="trained")
    rules = {rule: r("e03", part="rule", rule=rule)["test"] for rule in ("first", "split", "random")}
    return conditions(
        f"tied windows before the first pool of a trained net {percent(net['tied'])}; accuracy, centred digits: first "
        f"{percent(rules['first'])}, minus split {points(rules['first'], rules['split'])}, minus random "
        f"{points(rules['first'], rules['random'])}",
        *((f"one cell gets all: {op}", sorted(row["threes"]) == [0, 0, 0, 1]) for op, row in table.items()),
    ).aside(
        ("pooling takes the first", table["max_pool2d"]["threes"] == [1, 0, 0, 0]),
        ("amax shares it out", table["amax"]["threes"] == [0.25] * 4),
        ("the rule does not matter", every(*(alike(rules["first"], rules[other]) for other in ("split", "random")))),
    )


@claim(
    "C048",
    "half-true",
    "pooling#pool-gradient",
    "Not at the pool, which still sends the gradient to the first zero; it dies one step further down, at the "
    "rectifier that made the zeros.",
    told="ny",
)
def c048_window_of_zeros_has_derivative_zero(r: Measured) -> Finding:
    """If a whole window is 0, its derivative is 0."""
    t, net = r("e03", part="ties"), r("e03", part="trained")
    return statements(
        f"gradient at the pool {cells(t['table']['max_pool2d']['zeros'])}, before the rectifier "
        f"{cells(t['before_rectifier'])}; all-zero windows in a trained net {percent(net['silent'])}",
        ("it is 0 at the pool", not any(t["table"]["max_pool2d"]["zeros"])),
        ("it is 0 before the rectifier", not any(t["before_rectifier"])),
    )


@claim(
    "C049",
    "half-true",
    "pooling#pool-gradient",
    "Comparing input with output finds it again, except at ties, where several cells match.",
    told="ny",
)
def c049_index_must_be_stored(r: Measured) -> Finding:
    """The index of each maximum must be stored on the way forward, for backpropagation."""
    i = r("e03", part="indices")
    return statements(
        f"recomputed mask: differs by {i['difference']:g} without ties, {i['difference_with_ties']:g} with; stored "
        f"indices take {i['index_bytes'] / i['output_bytes']:g} times the output's bytes",
        ("without ties the mask cannot be recomputed", i["difference"] > 0),
        ("with ties the stored index decides", i["difference_with_ties"] > 0),
    )


@claim(
    "C050",
    "half-true",
    "global_pooling#global-spikes",
    "A spike survives the maximum whole and the average divides it by the size of the window; but a smaller number is "
    "lost only against noise, and in much noise the maximum is hardly better.",
    told="yn",
)
def c050_max_keeps_edges_averages_smooth(r: Measured) -> Finding:
    """Max pooling brings out edges and points; averaging smooths them until they go unnoticed."""
    s = r("e12", part="patterns")["spike"]
    windows = [f"k{k}_s{sigma}" for k in (2, 4, 8) for sigma in ("0.1", "0.2", "0.3", "0.5", "1.0")]
    return statements(
        f"a spike of 1 becomes {s['max2']:g} and {s['avg2']:g}; area under the ROC curve of finding it in 4 x 4, "
        f"maximum minus average: noise 0.3 {points(*detection(r, 'spike', 'k4_s0.3'))}, noise 1 "
        f"{points(*detection(r, 'spike', 'k4_s1.0'))}",
        ("the maximum keeps a spike that the average shrinks", s["max2"] == 1 and s["avg2"] < 1),
        ("it detects better at every window and noise", every(*(better(*detection(r, "spike", w)) for w in windows))),
    ).aside(("in little noise it detects better", better(*detection(r, "spike", "k4_s0.3"))))


def detection(r: Measured, task: str, window: str) -> list[list[float]]:
    """Return the areas under the ROC curve of maximum and average, one a seed, for a window and noise."""
    found = r("e12", part="spikes")[task]
    return [[areas[window][kind] for areas in found] for kind in ("max", "avg")]


def polarity(r: Measured, pool: str, inverted: bool, front: str = "pixels", window: int = 4) -> list[float]:
    """Return the test accuracies of an arm of the polarity grid."""
    test: list[float] = r("e12", part="polarity", pool=pool, inverted=inverted, front=front, window=window)["test"]
    return test


@claim(
    "C051",
    "depends",
    "pooling#pool-signal",
    "For raw pixels that is so, and on inverted pictures the minimum takes its place; behind a learned convolution "
    "polarity no longer matters.",
    told="ynn",
)
def c051_max_selects_bright_pixels(r: Measured) -> Finding:
    """Max pooling selects bright pixels, which helps with bright objects on a dark ground."""
    normal, inverted = ([polarity(r, p, i) for p in ("max", "min")] for i in (False, True))
    behind = [polarity(r, p, True, "convolution", 2) for p in ("max", "min")]
    return conditions(
        f"max minus min, raw pixels, 4 x 4: normal {points(*normal)}; inverted {points(*inverted)}; inverted "
        f"behind a convolution (2 x 2) {points(*behind)}",
        ("bright on dark", better(*normal)),
        ("dark on bright", better(*inverted)),
        ("dark on bright, behind a convolution", better(*behind)),
    ).aside(
        ("the minimum takes its place", better(inverted[1], inverted[0])),
        ("behind a convolution both do alike", alike(*behind)),
    )


@claim(
    "C052",
    "half-true",
    "claims#measured-layers",
    "It ignores smaller numbers, which is something else: how many cells answered, or a strongly negative response; "
    "even nets that keep the smallest of four instead lost about a point.",
    told="yn",
)
def c052_max_keeps_what_matters(r: Measured) -> Finding:
    """Max pooling keeps what matters and ignores the less significant rest."""
    s = r("e12", part="summaries")
    rank = {d: r("e12", part="rank", down=d)["test"] for d in ("max", "rank2", "rank4")}
    return statements(
        f"one strong cell or four: the maximum can{'' if s['one_or_four']['max'] else 'not'} tell, the average "
        f"can{'' if s['one_or_four']['avg'] else 'not'}; nets retrained on centred digits, largest minus "
        f"second largest value {points(rank['max'], rank['rank2'])}, minus the smallest "
        f"{points(rank['max'], rank['rank4'])}",
        ("smaller values leave no trace", not s["one_or_four"]["max"]),
        ("there is nothing in them", not s["one_or_four"]["avg"]),
    ).aside(
        ("a strong negative response is dropped", s["strong_negative"] > 0),
        ("keeping the smallest costs less than 2 points", no_worse(rank["rank4"], rank["max"])),
    )


@claim(
    "C053",
    "half-true",
    "invariance#inv-sawtooth",
    "Blurring before skipping comes near that, the average less so; maximum and slicing turn fine patterns into coarse "
    "ones that were never there.",
    told="yn",
)
def c053_pooled_map_loses_detail(r: Measured) -> Finding:
    """A pooled map is the same picture at lower resolution, without its fine detail."""
    p, g = r("e12", part="patterns"), r("e12", part="gratings")
    f = g["false"]
    return statements(
        f"a checkerboard becomes {cells(p['max'][0])} (max), {cells(p['avg'][0])} (average), {cells(p['slice'][0])} or "
        f"{cells(p['slice'][1])} (slicing); amplitude left of gratings too fine for the smaller map: slicing "
        f"{f['slice']:.2f}, max {f['max']:.2f}, average {f['avg']:.2f}, blurred max {f['blur']:.2f}",
        ("the average greys out a checkerboard", p["avg"][0] == [0.5]),
        ("maximum and slicing remove fine detail as well", max(f["max"], f["slice"]) <= f["avg"] + 0.05),
    ).aside(("blurring removes most", f["blur"] < f["avg"] < f["max"] < f["slice"]))


@claim(
    "C054",
    "false",
    "pooling#pool-definition",
    "No value is rounded to a grid: outputs are real numbers picked from the input, as many different ones as "
    "there are windows.",
    told="n",
)
def c054_max_discretises_by_samples(r: Measured) -> Finding:
    """Max pooling is a kind of discretisation by samples."""
    s = r("e04", part="selection")
    return statements(
        f"{s['distinct']} distinct values in {s['of']} outputs, all among the inputs; rounding leaves "
        f"{s['rounded_distinct']}",
        ("it leaves few distinct values", s["distinct"] < s["of"] / 2),
    ).aside(
        ("all outputs are among the inputs", s["subset"]), ("rounding leaves few", s["rounded_distinct"] < s["of"] / 2)
    )


@claim(
    "C055",
    "depends",
    "global_pooling#global-spikes",
    "For rare, reliable detections yes; where the amount is the answer, or many weak signs add up, the average wins.",
    told="ynyn",
)
def c055_best_says_more_than_average(r: Measured) -> Finding:
    """How strongly a feature is present at best says more than how much of it there is on average."""
    texture, digits = (
        [r("e08", head=h, **w)["test"] for h in ("gmp", "gap")]
        for w in ({"group": "density"}, {"group": "canvas", "canvas": 24, "noise": 0})
    )
    one, many = (detection(r, task, "k4_s0.3") for task in ("spike", "many"))
    return conditions(
        f"maximum minus average, area under the ROC curve: one strong cell of 16 {points(*one)}, the same energy "
        "spread "
        f"{points(*many)}; accuracy under a global head: digits at random positions {points(*digits)}, density of a "
        f"texture {points(*texture)}",
        ("one strong cell in noise", better(*one)),
        ("many weak cells", better(*many)),
        ("digits anywhere on a canvas", better(*digits)),
        ("density of a texture", better(*texture)),
    ).aside(("the average wins where many cells count", better(*many[::-1]) & better(*texture[::-1])))


@claim(
    "C056",
    "half-true",
    "claims#measured-generalisation",
    "Inside, yes, and averages do as well here; but trying decides only with several paired runs, for single ones "
    "often point the other way.",
    told="yyn",
)
def c056_max_is_usual_averages_work_too(r: Measured) -> Finding:
    """Max pooling is the usual choice though averages work well too: try both and let the results decide."""
    c, p = (
        [r("e06", group="grid", down=d, n=300, position=w)["test"] for d in ("max", "avg")]
        for w in ("centred", "random")
    )
    wrong = [_wrong(*pair) for pair in (c, p)]
    inside, average = nets_with("max", whole_map=False), nets_with("average", whole_map=False)
    return statements(
        f"max minus average over 10 seeds: centred {points(*c)}, random {points(*p)}; single runs that point the "
        f"other way: {wrong[0]} and {wrong[1]} of 10; of {len(nets())} well-known nets {len(inside)} "
        f"pool by maximum inside, {len(average)} by average",
        ("more known nets take the maximum inside", len(inside) > len(average), sources()),
        ("averages do as well here", no_worse(c[1], c[0]) & no_worse(p[1], p[0])),
        ("one run of each decides", not any(wrong)),
    )


def _wrong(a: list[float], b: list[float]) -> int:
    sign = difference(a, b).mean > 0
    return sum((x > y) != sign for x, y in zip(a, b, strict=True))


@claim(
    "C057",
    "false",
    "pooling#pool-receptive-field",
    "It doubles the jump between neighbouring cells and adds one old jump to the field; what doubles is the growth "
    "by later layers.",
    told="n",
)
def c057_pool_doubles_the_field(r: Measured) -> Finding:
    """A 2 x 2 max pool with stride 2 doubles the receptive field."""
    f = r("e01", part="receptive")
    return statements(
        f"field {f['conv']} -> {f['conv_pool']} (jump {f['jump'][0]} -> {f['jump'][1]}), then {f['then_conv']} "
        f"after the next 3 x 3; recurrence against gradients: {f['wrong']} of 10 nets differ",
        ("the field doubles", f["conv_pool"] == 2 * f["conv"]),
    ).aside(
        ("the jump doubles", f["jump"][1] == 2 * f["jump"][0]),
        ("the field grows by one jump", f["conv_pool"] == f["conv"] + f["jump"][0]),
        ("later growth doubles", f["then_conv"] - f["conv_pool"] == 2 * (f["conv"] - 1)),
        ("gradients agree", f["wrong"] == 0),
    )


@claim(
    "C058",
    "true",
    "convolution#conv-receptive-field",
    "After L blocks it is 3 x 2^L - 2, against 2L + 1 without; strides and dilation grow likewise, and most of the "
    "gradient sits in about half of it.",
    told="yy",
)
def c058_field_grows_exponentially(r: Measured) -> Finding:
    """With pooling in between, the field of successive convolutions grows exponentially."""
    g, e = r("e01", part="receptive")["growth"], r("e13", part="field")
    pool = [g[str(n)]["pool"] for n in range(1, 7)]
    return statements(
        f"{', '.join(map(str, pool))} for 1 to 6 blocks, {g['6']['plain']} without pools; 90% of the gradient of a "
        f"trained net lies in {percent(e['trained'])} of the field",
        ("it follows 3 x 2^L - 2", pool == [3 * 2**n - 2 for n in range(1, 7)]),
        ("it outgrows plain convolutions", g["6"]["pool"] > 2 * g["6"]["plain"]),
    ).aside(
        ("plain convolutions see 2L + 1", g["6"]["plain"] == 2 * 6 + 1),
        ("strides and dilation grow likewise", min(g["6"]["stride"], g["6"]["dilated"]) > 2 * g["6"]["plain"]),
        ("most of the gradient sits in about half", share(e["trained"]).below(0.6)),
    )


@claim(
    "C059",
    "half-true",
    "global_pooling#global-roi",
    "The dense layer's need is real; bins that overlap by a row cover any size, and cutting bins short is what "
    "loses values.",
    told="yn",
)
def c059_region_cannot_be_divided(r: Measured) -> Finding:
    """A 4 x 6 region cannot be pooled to 3 x 3, as 4 is not divisible by 3, though a dense layer needs that size."""
    a, s = r("e01", part="regions"), r("e08", group="shapes")
    return statements(
        f"truncated bins end at {a['truncated'][2][2]:g} of {a['last_value']:g}, overlapping ones at "
        f"{a['adaptive'][2][2]:g}",
        ("a flatten head refuses other sizes", s["refuses_other_size"]),
        ("three bins cannot cover four rows", a["adaptive"][2][2] != a["last_value"]),
    ).aside(("bins cut short lose values", a["truncated"][2][2] < a["last_value"]))


@claim(
    "C060",
    "true",
    "convolution#conv-receptive-field",
    "A total stride S gives one answer per S x S pixels; all need S x S shifted passes, or the same net with "
    "dilation in place of strides.",
    told="yy",
)
def c060_dense_runs_repeat_or_are_sparse(r: Measured) -> Finding:
    """Running a pooled network densely over a picture either repeats work or leaves a sparse answer."""
    s = r("e04", part="stitched")
    return statements(
        f"stride {s['stride']}: one pass answers at {s['one_pass']} of {s['compared']} places; {s['passes']} shifted "
        f"passes answer at all, as its dilated form does (difference {tiny(s['difference'])}), with "
        f"{s['work']['passes'] / s['work']['dilated']:.1f} times its multiply-adds",
        ("one pass is sparse", s["one_pass"] < s["compared"]),
        ("all passes repeat work", s["work"]["passes"] > 2 * s["work"]["dilated"]),
    ).aside(
        ("the passes are S x S", s["passes"] == s["stride"] ** 2),
        ("the dilated form gives the same", s["difference"] < 1e-9),
    )
