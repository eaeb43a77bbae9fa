"""Rules for the claims about pooling: gradients, what a summary keeps, receptive fields."""

from __future__ import annotations

from experiments.ledger.literature import POOLS, nets_with
from experiments.ledger.model import Chapter, Finding, Measured, conditions, statements
from experiments.ledger.words import cells, percent, points, tiny
from experiments.stats import better, difference

chapter = Chapter("pooling")
claim = chapter.claim


@claim(
    "C044",
    "true",
    "pooling#pool-gradient",
    "Average pooling passes a gradient to every cell of the window, max pooling to the largest one only.",
    "The average gives each of the k x k cells an equal share; both kinds pass on the same total.",
)
def _(r: Measured) -> Finding:
    g = r("e03", part="routing")
    return statements(
        f"cells with a gradient: average {100 * g['average_share']:.0f}%, maximum {100 * g['max_share']:.0f}%; "
        f"totals {g['average_sum']:.0f} and {g['max_sum']:.0f}",
        ("the average reaches all", g["average_share"] == 1),
        ("the maximum reaches one in four", g["max_share"] == 0.25),
    )


@claim(
    "C045",
    "depends",
    "claims#measured-generalisation",
    "DenseNet pools by averages between its blocks since gradients through all cells suit its dense connections.",
    "The gradient's part is right, and averages did win in a small DenseNet; but a plain net gained about as much, "
    "so dense connections need not be the reason.",
)
def _(r: Measured) -> Finding:
    a = {t: r("e06", group="densenet", transition=t)["test"] for t in ("avg", "max", "stride")}
    plain = [r("e06", group="grid", down=d, n=300, position="random")["test"][:5] for d in ("avg", "max")]
    gains = [[x - y for x, y in zip(*pair, strict=True)] for pair in ((a["avg"], a["max"]), plain)]
    return conditions(
        f"average minus max, digits at random positions: small DenseNet {points(a['avg'], a['max'])}, plain net "
        f"{points(*plain)}; DenseNet, average minus stride {points(a['avg'], a['stride'])}",
        ("the average passes gradients to all cells", r("e03", part="routing")["average_share"] == 1),
        ("it does better than max pooling in a DenseNet", better(a["avg"], a["max"])),
        ("it gains more there than in a plain net", better(*gains)),
    )


@claim(
    "C046",
    "half-true",
    "pooling#pool-gradient",
    "The gradient of max pooling is a 1 at the largest value and 0 elsewhere.",
    "That is the local derivative; what flows back is the upstream gradient times it, and overlapping windows add up.",
)
def _(r: Measured) -> Finding:
    g = r("e03", part="routing")
    return statements(
        f"window 3, stride 1 on 0 0 1 0 0: the centre receives {g['overlap'][2]:g}; scattering by hand differs "
        "from "
        f"autograd by {tiny(g['hand_written_difference'])}",
        ("without overlap one cell a window gets it", g["max_share"] == 0.25 and g["gradcheck"]),
        ("with overlap it is a 1 as well", g["overlap"][2] == 1),
    )


@claim(
    "C047",
    "depends",
    "pooling#pool-gradient",
    "If all values in a window are equal, one of them gets the whole gradient.",
    "There is no derivative at a tie and any split is legal: PyTorch's pooling takes the first, its amax shares it "
    "out; training did not care.",
)
def _(r: Measured) -> Finding:
    table, net = r("e03", part="ties")["table"], r("e03", part="trained")
    rules = {rule: r("e03", part="rule", rule=rule)["test"] for rule in ("first", "split", "random")}
    return conditions(
        f"tied windows before the first pool of a trained net {percent(net['tied'])}; accuracy with first "
        f"{percent(rules['first'])}, split {percent(rules['split'])}, random {percent(rules['random'])}",
        *((f"one cell gets all: {op}", sorted(row["threes"]) == [0, 0, 0, 1]) for op, row in table.items()),
    )


@claim(
    "C048",
    "half-true",
    "pooling#pool-gradient",
    "If a whole window is 0, its derivative is 0.",
    "Not at the pool, which still sends the gradient to the first zero; it dies one step earlier, at the rectifier "
    "that made the zeros.",
)
def _(r: Measured) -> Finding:
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
    "The index of each maximum must be stored on the way forward, for backpropagation.",
    "Comparing input and output finds it again, though ties then fall to several cells; only training needs it at all.",
)
def _(r: Measured) -> Finding:
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
    "pooling#pool-signal",
    "Max pooling brings out edges and points; averaging smooths them until they go unnoticed.",
    "A spike survives the maximum and is divided by the window under the average; but a smaller number is lost "
    "only against noise, and with much noise the maximum sees no more.",
)
def _(r: Measured) -> Finding:
    s = r("e12", part="patterns")["spike"]
    auc = r("e12", part="spikes")["spike"]
    return statements(
        f"a spike of 1 becomes {s['max2']:g} and {s['avg2']:g}; telling windows with it (AUC, 4 x 4, noise 0.3) "
        f"{auc['k4_s0.3']['max']:.3f} by maximum, {auc['k4_s0.3']['avg']:.3f} by average; at noise 1 "
        f"{auc['k4_s1.0']['max']:.3f} and {auc['k4_s1.0']['avg']:.3f}",
        ("the maximum keeps a spike that the average shrinks", s["max2"] == 1 and s["avg2"] < 1),
        ("it detects better at every window and noise", all(v["max"] > v["avg"] + 0.02 for v in auc.values())),
    )


