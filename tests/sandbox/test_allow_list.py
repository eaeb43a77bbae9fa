"""The filter refuses every system call that it does not name: as it reads on two architectures, and for real."""

import errno
import fcntl
import mmap
import os
import re
import socket
import struct
import termios

import pyseccomp as seccomp
import pytest

from autograder.sandbox import allow_list
from autograder.sandbox.allow_list import ALLOWED, FIRST_NEW, restricted
from autograder.sandbox.kernel_calls import of_process
from autograder.sandbox.session import Sandbox, SandboxEnd
from tests.helpers.tiny_exam import LIMITS

# What <linux/audit.h> calls the architectures, and the filter's answers in <linux/seccomp.h>.
X86_64, ARM64, I386 = 0xC000003E, 0xC00000B7, 0x40000003
ALLOW, ERROR, KILL = 0x7FFF0000, 0x00050000, 0x00000000
REFUSED, UNKNOWN = ERROR | errno.EPERM, ERROR | errno.ENOSYS
X32 = 0x40000000
MACHINES = {X86_64: seccomp.Arch.X86_64, ARM64: seccomp.Arch.AARCH64}
NUMBERS = range(600)
NAMED = {*ALLOWED.split(), *(rule.name for rule in restricted())}
HERE = os.uname().machine
# uretprobe and uprobe, which Linux asks no filter about on x86-64: without a probe of root's, the one ends its caller,
# the other refuses.
UNASKED = {335, 336} if HERE == "x86_64" else set()
on_x86 = pytest.mark.skipif(HERE != "x86_64", reason="asks for the calls of x86-64, with a filter made there")
PROBE = """
import ctypes
call = ctypes.CDLL(None, use_errno=True).syscall
got = {}
for number in NUMBERS:
    result = call(number, *[ctypes.c_long(-1)] * 6)
    got[number] = ctypes.get_errno() if result == -1 else f"gave {result}"
raise Exception(repr(sorted(number for number, answer in got.items() if answer not in (1, 38))))
"""


def answer(program, machine, number, arguments=()):
    """Return what a filter answers: its instructions, interpreted as the kernel does (classic BPF)."""
    arguments = (*arguments, *[0] * (6 - len(arguments)))
    data = struct.pack("=iIQ6Q", number - (1 << 32) * (number >> 31), machine, 0, *arguments)
    at, value = 0, 0
    while True:
        code, if_true, if_false, operand = struct.unpack_from("=HBBI", program, at * 8)
        at += 1
        match code:
            case 0x20:
                (value,) = struct.unpack_from("=I", data, operand)
            case 0x54:
                value &= operand
            case 0x05:
                at += operand
            case 0x15 | 0x25 | 0x35 | 0x45:
                holds = {0x15: value == operand, 0x25: value > operand, 0x35: value >= operand, 0x45: value & operand}
                at += if_true if holds[code] else if_false
            case 0x06:
                return operand
            case _:
                raise AssertionError(f"an instruction {code:#x} that is not known here")


# What notebooks do beside computing; some of it falls back on other calls than those it tries first.
HOUSEHOLD = {
    "files": """
import os, pathlib, shutil, tempfile, zipfile
folder = pathlib.Path("folder").absolute()
folder.mkdir(exist_ok=True)
(folder / "x.txt").write_text("x")
(folder / "x.txt").touch()
os.replace(folder / "x.txt", folder / "y.txt")
shutil.copyfile(folder / "y.txt", "z.txt")
with tempfile.TemporaryDirectory() as one, tempfile.NamedTemporaryFile() as two, tempfile.TemporaryFile() as three:
    three.write(b"x")
    three.truncate(0)
with zipfile.ZipFile("z.zip", "w") as archive:
    archive.writestr("name", "text")
os.chdir(folder)
assert list(os.walk("..")) and os.access(".", os.W_OK) and pathlib.Path("y.txt").stat().st_size == 1
os.chdir("..")
shutil.rmtree(folder)
""",
    "arrays": """
import numpy as np
x = np.ones((1 << 10, 1 << 10))
np.savez("x.npz", x=x[0])
np.save("x.npy", x[0])
assert np.load("x.npy", mmap_mode="r").sum() == np.load("x.npz")["x"].sum() == 1 << 10
kept = np.memmap("m", dtype=float, mode="w+", shape=10)
kept[:] = 1
kept.flush()
x.resize(3000, 1000, refcheck=False)
""",
    "time": """
import asyncio, datetime, os, platform, queue, random, resource, secrets, signal, threading, time, uuid
heard = []
signal.signal(signal.SIGALRM, lambda *_: heard.append(1))
signal.setitimer(signal.ITIMER_REAL, 0.01)
time.sleep(0.05)
signal.raise_signal(signal.SIGALRM)
assert heard == [1, 1] and not threading.Event().wait(0.01)
await asyncio.gather(asyncio.sleep(0.01), asyncio.sleep(0))
time.process_time(), time.thread_time(), os.times(), os.cpu_count(), resource.getrusage(0), platform.platform()
datetime.datetime.now().astimezone(), uuid.uuid4(), secrets.token_hex(), random.seed(), os.getppid(), os.umask(0o22)
""",
    "databases": "import sqlite3\nassert list(sqlite3.connect(':memory:').execute('select 1')) == [(1,)]",
}


