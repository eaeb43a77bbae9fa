"""The same batch on a Dask cluster: two worker processes of this machine, one of them killed midway."""

import os
import signal

import distributed
import pytest
from tiny_exam import FULL, cell, cells, exam, hand_in, notebook

from autograder.batch import Batch, cluster, hand_ins
from autograder.store import Store


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
    batch = Batch(exam(), hand_ins(tmp_path / "submitted", "tiny"), Store(tmp_path / "store"))
    killed = []

    def kill_one(_):
        if not killed:
            killed.append(next(iter(scheduler.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    batch.run(lambda: cluster(scheduler.scheduler_address), kill_one, in_flight=100)
    assert killed
    assert batch.failures == {}
    assert [verdict.score for verdict in batch.verdicts()] == [FULL] * 12


def test_an_address_where_nobody_answers_is_an_error(tmp_path):
    hand_in(tmp_path / "submitted", "ann")
    batch = Batch(exam(), hand_ins(tmp_path / "submitted", "tiny"), Store(tmp_path / "store"))
    with pytest.raises(OSError, match="tcp://127"):
        batch.run(lambda: cluster("tcp://127.0.0.1:9"), lambda _: None)