def polarity(r: Measured, pool: str, inverted: bool, front: str = "pixels", window: int = 4) -> list[float]:
    """Return the test accuracies of an arm of the polarity grid."""
    return r("e12", part="polarity", pool=pool, inverted=inverted, front=front, window=window)["test"]


@claim(
    "C051",
    "depends",
    "pooling#pool-signal",
    "Max pooling selects bright pixels, which helps with bright objects on a dark ground.",
    "For raw pixels that is so, and on inverted pictures the minimum takes its place; behind a learned convolution "
    "polarity no longer matters.",
)
def _(r: Measured) -> Finding:
    normal, inverted = ([polarity(r, p, i) for p in ("max", "min")] for i in (False, True))
    behind = [polarity(r, p, True, "convolution", 2) for p in ("max", "min")]
    return conditions(
        f"max minus min, raw pixels, 4 x 4: normal {points(*normal)}; inverted {points(*inverted)}; inverted "
        "behind "
        f"a convolution (2 x 2) {points(*behind)}",
        ("bright on dark", better(*normal)),
        ("dark on bright", better(*inverted)),
        ("dark on bright, behind a convolution", better(*behind)),
    )


@claim(
    "C052",
    "half-true",
    "pooling#pool-signal",
    "Max pooling keeps what matters and ignores the less significant rest.",
    "It ignores smaller numbers, which is something else: how many cells answered, or a strongly negative response.",
)
def _(r: Measured) -> Finding:
    s = r("e12", part="summaries")
    rank = {d: r("e12", part="rank", down=d)["test"] for d in ("max", "rank2", "rank4")}
    return statements(
        f"one strong cell or four: the maximum can{'' if s['one_or_four']['max'] else 'not'} tell, the average "
        f"can{'' if s['one_or_four']['avg'] else 'not'}; in retrained nets, largest minus second largest value "
        f"{points(rank['max'], rank['rank2'])}, minus the smallest {points(rank['max'], rank['rank4'])}",
        ("smaller values leave no trace", not s["one_or_four"]["max"]),
        ("what they say is nothing worth", not s["one_or_four"]["avg"]),
    )


@claim(
    "C053",
    "half-true",
    "pooling#pool-signal",
    "A pooled map is the same picture at lower resolution, without its fine detail.",
    "That is what blurring before skipping does, roughly the average too; maximum and slicing turn fine patterns "
    "into coarse ones that were never there.",
)
def _(r: Measured) -> Finding:
    p, g = r("e12", part="patterns"), r("e12", part="gratings")
    f = g["false"]
    return statements(
        f"a checkerboard becomes {cells(p['max'][0])} (max), {cells(p['avg'][0])} (average), "
        f"{cells(p['slice'][0])} "
        f"or {cells(p['slice'][1])} (slicing); amplitude left of gratings too fine for the smaller map: slicing "
        f"{f['slice']:.2f}, max {f['max']:.2f}, average {f['avg']:.2f}, blurred max {f['blur']:.2f}",
        ("the average greys out a checkerboard", p["avg"][0] == [0.5]),
        ("maximum and slicing remove fine detail as well", max(f["max"], f["slice"]) <= f["avg"] + 0.05),
    )


@claim(
    "C054",
    "false",
    "pooling#pool-algebra",
    "Max pooling is a kind of discretisation by samples.",
    "No value is rounded to a grid: outputs are real numbers picked from the input, as many different ones as "
    "there are windows.",
)
def _(r: Measured) -> Finding:
    s = r("e04", part="selection")
    return statements(
        f"{s['distinct']} distinct values in {s['of']} outputs, all among the inputs; rounding leaves "
        f"{s['rounded_distinct']}",
        ("it leaves few distinct values", s["distinct"] < s["of"] / 2),
    )


@claim(
    "C055",
    "depends",
    "pooling#pool-signal",
    "How strongly a feature is present at best says more than how much of it there is on average.",
    "For rare, reliable detections yes; where the amount is the answer, or many weak signs add up, the average wins.",
)
def _(r: Measured) -> Finding:
    spikes = r("e12", part="spikes")
    texture, digits = (
        [r("e08", head=h, **w)["test"] for h in ("gmp", "gap")]
        for w in ({"group": "density"}, {"group": "canvas", "canvas": 24, "noise": 0})
    )
    one, many = spikes["spike"]["k4_s0.3"], spikes["many"]["k4_s0.3"]
    return conditions(
        f"one strong cell (AUC) {one['max']:.3f} by maximum, {one['avg']:.3f} by average; the same strength spread "
        f"{many['max']:.3f} and {many['avg']:.3f}; global max minus average: digits {points(*digits)}, density "
        "of a "
        f"texture {points(*texture)}",
        ("one strong cell in noise", one["max"] > one["avg"] + 0.02),
        ("many weak cells", many["max"] > many["avg"] + 0.02),
        ("digits anywhere on a canvas", better(*digits)),
        ("density of a texture", better(*texture)),
    )


