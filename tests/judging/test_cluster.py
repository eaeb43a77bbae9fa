"""The same batch on a Dask cluster: two worker processes of this machine, one of them killed midway."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import distributed
import pytest

from autograder.judging.batch import Batch, cluster
from autograder.judging.exams import OneExam
from autograder.judging.hand_ins import hand_ins
from autograder.judging.verdicts import Store
from autograder.sandbox.backends import CONFINING
from autograder.sandbox.session import ConfinementError, tried
from tests.helpers import small_course
from tests.helpers.tiny_exam import FULL, cell, cells, exam, hand_in, notebook


@pytest.fixture
def scheduler():
    """Start two workers in processes of their own, each with a nurse that starts it again; yield the cluster."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as here:
        yield here


@pytest.mark.filterwarnings("ignore")  # of a worker that was killed, its cluster has much to say
def test_a_cluster_judges_a_class_although_a_worker_dies(tmp_path, scheduler):
    for number in range(12):
        hand_in(tmp_path / "submitted", f"s{number:02}", notebook([cell(f"# {number}"), *cells()]))
    batch = Batch(OneExam(exam()), hand_ins(tmp_path / "submitted", "tiny"), Store(tmp_path / "store"))
    killed = []

    def kill_one(_):
        if not killed:
            killed.append(next(iter(scheduler.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    batch.run(lambda: cluster(scheduler.scheduler_address), kill_one, in_flight=100)
    assert killed
    assert batch.failures == {}
    assert [verdict.score for verdict in batch.verdicts()] == [FULL] * 12


@pytest.mark.filterwarnings("ignore")  # of its end a cluster has much to say
def test_a_worker_that_confines_less_joins_what_it_can_and_is_named_where_it_cannot(tmp_path):
    for name in CONFINING:
        if why := tried(name):
            pytest.skip(why)
    hand_in(tmp_path / "submitted", "ann")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50,
        env={"PATH": str(tmp_path)},
    ) as without_bwrap:  # fmt: skip
        def judged(confinement):
            asked = OneExam(exam(confinement=confinement))
            batch = Batch(asked, hand_ins(tmp_path / "submitted", "tiny"), Store(tmp_path / "store"))
            batch.run(lambda: cluster(without_bwrap.scheduler_address), lambda _: None)
            return batch.verdicts()[0]

        assert (judged("landlock").score, judged("landlock").confinement) == (FULL, "landlock")
        said = r"the worker at tcp://\S+ on \S+ does not .* bubblewrap is not installed"
        with pytest.raises(ConfinementError, match=said):
            judged("namespaces")


def test_an_address_where_nobody_answers_is_an_error(tmp_path):
    hand_in(tmp_path / "submitted", "ann")
    batch = Batch(OneExam(exam()), hand_ins(tmp_path / "submitted", "tiny"), Store(tmp_path / "store"))
    with pytest.raises(OSError, match="tcp://127"):
        batch.run(lambda: cluster("tcp://127.0.0.1:9"), lambda _: None)


def test_the_command_line_reaches_the_same_scores_on_a_cluster_started_as_the_page_says(tmp_path):
    course = small_course.make(tmp_path / "course")
    for number in range(6):
        small_course.hand_in(course, f"s{number}", double=f"def double(x):\n    return {number} * x")
    dask, place = str(Path(sys.executable).with_name("dask")), tmp_path / "scheduler.json"
    shared = ("--scheduler-file", str(place), "--no-dashboard")
    # The installed course would be found first.
    environment = os.environ | {"PYTHONPATH": str(course)}
    with ExitStack() as stack:
        for command in (
            ("scheduler", "--host", "127.0.0.1", "--port", "0"),
            ("worker", "--nthreads", "1", "--nworkers", "2"),
        ):
            started = subprocess.Popen(
                [dask, *command, *shared], cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL
            )
            stack.callback(started.wait)
            stack.callback(started.terminate)
        deadline = time.monotonic() + 60
        while not place.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        address = json.loads(place.read_text())["address"]
        options = ("grade", "tiny", "--submitted", "submitted", "--seed", "5", "--output")
        done = small_course.autograder(course, *options, tmp_path / "there", "--scheduler", address)
        assert done.returncode == 0, done.stderr
    done = small_course.autograder(course, *options, tmp_path / "here")
    assert done.returncode == 0, done.stderr
    scores = [(tmp_path / name / "scores.csv").read_text() for name in ("here", "there")]
    assert scores[0] == scores[1]
    assert "s2,tiny,double,twice,2,2,passed," in scores[0]
