"""The worker's own memory, types and requests turned against the grader: what is there does not help."""

from tests.attacks.attack import Attack, during_the_call, escape

MEMORY = [
    escape(
        "expected_result_in_memory",
        """
def expected():
    # The right answer's bytes are not made before they are found: halved, they are the input's.
    want, pieces = float(np.asarray(x).flat[0]), []
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", buffering=0) as memory:
        for line in maps:
            start, end = (int(number, 16) for number in line.split()[0].split("-"))
            if line.split()[1][0] == "r" and "[v" not in line:
                for at in range(start, end, 1 << 18):
                    memory.seek(at)
                    part = memory.read(min(1 << 18, end - at))
                    values = np.frombuffer(part[: len(part) // 8 * 8])
                    with np.errstate(all="ignore"):
                        pieces += [hex(at)] * int((values / 2 == want).any())
    return pieces[0]
attempt(expected=expected)
""",
    ),
    Attack(
        "pending_requests_made_easy",
        """
import sys

def double(x):
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    calls = frame.f_locals["request"]["calls"]
    calls[:] = [calls[0]] * len(calls)
    return 2 * x
""",
        "failed",
        "expected shape",
    ),
    Attack(
        "requests_answered_twice",
        """
import sys

def double(x):
    frame = sys._getframe()
    while "sink" not in frame.f_locals:
        frame = frame.f_back
    wire, sink, request = sys.modules["wire"], frame.f_locals["sink"], frame.f_locals["request"]
    for _ in request["calls"]:
        sink.write(wire.pack({"status": "passed", "value": 0 * x, "inputs": (x,)}, request["echo"]))
    return 2 * x
""",
        "failed",
        r"at \(0, 0\) expected",
    ),
    Attack(
        # Whatever the process says after this has no values in it, whichever function is asked.
        "patched_types",
        """
import ctypes, gc
import numpy as np

methods = gc.get_referents(np.ndarray.__dict__)[0]
methods["tobytes"] = lambda self, *_: b""
methods["copy"] = methods["astype"] = lambda self, *_, **__: self
ctypes.pythonapi.PyType_Modified(ctypes.py_object(np.ndarray))

def double(x):
    return 0 * x
""",
        "crashed",
        "cannot be read",
        total=0.0,
    ),
    Attack(
        "import_hooks",
        """
import builtins, os, sys

class Finder:
    def find_spec(self, *_):
        os._exit(0)

sys.meta_path.insert(0, Finder())
sys.path_hooks.insert(0, lambda _: os._exit(0))
sys.modules["numpy.random"] = sys.modules["asyncio"] = None

def double(x):
    return 0 * x
""",
        "failed",
        r"at \(0, 0\) expected",
    ),
    Attack(
        "inputs_that_come_back_as_something_else",
        """
import sys
import numpy as np

sys.modules["worker"]._arrays = lambda args: (np.zeros((10**6, 0)), "untouched", None)

def double(x):
    x *= 2
    return x[:0]
""",
        "failed",
        "expected shape",
    ),
    during_the_call(
        "one_number_many_times",
        "return np.lib.stride_tricks.as_strided(np.zeros(1), (1 << 14, 1 << 14), (0, 0))",
        "failed",
        "MemoryError",
    ),
    during_the_call(
        "descriptors_without_end",
        """
number = 0
try:
    while True:
        number = os.dup(0)
except OSError:
    raise RuntimeError(f"{number < 128}: {number}")
""",
        "error",
        "True: ",
    ),
    escape(
        "pinned_memory",
        """
# Each of these holds whole huge pages, or pages that stay, for a byte of address space or none.
import fcntl
pair = [fd for fd in range(3, 128) if os.path.exists(f"/proc/self/fd/{fd}")]
page = ctypes.create_string_buffer(4096)
class Vector(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))
one = ctypes.byref(Vector(ctypes.addressof(page), 1))
here = ctypes.c_void_p(ctypes.addressof(page))
def mapped(flags):
    address = ctypes.CDLL(None).mmap(None, ctypes.c_size_t(1 << 21), 3, 0x22 | flags, -1, 0)
    if address == -1: raise OSError
    return address
attempt(
    gift=lambda: [libc("vmsplice", fd, one, 1, 0) for fd in pair], new=os.pipe, new_too=lambda: os.pipe2(0),
    wider=lambda: [fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, 1 << 20) for fd in pair],
    moved=lambda: libc("splice", os.open(np.__file__, 0), None, pair[-1], None, 1, 0),
    sent=lambda: os.sendfile(pair[-1], os.open(np.__file__, 0), 0, 1),
    doubled=lambda: libc("tee", pair[0], pair[-1], 1, 0), locked=lambda: libc("mlock", here, 4096),
    all_locked=lambda: libc("mlockall", 1), born_locked=lambda: mapped(0x2000), huge=lambda: mapped(0x40000),
    secret=lambda: libc("syscall", 447, 0), file=lambda: os.memfd_create("x"),
    shared=lambda: libc("shmget", 0, 4096, 0o1600), pinned=lambda: libc("syscall", 425, 8, page),
)
""",
    ),
    escape(
        "shared_memory_left_in_part",
        """
# It is kept whole as long as a page of it is mapped, and only that page counts.
import mmap
def left(flags, file=-1):
    library = ctypes.CDLL(None)
    library.mmap.restype = ctypes.c_void_p
    size = 1 << 24
    for _ in range(64):
        start = library.mmap(None, ctypes.c_size_t(size), 3, flags, file, ctypes.c_long(0))
        if start == ctypes.c_void_p(-1).value: raise OSError
        ctypes.memset(start, 1, size)
        library.munmap(ctypes.c_void_p(start + 4096), ctypes.c_size_t(size - 4096))
    return flags
attempt(
    shared=lambda: mmap.mmap(-1, 1 << 24), left=lambda: left(mmap.MAP_SHARED | mmap.MAP_ANONYMOUS),
    validated=lambda: left(3 | mmap.MAP_ANONYMOUS), zero=lambda: left(mmap.MAP_SHARED, os.open("/dev/zero", os.O_RDWR)),
    file=lambda: mmap.mmap(os.open("/dev/shm/x", os.O_RDWR | os.O_CREAT), 1 << 24),
)
""",
    ),
    escape(
        "huge_pages_left_in_part",
        """
# The kernel keeps a huge page as long as a byte of it is mapped: 512 times of what is counted.
import mmap
def huge():
    held = mmap.mmap(-1, 1 << 25, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    libc("madvise", ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(held))), ctypes.c_size_t(1 << 25), 14)
    return held
def whole():
    held = np.ones(1 << 22)  # NumPy asks for huge pages where an array is large
    found = [line for line in open("/proc/self/smaps") if line.startswith("AnonHugePages") and line.split()[1] != "0"]
    return found[0], len(held)
attempt(asked=huge, there=whole)
""",
    ),
    escape(
        "locks_and_signals",
        """
# Kernel memory without limit, which nobody counts: 200 bytes for each range or signal.
import fcntl, signal, struct
file = open("locked", "w+b")
def lock(command):
    return fcntl.fcntl(file, command, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 1, 0))
def queued(send):
    signal.pthread_sigmask(signal.SIG_BLOCK, range(34, 65))
    for _ in range(1000): send()
    said = dict(line.split(":", 1) for line in open("/proc/self/status"))["SigQ"]
    return 1 / (int(said.split("/")[0]) > 0), said
attempt(
    range=lambda: lock(fcntl.F_SETLK), open_file=lambda: lock(fcntl.F_OFD_SETLK), wait=lambda: lock(fcntl.F_OFD_SETLKW),
    whole=lambda: fcntl.flock(file, fcntl.LOCK_EX), lease=lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK),
    owner=lambda: fcntl.fcntl(file, fcntl.F_SETOWN, os.getpid()), watch=lambda: fcntl.fcntl(file, fcntl.F_NOTIFY, 2),
    signals=lambda: queued(lambda: os.kill(os.getpid(), 40)),
    with_values=lambda: queued(lambda: libc("sigqueue", os.getpid(), 41, None)),
    timers=lambda: libc("timer_create", 0, None, ctypes.byref(ctypes.c_long())),
    watches=lambda: __import__("select").epoll(), events=lambda: os.eventfd(0) if hasattr(os, "eventfd") else 1 / 0,
)
""",
    ),
    during_the_call(
        # A page here and there needs two more of the kernel's to say where it is.
        "memory_in_pieces",
        """
import ctypes
library = ctypes.CDLL(None)
library.mmap.restype = ctypes.c_void_p
while True:
    start = library.mmap(None, ctypes.c_size_t(1 << 23), 1, 0x22, -1, ctypes.c_long(0))
    if start == ctypes.c_void_p(-1).value: raise RuntimeError("none left")
    ctypes.string_at(start, 1)
    library.munmap(ctypes.c_void_p(start + 4096), ctypes.c_size_t((1 << 23) - 4096))
""",
        "memory",
        "too many pieces",
    ),
    during_the_call(
        "buffers_of_sockets",
        """
import socket
held, written = [], 0
try:
    while True:
        held += socket.socketpair()
        for end in held[-2:]:
            end.setblocking(False)
            try:
                while True: written += os.write(end.fileno(), bytes(1 << 16))
            except BlockingIOError: pass
except OSError:
    raise RuntimeError(f"{written < 32 << 20}: {written}")
""",
        "error",
        "True: ",
    ),
    during_the_call(
        "limits_raised",
        """
import resource
for name in ("AS", "FSIZE", "NOFILE", "CORE", "SIGPENDING", "MEMLOCK", "MSGQUEUE"):
    try:
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except ValueError:
        continue
    raise RuntimeError(f"{name} was raised")
return 0 * x
""",
        "failed",
        r"at \(0, 0\) expected",
    ),
    Attack(
        "outlives_its_parent",
        """
import ctypes, os, signal

ctypes.CDLL(None).prctl(1, 0)  # PR_SET_PDEATHSIG
os.setsid() if os.getpgid(0) != os.getpid() else None
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass

def double(x):
    while True:
        pass
""",
        "timeout",
        "no result after",
    ),
]
