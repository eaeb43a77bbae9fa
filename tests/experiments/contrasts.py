"""What the verdicts rest on, as pairs (more, less) of figures that can be taken from any results with these arms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from experiments.ledger import Measured

Figures: TypeAlias = list[float]
Pair: TypeAlias = Sequence[Figures]
Contrast: TypeAlias = Callable[[Measured], Pair]
CONTRASTS: dict[str, Contrast] = {}


def contrast(function: Contrast) -> Contrast:
    """Register a function that takes results and returns two lists of figures, the first expected to be larger."""
    CONTRASTS[function.__name__] = function
    return function


def shifted(arm: dict[str, Any], shift: int) -> Figures:
    return [row[8 + shift] for row in arm["by_shift"]]


def angle(arm: dict[str, Any], index: int) -> Figures:
    return [row[index] for row in arm["by_angle"]]


@contrast
def e03_most_windows_of_a_trained_net_are_tied(r: Measured) -> Pair:
    tied = r("e03", part="trained")["tied"]
    return tied, [1 - share for share in tied]


@contrast
def e05_flatten_fails_off_centre(r: Measured) -> Pair:
    arm = r("e05", kind="grid", down="max", head="flatten", training="centred", padding="zeros")
    return shifted(arm, 0), shifted(arm, 4)


@contrast
def e05_a_global_maximum_does_not(r: Measured) -> Pair:
    whole, flat = (
        r("e05", kind="grid", down=d, head=h, training="centred", padding="zeros")
        for d, h in (("none", "gmp"), ("max", "flatten"))
    )
    return shifted(whole, 4), shifted(flat, 4)


@contrast
def e05_pools_under_a_global_maximum_fail_at_one_pixel(r: Measured) -> Pair:
    arm = r("e05", kind="grid", down="max", head="gmp", training="centred", padding="zeros")
    return shifted(arm, 0), shifted(arm, 1)


@contrast
def e05_and_recover_at_two(r: Measured) -> Pair:
    arm = r("e05", kind="grid", down="max", head="gmp", training="centred", padding="zeros")
    return shifted(arm, 2), shifted(arm, 1)


@contrast
def e05_flatten_changes_its_logits_more_than_a_global_maximum(r: Measured) -> Pair:
    flat, whole = (
        r("e05", kind="grid", down=d, head=h, training="centred", padding="zeros")
        for d, h in (("max", "flatten"), ("none", "gmp"))
    )
    return [row[4] for row in flat["exact"]], [row[4] for row in whole["exact"]]


def sample(r: Measured, down: str, figure: str = "test") -> Figures:
    figures: Figures = r("e06", group="grid", down=down, n=300, position="random")[figure]
    return figures[:5]


@contrast
def e06_max_pooling_beats_strides_of_equal_size(r: Measured) -> Pair:
    return sample(r, "max"), sample(r, "stride")


@contrast
def e06_max_pooling_beats_none(r: Measured) -> Pair:
    return sample(r, "max"), sample(r, "none")


@contrast
def e06_none_has_the_wider_gap(r: Measured) -> Pair:
    return sample(r, "none", "gap"), sample(r, "max", "gap")


@contrast
def e07_a_convolution_works_more_than_the_pool_after_it(r: Measured) -> Pair:
    operations = r("e07", part="operations", size="small", layout="nchw")["operations"]
    return [operations["conv"]], [50 * operations["max_pool"]]


@contrast
def e08_the_global_maximum_learns_faster_than_the_average(r: Measured) -> Pair:
    return tuple(r("e08", group="canvas", canvas=24, noise=0, head=h)["early"] for h in ("gmp", "gap"))


@contrast
def e08_the_global_maximum_beats_flatten(r: Measured) -> Pair:
    return tuple(r("e08", group="canvas", canvas=24, noise=0, head=h)["early"] for h in ("gmp", "flatten"))


@contrast
def e08_the_average_tells_densities_better(r: Measured) -> Pair:
    return tuple(r("e08", group="density", head=h)["test"] for h in ("gap", "gmp"))


@contrast
def e09_dropout_before_a_maximum_is_biased(r: Measured) -> Pair:
    s = r("e09", group="statistics")
    return [s["max_of_equal"] - 4 * s["max_error"]], [s["mean"]]


@contrast
def e09_dropout_before_an_average_is_weaker_noise(r: Measured) -> Pair:
    s = r("e09", group="statistics")
    return [s["average_after"]], [s["average_before"]]


@contrast
def e09_after_the_last_pool_beats_after_every_pool(r: Measured) -> Pair:
    return tuple(r("e09", group="placement", down="max", dropout=d, p=0.5)["test"] for d in ("after_last", "after"))


@contrast
def e10_rotation_breaks_a_pooled_net(r: Measured) -> Pair:
    arm = r("e10", group="grid", down="max", head="flatten")
    return angle(arm, 0), angle(arm, 6)


@contrast
def e10_and_one_without_pools(r: Measured) -> Pair:
    arm = r("e10", group="grid", down="none", head="flatten")
    return angle(arm, 0), angle(arm, 6)


@contrast
def e10_an_orbit_of_filters_mends_right_angles(r: Measured) -> Pair:
    return (
        angle(r("e10", group="turned", net="orbit", n=400), 6),
        angle(r("e10", group="grid", down="max", head="flatten"), 6),
    )


def error(r: Measured, head: str) -> Figures:
    arms = r.arms("e11", task="where", down="max", head=head, padding="circular")
    return next(arm["error"] for arm in arms if "coordinates" not in arm["arm"])


@contrast
def e11_a_global_average_cannot_tell_coordinates(r: Measured) -> Pair:
    return error(r, "gap"), error(r, "flatten")


@contrast
def e11_nor_can_a_global_maximum(r: Measured) -> Pair:
    return error(r, "gmp"), error(r, "flatten")


@contrast
def e11_four_pictures_are_fitted_without_a_pool_only(r: Measured) -> Pair:
    found = r("e11", task="corners")
    return [found["none"]], [max(found["max"], found["avg"])]


def polarity(r: Measured, pool: str, inverted: bool) -> Figures:
    figures: Figures = r("e12", part="polarity", front="pixels", window=4, pool=pool, inverted=inverted)["test"]
    return figures


@contrast
def e12_max_suits_light_digits(r: Measured) -> Pair:
    return polarity(r, "max", False), polarity(r, "min", False)


@contrast
def e12_min_suits_dark_ones(r: Measured) -> Pair:
    return polarity(r, "min", True), polarity(r, "max", True)


@contrast
def e12_the_maximum_finds_a_spike(r: Measured) -> Pair:
    found = r("e12", part="spikes")["spike"]
    return tuple([areas["k4_s0.3"][kind] for areas in found] for kind in ("max", "avg"))


@contrast
def e12_the_average_finds_what_is_spread(r: Measured) -> Pair:
    found = r("e12", part="spikes")["many"]
    return tuple([areas["k4_s0.3"][kind] for areas in found] for kind in ("avg", "max"))


@contrast
def e12_max_pooling_aliases_more_than_blurring(r: Measured) -> Pair:
    false = r("e12", part="gratings")["false"]
    return [false["max"]], [false["blur"]]


@contrast
def e12_wide_windows_change_less(r: Measured) -> Pair:
    unchanged = r("e12", part="unchanged")
    return tuple([found["active"] for found in unchanged[f"digits_{k}_1"]] for k in ("max8", "max2"))


def lead(r: Measured, share: float) -> Figures:
    nets = [r("e13", part="permuted", share=share, position="random", model=m)["test"] for m in ("cnn", "mlp")]
    return [a - b for a, b in zip(*nets, strict=True)]


@contrast
def e13_the_net_leads_on_pictures(r: Measured) -> Pair:
    return lead(r, 0), [0.0] * len(lead(r, 0))


@contrast
def e13_and_loses_its_lead_with_the_order_of_pixels(r: Measured) -> Pair:
    return lead(r, 0), lead(r, 1)


@contrast
def e13_a_support_vector_machine_fails_at_random_positions(r: Measured) -> Pair:
    return tuple(r("e13", part="rivals", data="random", model=m)["test"] for m in ("cnn", "svm"))


@contrast
def e14_dropout_lowers_the_test_loss_at_random_positions(r: Measured) -> Pair:
    none, before = (
        r("e14", down="max", dropout=place, p=p, n=300, norm=False) for place, p in (("none", 0), ("before", 0.5))
    )
    return none["loss"], before["loss"]


@contrast
def e15_training_on_all_phases_helps_in_the_worst(r: Measured) -> Pair:
    return tuple(r("e15", side=14, down="stride", head="gmp", phases=n)["worst_phase"] for n in (16, 1))


@contrast
def e16_max_pooling_beats_strides_by_unseen_writers(r: Measured) -> Pair:
    return tuple(r("e16", set="digits", position="random", n=300, down=down)["test"] for down in ("max", "stride"))


@contrast
def e17_group_convolution_reads_turned_digits(r: Measured) -> Pair:
    return tuple(r("e17", set="digits", training="upright", width=1, net=net)["anywhere"] for net in ("group", "plain"))


@contrast
def e18_zero_padding_tells_where_and_wrapping_does_not(r: Measured) -> Pair:
    return tuple(
        r("e18", task="where", padding=padding, head="gap", depth=2)["error"] for padding in ("circular", "zeros")
    )


@contrast
def e19_adaptive_sampling_keeps_the_class(r: Measured) -> Pair:
    return tuple(r("e19", down=down, head="gmp")["consistency"] for down in ("aps", "max"))
