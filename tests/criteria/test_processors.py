"""No grade depends on the processor: right answers hold whichever kernels OpenBLAS computes with."""

import json
import os
import pickle
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import assignments
from autograder.judging.grading import ROOT, prepare
from tests.helpers.whole import WHOLE

CPU = Path("/proc/cpuinfo")
FLAGS = set(CPU.read_text(encoding="utf-8").split()) if CPU.exists() else set()
# Processors as OpenBLAS names them, and what one must be able to do to play them.
KERNELS = {"Nehalem": "sse4_2", "Sandybridge": "avx", "Haswell": "avx2", "SkylakeX": "avx512f"}
PLAYED = [name for name, flag in KERNELS.items() if flag in FLAGS]


@pytest.fixture(scope="module")
def exams(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("processors") / "exams"
    path.write_bytes(pickle.dumps([prepare(name, 4) for name in assignments.names()]))
    return path


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the kernels are those of x86")
@pytest.mark.parametrize("kernel", PLAYED if WHOLE else PLAYED[:1])  # the least able differs most
def test_right_answers_hold_on_every_processor(kernel: str, exams: Path) -> None:
    command = [sys.executable, "-m", "tests.helpers.processor", str(exams)]
    settings = {**os.environ, "OPENBLAS_CORETYPE": kernel}
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert set(told["kernels"]) == {kernel}
    assert told["tried"] > 2 * sum(len(assignments.load(name).questions) for name in assignments.names())
    assert told["lost"] == []