OWN = 2


@pytest.fixture(scope="module")
def programs():
    return made()


def made(**settings):
    return {
        machine: of_process(allow_list.program(seccomp, name, **settings), OWN) for machine, name in MACHINES.items()
    }


@pytest.fixture(scope="module")
def session(confinement):
    with Sandbox(LIMITS, confinement=confinement).start() as session:
        yield session


def numbers(machine):
    """Return the numbers of the calls that are named, on a machine; those that it lacks have none."""
    found = {seccomp.resolve_syscall(MACHINES[machine], name): name for name in NAMED}
    return {number: name for number, name in found.items() if number >= 0}


@on_x86
@pytest.mark.parametrize("machine", MACHINES)
def test_a_filter_refuses_every_number_that_is_not_named(programs, machine):
    named = numbers(machine)
    assert len(named) > 60
    for number in set(NUMBERS) - set(named):
        expected = REFUSED if number < FIRST_NEW else UNKNOWN
        assert answer(programs[machine], machine, number, [-1 % (1 << 64)] * 6) == expected, number


@on_x86
@pytest.mark.parametrize("machine", MACHINES)
def test_a_filter_lets_pass_what_is_named(programs, machine):
    with_conditions = {rule.name for rule in restricted()}
    for number, name in numbers(machine).items():
        if name not in with_conditions:
            assert answer(programs[machine], machine, number) == ALLOW, name


@on_x86
@pytest.mark.parametrize(("machine", "other"), [(X86_64, I386), (ARM64, X86_64), (X86_64, ARM64)])
def test_a_program_of_another_kind_is_ended(programs, machine, other):
    assert {answer(programs[machine], other, number) for number in range(FIRST_NEW)} == {KILL}


@on_x86
def test_the_second_numbering_of_x86_64_does_not_exist(programs):
    assert {answer(programs[X86_64], X86_64, X32 | number) for number in NUMBERS} == {UNKNOWN}


LARGE = 1 << 32
RESTRICTED = [
    ("fcntl", (3, fcntl.F_GETFL), True),
    ("fcntl", (3, fcntl.F_DUPFD_CLOEXEC, 0), True),
    # Of an int the kernel looks at no more bits than these, and so does the filter.
    ("fcntl", (3, LARGE | fcntl.F_GETFL), True),
    ("fcntl", (3, LARGE | fcntl.F_SETLK), False),
    *(
        ("fcntl", (3, command), False)
        for command in (
            fcntl.F_SETFL, fcntl.F_SETLK, fcntl.F_SETLKW, fcntl.F_GETLK, fcntl.F_SETOWN, fcntl.F_SETSIG,
            fcntl.F_SETLEASE, fcntl.F_NOTIFY, fcntl.F_SETPIPE_SZ, fcntl.F_ADD_SEALS, fcntl.F_OFD_SETLK,
            fcntl.F_OFD_SETLKW, fcntl.F_OFD_GETLK, 15, 1036, 1040,  # F_SETOWN_EX, F_SET_RW_HINT, what is not there yet
        )
    ),
    ("ioctl", (0, termios.TCGETS), True),
    *(("ioctl", (0, request), False) for request in (termios.TIOCSTI, termios.TCSETS, 0x40086602, 0xC0189436)),
    ("socketpair", (socket.AF_UNIX, socket.SOCK_STREAM, 0), True),
    *(("socketpair", (family, 1, 0), False) for family in range(50) if family != socket.AF_UNIX),
    ("madvise", (0, 4096, mmap.MADV_DONTNEED), True),
    *(("madvise", (0, 4096, advice), False) for advice in (0, 3, 9, 10, 12, 14, 15, 20, 21, 22, 23, 25, 100, 101, 102)),
    ("mmap", (0, 4096, 3, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, LARGE - 1, 0), True),
    ("mmap", (0, 4096, 3, mmap.MAP_SHARED, 3, 0), True),
    ("mmap", (0, 4096, 3, mmap.MAP_PRIVATE | mmap.MAP_DENYWRITE, 3, 0), True),
    *(
        ("mmap", (0, 4096, 3, mmap.MAP_ANONYMOUS | flags, LARGE - 1, 0), False)
        # Shared, in both ways; locked; of huge pages, of any size or of 2 MiB.
        for flags in (mmap.MAP_SHARED, 3, mmap.MAP_PRIVATE | 0x2000, mmap.MAP_PRIVATE | 0x40000, 2 | 0x40000 | 21 << 26)
    ),
    ("mremap", (4096, 4096, 8192, 1), True),
    *(("mremap", (4096, 4096, 8192, flags), False) for flags in (2, 3, 4, 5, LARGE)),
    *(("futex", (0, operation), True) for operation in (0, 1, 128, 129, 128 | 9, 128 | 256 | 9)),
    *(("futex", (0, operation), False) for operation in (2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 128 | 13, 512)),
    ("prlimit64", (0, 7, 0, 0), True),
    *(("prlimit64", (process, 7, 0, 0), False) for process in (1, 2, 1000)),
    ("kill", (2, 9), True),
    *(("kill", (process % (1 << 64), 9), False) for process in (0, 1, 3, -1, -2)),
    ("tgkill", (2, 2, 6), True),
    ("tgkill", (1, 1, 6), False),
    *(
        (name, (), False)
        for name in (
            "execve", "execveat", "fork", "vfork", "clone", "prctl", "arch_prctl", "modify_ldt", "seccomp", "ptrace",
            "vmsplice", "splice", "tee", "pipe", "pipe2", "flock", "memfd_create", "userfaultfd", "epoll_create1",
            "eventfd2", "signalfd4", "timerfd_create", "timer_create", "rt_sigqueueinfo", "tkill", "mlock", "mlock2",
            "mlockall", "remap_file_pages", "mincore", "utimensat", "chmod", "symlink", "link", "mknod", "sendmsg",
            "setsockopt", "fallocate", "sync", "fadvise64", "sched_setaffinity", "setpriority", "iopl", "ioperm",
        )
    ),
]  # fmt: skip


