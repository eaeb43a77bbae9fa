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
pipes = 0
try:
    while True:
        pipes += len(os.pipe()) // 2
except OSError:
    raise RuntimeError(f"{pipes <= 64}: {pipes} pipes")
""",
        "error",
        "True: ",
    ),
    during_the_call(
        "limits_raised",
        """
import resource
for name in ("RLIMIT_AS", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE"):
    try:
        resource.setrlimit(getattr(resource, name), (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
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
