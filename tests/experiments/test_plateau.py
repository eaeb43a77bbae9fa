"""A run ends where it is flat, says so where it is not, keeps its best net, and chooses its rate without the test."""

import pytest
import torch
from experiments import plateau
from experiments.plateau import CEILING, Task, by_seed, class_shares, train
from experiments.train import outputs
from torch import nn


def task(noise=0.0, count=96):
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(2 * count, 4, generator=generator)
    y = (x[:, 0] + noise * torch.randn(2 * count, generator=generator) > 0).long()
    return Task(x[:count], y[:count], x[count:], y[count:], class_shares(y[:count], 2))


def net():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))


def test_a_run_ends_a_window_after_its_last_progress_and_is_finished(monkeypatch):
    monkeypatch.setattr(plateau, "WINDOW", 100)
    ending = train(net(), task(noise=1), rate=1e-2, seed=0, ceiling=CEILING)
    assert ending.finished
    assert ending.alive
    assert 100 < ending.steps < CEILING


def test_a_run_that_meets_the_ceiling_says_that_it_is_not_finished():
    ending = train(net(), task(), rate=1e-3, seed=0, ceiling=50)
    assert not ending.finished
    assert ending.steps == 50


def test_the_net_with_the_lowest_score_is_kept(monkeypatch):
    monkeypatch.setattr(plateau, "WINDOW", 200)
    what = task(noise=1, count=40)
    trained, seen = net(), []
    note = plateau.Progress.note
    monkeypatch.setattr(plateau.Progress, "note", lambda self, *a: (seen.append(a[0]), note(self, *a))[1])
    ending = train(trained, what, rate=3e-2, seed=0, ceiling=CEILING)
    assert ending.score == min(seen) < seen[-1]
    assert what.judge(outputs(trained, what.x_val))[0] == ending.score


def test_a_net_that_learns_nothing_is_dead(monkeypatch):
    monkeypatch.setattr(plateau, "WINDOW", 100)
    what = task()
    blind = Task(torch.zeros_like(what.x), what.y, torch.zeros_like(what.x_val), what.y_val, what.constant)
    assert not train(net(), blind, rate=1e-2, seed=0, ceiling=CEILING).alive


def test_images_drawn_anew_are_drawn_for_every_epoch():
    what, epochs = task(), []

    def draw(epoch):
        epochs.append(epoch)
        return what.x

    train(net(), Task(draw, what.y, what.x_val, what.y_val, what.constant), rate=1e-2, seed=0, ceiling=75)
    assert epochs == list(range(25))


def test_what_is_watched_happens_once_at_its_step_or_at_the_end():
    seen = []
    watch = {5: lambda: seen.append("early"), 5000: lambda: seen.append("late")}
    train(net(), task(), rate=1e-2, seed=0, ceiling=50, watch=watch)
    assert seen == ["early", "late"]


@pytest.mark.parametrize("best", plateau.RATES)
def test_the_rate_with_the_lower_score_is_kept_whatever_the_test_says(best):
    calls = []

    def one(arm, seed, fit):
        rate = fit.keywords["rate"]
        calls.append((seed, rate))
        return {"score": float(rate != best), "test": float(rate != best), "seed": seed}

    found = by_seed({"seeds": 4}, one)
    assert found == {"rate": [best] * 4, "score": [0.0] * 4, "test": [0.0] * 4, "seed": [0, 1, 2, 3]}
    assert len(calls) == 2 * plateau.TUNED + 2


def test_the_same_run_twice_is_the_same():
    first, second = net(), net()
    for one in (first, second):
        train(one, task(noise=1), rate=1e-2, seed=3, ceiling=100)
    assert torch.equal(first[0].weight, second[0].weight)