@on_x86
@pytest.mark.parametrize(("name", "arguments", "passes"), RESTRICTED)
def test_a_call_is_allowed_with_harmless_arguments_only(programs, name, arguments, passes):
    for machine, program in programs.items():
        number = seccomp.resolve_syscall(MACHINES[machine], name)
        if number >= 0:
            assert answer(program, machine, number, arguments) == (ALLOW if passes else REFUSED)


NAMELESS = 0o20200000
FILES = [
    *(("openat", (-100 % LARGE, 0, how), ALLOW) for how in (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_RDWR)),
    ("openat", (0, 0, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC), ALLOW),
    ("openat", (0, 0, os.O_RDWR | os.O_TRUNC), ALLOW),
    ("openat", (0, 0, os.O_RDONLY | os.O_TRUNC), REFUSED),
    ("openat", (0, 0, os.O_ACCMODE | os.O_TRUNC), REFUSED),
    *(("openat", (0, 0, how | NAMELESS), REFUSED) for how in (os.O_RDONLY, os.O_WRONLY, os.O_RDWR)),
    *((name, (0, 0, 0, 0, 0), REFUSED) for name in ("truncate", "rename", "renameat", "renameat2", "creat", "openat2")),
    *((name, (0, 0, 0), ERROR) for name in ("unlink", "unlinkat", "rmdir")),
    ("ftruncate", (3, 0), ALLOW),
]


@on_x86
@pytest.mark.parametrize(("name", "arguments", "expected"), FILES)
def test_where_files_are_counted_none_can_be_hidden(name, arguments, expected):
    for machine, program in made(countable=True).items():
        number = seccomp.resolve_syscall(MACHINES[machine], name)
        if number >= 0:
            wanted = ERROR | errno.ENOSYS if number >= FIRST_NEW else expected
            assert answer(program, machine, number, arguments) == wanted


def test_in_the_sandbox_every_number_that_is_not_named_is_refused(session):
    named = {seccomp.resolve_syscall(seccomp.Arch.NATIVE, name) for name in NAMED}
    asked = sorted(set(NUMBERS) - named - UNASKED)
    assert len(asked) > 450
    source = PROBE.replace("NUMBERS", repr(asked))
    assert session.request({"cell": source, "name": "<cell>"}, 10)["message"].startswith("Exception: [] ")


def test_the_probe_sees_what_is_not_refused(session):
    number = seccomp.resolve_syscall(seccomp.Arch.NATIVE, "getpid")
    answer = session.request({"cell": PROBE.replace("NUMBERS", f"[{number}]"), "name": "<cell>"}, 10)
    assert answer["message"].startswith(f"Exception: [{number}] ")


@pytest.mark.parametrize("name", HOUSEHOLD)
def test_what_notebooks_do_beside_computing_goes_on(session, confinement, name):
    source = HOUSEHOLD[name]
    if confinement == "landlock":
        # There files keep their names, see the README.
        source = source.replace('os.replace(folder / "x.txt", folder / "y.txt")', "")
        source = source.replace('"y.txt"', '"x.txt"')
    assert session.request({"cell": source, "name": name}, 30) == {"status": "passed", "message": ""}


def test_names_are_calls_and_each_is_there_once():
    assert len(ALLOWED.split()) == len(set(ALLOWED.split()))
    assert not set(ALLOWED.split()) & {rule.name for rule in restricted()}
    for name in NAMED:
        numbers = {seccomp.resolve_syscall(machine, name) for machine in MACHINES.values()}
        assert max(numbers) >= 0, name


@pytest.mark.parametrize("number", sorted(UNASKED))
def test_what_no_filter_is_asked_about_does_nothing(number):
    source = PROBE.replace("NUMBERS", f"[{number}]").replace("(1, 38)", "(1, 38, errno.ENXIO)")
    with Sandbox(LIMITS).start() as session:
        try:
            said = session.request({"cell": "import errno" + source, "name": "<cell>"}, 10)["message"]
        except SandboxEnd as end:
            said = end.message
    assert re.match(r"Exception: \[\] |the process was ended by SIGILL", said), said
