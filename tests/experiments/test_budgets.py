"""What the committed results say of their own making: seeds, versions, equal budgets that were kept."""

import json

import pytest
from experiments import results
from experiments.questions import questions

CONTENTS = [results.load(name).content for name in results.measured()]
ARMS = [(content["experiment"], entry["arm"], entry["figures"]) for content in CONTENTS for entry in content["arms"]]


def test_every_experiment_is_committed_with_its_versions():
    for content in CONTENTS:
        assert content["arms"]
        assert {"python", "numpy", "scipy", "sklearn", "torch"} <= set(content["versions"])


@pytest.mark.parametrize("name", results.measured())
def test_committed_arms_are_those_that_the_code_asks_for(name):
    committed = [entry["arm"] for entry in results.load(name).content["arms"]]
    assert committed == json.loads(json.dumps(results.module(name).arms()))


def test_only_experiments_whose_questions_are_fixed_may_wait_for_results():
    assert set(results.EXPERIMENTS) - set(results.measured()) <= {question.experiment for question in questions()}


def test_trained_comparisons_have_at_least_five_seeds_and_a_figure_for_each():
    seeded = [(name, arm, figures) for name, arm, figures in ARMS if "seeds" in arm]
    assert len(seeded) > 300
    for name, arm, figures in seeded:
        assert arm["seeds"] >= 5, (name, arm)
        assert all(len(values) == arm["seeds"] for values in figures.values()), (name, arm)


def test_arms_of_equal_training_loss_ended_at_that_loss():
    short = [
        (name, arm["group"])
        for name, arm, figures in ARMS
        if "loss" in arm.get("budget", {}) and max(figures["loss"]) > arm["budget"]["loss"]
    ]
    assert sorted(short) == [("e06", "lacking"), ("e06", "linear"), ("e06", "linear")], "named in the budget of E06"
