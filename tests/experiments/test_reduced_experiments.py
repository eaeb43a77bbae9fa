"""Every experiment is rerun from scratch, smaller; what the verdicts rest on must have the sign it has in the results.

``make test`` reruns every second contrast. Experiments that are exact are rerun whole: see ``test_exact_claims``.
"""

import pytest
from anew import EXACT, Now, average
from contrasts import CONTRASTS
from experiments import results
from experiments.ledger import Measured
from experiments.stats import difference

from tests.helpers.whole import sample

MEASURED = {name: contrast for name, contrast in CONTRASTS.items() if name[:3] in results.measured()}


def test_every_experiment_is_rerun():
    assert {name[:3] for name in CONTRASTS} | {name for name, _ in EXACT} == set(results.EXPERIMENTS)


@pytest.mark.parametrize("contrast", MEASURED.values(), ids=MEASURED)
def test_committed_results_decide_it_clearly(contrast):
    more, less = contrast(Measured())
    assert average(more) > average(less)
    if len(more) > 1:
        assert difference(more, less).above(0).alone == "yes"


@pytest.mark.parametrize("name", sample([*CONTRASTS], 2))
def test_rerun_has_the_sign_of_the_results(name):
    more, less = CONTRASTS[name](Now())
    assert average(more) > average(less)


def test_simulated_dropout_agrees_with_the_exact_expectation():
    s = Now()("e09", group="statistics")
    assert abs(s["max_of_equal"] - s["max_exact"]) < 5 * s["max_error"]
    assert abs(s["mean"] - 1) < 5 * s["mean_error"]
    for measured, exact in zip(s["rank"], s["rank_exact"], strict=True):
        assert abs(measured - exact) < 0.01


def test_an_orbit_of_filters_is_exact_at_right_angles():
    assert max(Now()("e10", net="orbit")["exact90"]) < 1e-3


def test_dense_layers_under_a_global_maximum_are_exactly_invariant_inside_the_canvas():
    whole = Now()("e05", down="none", head="gmp")
    assert max(row[4] for row in whole["exact"]) < 1e-9


def test_four_slices_are_max_pooling():
    arm = Now()("e07", part="operations")
    assert arm["agree"]
    assert arm["operations"]["conv"] == 4 * arm["operations"]["conv_stride2"]
