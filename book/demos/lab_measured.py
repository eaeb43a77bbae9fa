"""What ``benchmarks.lab_questions`` measured in the training lab: the numbers behind its page's answers."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
from scipy import stats

MEASURED = Path(__file__).with_name("lab_measured.json")


def answer(question: str, name: str = "testAccuracy") -> tuple[float, float, float, float]:
    """Return both networks' means over seeds, the first one's lead and half its 95 % interval, all in percent.

    ``name`` is "testAccuracy" or "consistency": right in the test, or the same answer one pixel further.
    """
    seeds = json.loads(MEASURED.read_text("utf-8"))[question].values()
    first, second = (np.array([100 * both[network][name] for both in seeds]) for network in (0, 1))
    lead = first - second
    half = stats.t.ppf(0.975, len(lead) - 1) * lead.std(ddof=1) / np.sqrt(len(lead))
    a, b, c, d = map(_rounded, (first.mean(), second.mean(), lead.mean(), half))
    return a, b, c, d


def _rounded(value: float) -> float:
    """Return one decimal; halves, which shares of 200 images over ten seeds often are, go up."""
    return float(Decimal(f"{value:.6f}").quantize(Decimal("0.1"), ROUND_HALF_UP))
