"""Processes forked from one warm process know nothing of it, nor of each other."""

import errno
import os
import re
import signal

import pytest

from autograder.sandbox import backends
from autograder.sandbox.session import Sandbox, Warm, tried
from tests.helpers.tiny_exam import LIMITS

STATUS = """
said = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
raise Exception(";".join(said[name].strip() for name in ("Pid", "CapBnd")))
"""
# Each line is tried; whatever does not raise is told.
FORBIDDEN = """
import os, signal, socket
done = []
def attempt(name, action):
    try:
        action()
        done.append(name)
    except (OSError, AttributeError):
        pass
for path in ("/proc/1/mem", "/proc/1/environ", "/proc/1/fd/0", "/proc/1/root/tmp", "/proc/sys/kernel/hostname"):
    attempt(path, lambda: os.close(os.open(path, os.O_RDWR)))
attempt("descriptor", lambda: os.readlink("/proc/1/fd/0"))
attempt("fork", os.fork)
attempt("unshare", lambda: __import__("ctypes").CDLL(None).unshare(0x10000000) and os.read(-1, 1))
attempt("hostname", lambda: socket.sethostname("mine"))
for number in range(3, 128):
    attempt(f"socket {number}", lambda: socket.socket(fileno=os.dup(number)))
if done:
    raise Exception(str(done))
"""
LEAVE = """
import builtins, contextlib, os, signal, sys
import numpy as np
np.add = np.zeros = builtins.sum = None
sys.modules["csv"] = None
open("left", "w").write("left")
for target in (1, -1, 0):
    for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
        if target == 1:
            with contextlib.suppress(PermissionError):
                os.kill(target, number)
"""
LOOK = """
import csv, os
import numpy as np
assert np.zeros(2).sum() == 0 and sum([1]) == 1
assert os.listdir() == ["matplotlib"], os.listdir()
assert os.listdir(os.environ["HOME"]) == ["matplotlib"], os.listdir(os.environ["HOME"])
"""


def run(session, source):
    return session.request({"cell": source, "name": "<cell>"}, 5)


@pytest.fixture(scope="module")
def in_namespaces():
    if why := tried("namespaces"):
        pytest.skip(why)
    return Sandbox(LIMITS, confinement="namespaces")


@pytest.fixture(scope="module")
def sandbox(confinement):
    return Sandbox(LIMITS, confinement=confinement)


def warm_of(sandbox):
    return Warm.of(backends.named(sandbox.confinement), sandbox.packages)


def test_a_process_has_no_capability_and_every_filter(sandbox):
    with sandbox.start() as session:
        said = dict(line.split(":\t", 1) for line in session.watch.status.read_text().splitlines())
    assert [said[name] for name in ("CapPrm", "CapEff", "CapInh", "CapAmb")] == ["0" * 16] * 4
    assert (said["NoNewPrivs"], said["Seccomp"]) == ("1", "2")


def test_in_namespaces_a_process_is_the_second_and_can_gain_no_capability(in_namespaces):
    with in_namespaces.start() as session:
        said = run(session, STATUS)["message"].removeprefix("Exception: ").split(" (line")[0].split(";")
    assert said == ["2", "0" * 16]


def test_a_process_reaches_nothing_of_those_it_was_forked_from(sandbox):
    with sandbox.start() as session:
        assert run(session, FORBIDDEN) == {"status": "passed", "message": ""}


def test_of_what_is_the_hosts_nothing_can_be_changed_even_without_the_filter(in_namespaces):
    with in_namespaces.start() as session:
        root = session.watch.root
        for device in ("null", "urandom"):
            with pytest.raises(OSError, match=os.strerror(errno.EROFS)):
                os.utime(f"{root}/dev/{device}")
        with pytest.raises(OSError, match=os.strerror(errno.EROFS)):
            os.open(f"{root}/proc/2/comm", os.O_WRONLY)


def test_proc_holds_processes_and_nothing_of_the_kernel(in_namespaces):
    with in_namespaces.start() as session:
        there = os.listdir(session.watch.root / "proc")
    assert sorted(there) == ["1", "2", "self", "thread-self"]


def test_a_process_has_no_huge_pages_no_locked_ones_and_no_queue_of_signals(sandbox):
    with sandbox.start() as session:
        said = dict(line.split(":", 1) for line in session.watch.status.read_text().splitlines())
        limits = session.watch.status.with_name("limits").read_text()
    assert (said.get("THP_enabled", "0").strip(), said["SigQ"].split("/")[1]) == ("0", "0")
    assert re.search(r"Max locked memory +0 +0 ", limits)
    assert re.search(r"Max msgqueue size +0 +0 ", limits)


def test_the_next_process_finds_nothing_of_the_one_before(sandbox):
    with sandbox.start() as session:
        warm = warm_of(sandbox)
        assert run(session, LEAVE)["status"] == "passed"
    with sandbox.start() as session:
        assert run(session, LOOK) == {"status": "passed", "message": ""}
    assert warm_of(sandbox) is warm


def test_two_processes_do_not_see_each_other(sandbox):
    with sandbox.start() as one, sandbox.start() as other:
        run(one, "open('mine', 'w').write('secret')")
        assert run(other, LOOK) == {"status": "passed", "message": ""}


def test_in_namespaces_a_process_sees_no_number_of_another(in_namespaces):
    with in_namespaces.start(), in_namespaces.start() as other:
        seen = run(other, "import os\nraise Exception([p for p in os.listdir('/proc') if p.isdigit()])")
        assert "['1', '2']" in seen["message"]


def test_a_process_that_ends_itself_says_how(sandbox):
    with sandbox.start() as session, pytest.raises(Exception, match="ended itself with code 7"):
        run(session, "import os\nos._exit(7)")
    with sandbox.start() as session, pytest.raises(Exception, match="SIGKILL"):
        run(session, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    with sandbox.start() as session, pytest.raises(Exception, match="ended by signal 40"):
        run(session, "import os\nos.kill(os.getpid(), 40)")


def test_a_warm_process_that_was_killed_is_replaced(sandbox):
    sandbox.start().close()
    os.kill(warm_of(sandbox).process.pid, signal.SIGKILL)
    with sandbox.start() as session:
        assert run(session, "x = 1")["status"] == "passed"