@claim(
    "C056",
    "half-true",
    "claims#measured-generalisation",
    "Max pooling is the usual choice though averages work well too: try both and let the results decide.",
    "Inside, yes, while many nets end in an average; trying decides only with several paired runs, for single ones "
    "often point the wrong way.",
)
def _(r: Measured) -> Finding:
    c, p = (
        [r("e06", group="grid", down=d, n=300, position=w)["test"] for d in ("max", "avg")]
        for w in ("centred", "random")
    )
    wrong = [_wrong(*pair) for pair in (c, p)]
    inside, average = nets_with("max", whole_map=False), nets_with("average", whole_map=False)
    return statements(
        f"max minus average over 10 seeds: centred {points(*c)}, random {points(*p)}; single runs that point the "
        f"other way: {wrong[0]} and {wrong[1]} of 10; of {len({q.net for q in POOLS})} listed nets {len(inside)} "
        f"pool by maximum inside, {len(average)} by average",
        ("more known nets take the maximum inside", len(inside) > len(average)),
        ("averages do as well here", not (better(*c) or better(*p))),
        ("one run of each decides", not any(wrong)),
    )


def _wrong(a: list[float], b: list[float]) -> int:
    sign = difference(a, b).mean > 0
    return sum((x > y) != sign for x, y in zip(a, b, strict=True))


@claim(
    "C057",
    "false",
    "pooling#pool-receptive-field",
    "A 2 x 2 max pool with stride 2 doubles the receptive field.",
    "It doubles the jump between neighbouring cells and adds one old jump to the field; what doubles is the growth "
    "by later layers.",
)
def _(r: Measured) -> Finding:
    f = r("e01", part="receptive")
    return statements(
        f"field {f['conv']} -> {f['conv_pool']} (jump {f['jump'][0]} -> {f['jump'][1]}), then {f['then_conv']} "
        f"after the next 3 x 3; recurrence against gradients: {f['wrong']} of 10 nets differ",
        ("the field doubles", f["conv_pool"] == 2 * f["conv"]),
    )


@claim(
    "C058",
    "true",
    "pooling#pool-receptive-field",
    "With pooling in between, the field of successive convolutions grows exponentially.",
    "After L blocks it is 3 x 2^L - 2, against 2L + 1 without; strides and dilation grow likewise, and the part "
    "that carries most of the gradient is smaller.",
)
def _(r: Measured) -> Finding:
    g, e = r("e01", part="receptive")["growth"], r("e13", part="field")
    pool = [g[str(n)]["pool"] for n in range(1, 7)]
    return statements(
        f"{', '.join(map(str, pool))} for 1 to 6 blocks, {g['6']['plain']} without pools; 90% of the gradient of a "
        f"trained net lies in {percent(e['trained'])} of the field",
        ("it follows 3 x 2^L - 2", pool == [3 * 2**n - 2 for n in range(1, 7)]),
        ("it outgrows plain convolutions", g["6"]["pool"] > 2 * g["6"]["plain"]),
    )


@claim(
    "C059",
    "half-true",
    "global_pooling#global-roi",
    "A 4 x 6 region cannot be pooled to 3 x 3, as 4 is not divisible by 3, though a dense layer needs that size.",
    "The dense layer's need is real; bins that overlap by a row cover any size, and cutting bins short is what "
    "loses values.",
)
def _(r: Measured) -> Finding:
    a, s = r("e01", part="regions"), r("e08", group="shapes")
    return statements(
        f"truncated bins end at {a['truncated'][2][2]:g} of {a['last_value']:g}, overlapping ones at "
        f"{a['adaptive'][2][2]:g}",
        ("a flatten head refuses other sizes", s["refuses_other_size"]),
        ("3 bins miss part of 4 rows", a["adaptive"][2][2] != a["last_value"]),
    )


@claim(
    "C060",
    "true",
    "pooling#pool-receptive-field",
    "Running a pooled network densely over a picture either repeats work or leaves a sparse answer.",
    "A total stride S gives one answer per S x S pixels; all need S x S shifted passes, or the same net with "
    "dilation in place of strides.",
)
def _(r: Measured) -> Finding:
    s = r("e04", part="stitched")
    return statements(
        f"{s['passes']} shifted passes of a net of stride {s['stride']} agree with its dilated form at all "
        f"{s['compared']} places (difference {tiny(s['difference'])})",
        ("the passes are S x S", s["passes"] == s["stride"] ** 2),
        ("the dilated form gives the same", s["difference"] < 1e-9),
    )
