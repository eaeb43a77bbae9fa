"""The confined process from outside: it starts, answers in time, ends, or says why it cannot."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder.model import Status
from autograder.sandbox import backends, namespaces, wire
from autograder.sandbox import confinement as words
from autograder.sandbox import session as sandbox
from autograder.sandbox.session import Clock, ConfinementError, Sandbox, SandboxEnd, SandboxError, tried
from tests.helpers.tiny_exam import LIMITS

ROOT = Path(__file__).resolve().parents[2]


def cell(source):
    return {"cell": source, "name": "<cell>"}


def call(function, *args, **kwargs):
    return {"calls": [(function, args, kwargs, ())]}


@pytest.fixture
def path(monkeypatch):
    """Return a setter of the search path; what was found before is forgotten."""
    namespaces.bwrap.cache_clear()
    yield lambda folder: monkeypatch.setenv("PATH", str(folder))
    namespaces.bwrap.cache_clear()


def fake(folder, script):
    """Put a program called bwrap into a folder."""
    (folder / "bwrap").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "bwrap").chmod(0o755)
    return folder


@pytest.mark.parametrize("name", backends.MAKE)
def test_cells_and_calls_are_answered(name):
    if why := tried(name):
        pytest.skip(why)
    with Sandbox(LIMITS, confinement=name).start() as session:
        assert session.request(cell("def f(x, p=1): return x * p"), 5) == {"status": "passed", "message": ""}
        answer = session.request(call("f", np.ones(2), p=3), 5)
        np.testing.assert_array_equal(answer["value"], [3, 3])


def test_a_large_array_goes_both_ways(confinement):
    with Sandbox(LIMITS, confinement=confinement).start() as session:
        session.request(cell("def f(x): return x + 1"), 5)
        x = np.zeros((1 << 17,))
        np.testing.assert_array_equal(session.request(call("f", x), 10)["value"], x + 1)


def test_each_of_many_calls_has_its_answer(confinement):
    with Sandbox(LIMITS, confinement=confinement).start() as session:
        session.request(cell("import time\ndef f(x):\n    time.sleep(x)\n    return x"), 5)
        frame = wire.pack({"calls": [("f", (x,), {}, ()) for x in (0.0, 0.1, 9.0, 0.0)]}, bytes(16))
        answers, end = session.request_all(frame, 4, 0.5, 5.0)
        assert [answer["value"] for answer in answers] == [0.0, 0.1]
        assert end.status is Status.TIMEOUT
        assert 0.5 < session.used < 5


def test_all_answers_together_have_the_memory_of_one(confinement):
    with Sandbox(LIMITS, confinement=confinement).start() as session:
        session.request(cell("import numpy as np\ndef f(): return np.zeros(200_000)"), 5)
        frame = wire.pack({"calls": [("f", (), {}, ())] * 4}, bytes(16))
        answers, end = session.request_all(frame, 4, 5.0, 5.0)
        assert len(answers) == 3
        assert (end.status, end.message) == (Status.MEMORY, "the results of 4 calls have more than 4 MiB together")


def test_the_clock_ends_a_request(confinement):
    with Sandbox(LIMITS, confinement=confinement).start() as session, pytest.raises(SandboxEnd) as end:
        session.request(cell("while True: pass"), 0.3)
    assert (end.value.status, end.value.message) == (Status.TIMEOUT, "no result after 0.3 s")


def test_packages_are_there_only_where_they_are_asked_for(confinement):
    with Sandbox(LIMITS, confinement=confinement).start() as session:
        assert session.request(cell("import torch"), 5)["value"] == {"torch": ["torch"]}
    limits = replace(LIMITS, memory=512 << 20)
    with Sandbox(limits, packages=("torch",), confinement=confinement).start() as session:
        # Loaded before the limits are set: neither its time nor its size is the student's.
        assert (
            session.request(
                cell("import torch\ny = torch.nn.Conv2d(1, 2, 3)(torch.zeros(1, 1, 8, 8)).sum()\ny.backward()"), 5
            )["status"]
            == "passed"
        )


def test_pytorchs_compiler_is_there_when_it_is_asked_for(confinement):
    train = (
        "import sys, torch\nspared = vars(sys.modules['torch._meta_registrations']).copy()\n"
        "net = torch.nn.Linear(2, 1)\nnet(torch.ones(3, 2)).sum().backward()\n"
        "torch.optim.Adam(net.parameters()).step()\n"
        "import torch._dynamo\nassert 'meta_mm' not in spared\n"
        "assert sys.modules['torch._meta_registrations'].meta_mm\n"
    )
    with Sandbox(replace(LIMITS, memory=1 << 30), packages=("torch",), confinement=confinement).start() as session:
        assert session.request(cell(train), 60) == {"status": "passed", "message": ""}


def test_closing_ends_everything_at_once(confinement):
    session = Sandbox(LIMITS, confinement=confinement).start()
    status = session.watch.status
    assert status.exists()
    session.close()
    # What is left for a moment is a zombie, without memory.
    assert not status.exists() or b"VmPTE" not in status.read_bytes()


def test_no_descriptor_is_left_open(confinement):
    Sandbox(LIMITS, confinement=confinement).start().close()
    before = set(os.listdir("/proc/self/fd"))
    for _ in range(3):
        Sandbox(LIMITS, confinement=confinement).start().close()
    assert len(os.listdir("/proc/self/fd")) == len(before)


def test_without_bubblewrap_it_refuses_and_says_what_to_do(path, tmp_path):
    path(tmp_path)
    with pytest.raises(ConfinementError, match="apt-get install bubblewrap"):
        Sandbox(LIMITS, confinement="namespaces").start()


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("bwrap: setting up uid map: Permission denied", "unprivileged_userns_clone"),
        ("bwrap: No permissions to create new namespace", "in a container, its seccomp"),
        ("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "systempaths=unconfined"),
        ("bwrap: Unknown option --size", "0.7 or newer"),
        ("OSError: [Errno 22] mount: Invalid argument", r"Linux 5\.8 or newer"),
    ],
)
def test_where_namespaces_are_refused_it_refuses_and_says_what_to_do(path, tmp_path, said, advice):
    path(fake(tmp_path, f'echo "{said}" >&2; exit 1'))
    with pytest.raises(ConfinementError, match=advice) as refusal:
        Sandbox(LIMITS, confinement="namespaces").start()
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_what_may_pass_is_not_taken_for_a_refusal(path, tmp_path):
    path(fake(tmp_path, "echo 'bwrap: Creating new namespace failed: Resource temporarily unavailable' >&2; exit 1"))
    with pytest.raises(SandboxError, match="temporarily"):
        Sandbox(LIMITS, confinement="namespaces").start()


def test_a_start_that_fails_once_is_tried_again(path, tmp_path):
    real = namespaces.bwrap()
    namespaces.bwrap.cache_clear()
    once = tmp_path / "once"
    path(fake(tmp_path, f'test -e {once} && exec {real} "$@"; : > {once}; exit 1'))
    with Sandbox(LIMITS, confinement="namespaces").start() as session:
        assert session.request(cell("x = 1"), 5)["status"] == "passed"


def test_without_libseccomp_it_refuses_and_says_what_to_do(monkeypatch, confinement):
    words.seccomp_program.cache_clear()
    monkeypatch.setitem(sys.modules, "pyseccomp", None)
    with pytest.raises(ConfinementError, match="apt-get install libseccomp2"):
        Sandbox(LIMITS, confinement=confinement).start()


def test_time_in_which_the_grader_stood_still_does_not_count(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(sandbox.time, "monotonic", lambda: now[0])
    clock = Clock(3.0)
    now[0] += 0.5
    assert clock.tick() == 2.5
    now[0] += 3600
    assert clock.tick() == 1.5


def test_a_stopped_grader_is_no_timeout():
    program = (
        "from autograder.sandbox.session import Sandbox\n"
        "with Sandbox().start() as session:\n"
        "    print('ready', flush=True)\n"
        "    print(session.request({'cell': 'import time; time.sleep(1.0)', 'name': '<c>'}, 2.5)['status'])\n"
    )
    grader = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert grader.stdout.readline() == "ready\n"
    time.sleep(0.3)
    grader.send_signal(signal.SIGSTOP)
    time.sleep(3)
    grader.send_signal(signal.SIGCONT)
    assert grader.communicate()[0] == "passed\n"


def test_an_end_survives_the_way_between_processes():
    import pickle  # noqa: PLC0415

    end = pickle.loads(pickle.dumps(SandboxEnd(Status.MEMORY, "why")))
    assert (end.status, end.message) == (Status.MEMORY, "why")
