"""Each trained comparison is rerun, smaller, and fails if the sign that a chapter rests on has turned."""

from anew import average, pick


def at(arm, shift):
    return average([row[8 + shift] for row in arm["by_shift"]])


def test_shifts_break_the_flatten_net_and_not_the_global_one():
    flat, whole = (pick("e05", down=d, head=h) for d, h in (("max", "flatten"), ("none", "gmp")))
    assert at(flat, 0) > 0.8
    assert at(flat, 4) < 0.3
    assert at(whole, 4) > at(flat, 4) + 0.4


def test_pools_under_a_global_maximum_make_a_saw_tooth():
    arm = pick("e05", down="max", head="gmp")
    assert at(arm, 1) < at(arm, 0) - 0.1
    assert at(arm, 2) > at(arm, 1) + 0.1


def test_only_dense_layers_with_a_global_head_are_exactly_invariant_inside_the_canvas():
    whole, flat = pick("e05", down="none", head="gmp"), pick("e05", down="max", head="flatten")
    assert max(row[4] for row in whole["exact"]) < 1e-9
    assert min(row[4] for row in flat["exact"]) > 0.1


def test_max_pooling_beats_strides_of_equal_size_and_no_pooling_at_random_positions():
    top, stride, none = (pick("e06", down=d) for d in ("max", "stride", "none"))
    assert top["parameters"] == stride["parameters"]
    assert average(top["test"]) > average(stride["test"]) + 0.05
    assert average(top["test"]) > average(none["test"]) + 0.05


def test_a_global_maximum_beats_average_and_flatten_on_an_empty_canvas():
    top, avg, flat = (average(pick("e08", group="canvas", head=h)["test"]) for h in ("gmp", "gap", "flatten"))
    assert top > avg > flat


def test_the_average_tells_densities_that_the_maximum_cannot():
    avg, top = (average(pick("e08", group="density", head=h)["test"]) for h in ("gap", "gmp"))
    assert avg > top + 0.03


def test_dropout_before_a_maximum_is_biased_and_before_an_average_only_weaker():
    s = pick("e09", group="statistics")
    assert abs(s["max_of_equal"] - s["max_exact"]) < 5 * s["max_error"]
    assert s["max_of_equal"] > 1.5
    assert abs(s["mean"] - 1) < 5 * s["mean_error"]
    assert s["average_before"] < 0.3
    assert s["average_after"] > 0.9
    for measured, exact in zip(s["rank"], s["rank_exact"], strict=True):
        assert abs(measured - exact) < 0.01


def test_dropout_before_average_pools_leaves_a_lower_training_loss_than_after():
    before, after = (pick("e09", group="placement", dropout=d) for d in ("before", "after"))
    assert average(before["loss"]) < average(after["loss"])


def test_pooling_gives_no_rotation_invariance_worth_the_name():
    top, none = (pick("e10", group="grid", down=d, head="flatten") for d in ("max", "none"))
    for arm in (top, none):
        assert average([row[6] for row in arm["by_angle"]]) < 0.4
    gain = average([a[4] - b[4] for a, b in zip(top["by_angle"], none["by_angle"], strict=True)])
    assert abs(gain) < 0.15


def test_an_orbit_of_filters_is_exact_at_right_angles():
    assert max(pick("e10", net="orbit")["exact90"]) < 1e-3


def test_a_global_head_cannot_tell_coordinates_with_circular_padding():
    flat, gap, top = (pick("e11", task="where", head=h) for h in ("flatten", "gap", "gmp"))
    assert average(flat["error"]) < 1.5
    for arm in (gap, top):
        assert average(arm["error"]) > 0.9 * average(arm["guess"])


def test_a_pooled_net_cannot_fit_four_one_pixel_pictures():
    c = pick("e11", task="corners")
    assert c["max"] == c["avg"] == 0.25
    assert c["none"] == 1


def test_polarity_decides_which_extreme_suits_raw_pixels():
    arms = {
        (p, i): average(pick("e12", part="polarity", pool=p, inverted=i)["test"])
        for p in ("max", "min")
        for i in (False, True)
    }
    assert arms["max", False] > arms["min", False]
    assert arms["min", True] > arms["max", True]


def test_maximum_finds_a_spike_and_average_finds_what_is_spread():
    s = pick("e12", part="spikes")
    assert s["spike"]["k4_s0.3"]["max"] > s["spike"]["k4_s0.3"]["avg"] + 0.1
    assert s["many"]["k4_s0.3"]["avg"] > s["many"]["k4_s0.3"]["max"] + 0.05


def test_maximum_and_slicing_alias_where_blurring_does_not():
    false = pick("e12", part="gratings")["false"]
    assert false["slice"] > false["max"] > false["avg"] > false["blur"]


def test_unchanged_outputs_grow_with_the_window_and_with_the_background():
    u = pick("e12", part="unchanged")
    assert u["digits_none1_1"]["active"] < u["digits_max2_1"]["active"] < u["digits_max8_1"]["active"]
    assert u["digits_none1_1"]["all"] > 0.8


def test_shuffled_pixels_take_the_convolutional_advantage_away():
    gain = {
        s: average(pick("e13", part="permuted", share=s, model="cnn")["test"])
        - average(pick("e13", part="permuted", share=s, model="mlp")["test"])
        for s in (0, 1)
    }
    assert gain[0] > gain[1] + 0.05


def test_a_support_vector_machine_matches_the_net_on_8_x_8_and_not_anywhere():
    small, anywhere = (
        {m: average(pick("e13", part="rivals", data=d, model=m)["test"]) for m in ("svm", "cnn")}
        for d in ("8x8", "random")
    )
    assert small["svm"] > small["cnn"] - 0.02
    assert anywhere["cnn"] > anywhere["svm"] + 0.2


def test_tied_windows_are_common_in_a_trained_net():
    assert average(pick("e03", part="trained")["tied"]) > 0.3


def test_four_slices_are_max_pooling_and_need_few_operations():
    arm = pick("e07", part="operations")
    assert arm["agree"]
    assert arm["operations"]["conv"] > 50 * arm["operations"]["max_pool"]
    assert arm["operations"]["conv"] == 4 * arm["operations"]["conv_stride2"]
