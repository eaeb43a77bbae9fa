"""Results that try to be taken for right ones, or to harm whoever looks at them."""

from tests.attacks.attack import Attack, during_the_call

YES = '''
import numpy as np

class Yes:
    """Equal to everything."""

    shape, dtype, size = (1, 1), np.dtype(float), 1
    __eq__ = __ge__ = __le__ = __contains__ = lambda self, other: True
    __ne__ = __gt__ = __lt__ = lambda self, other: False
    __bool__ = lambda self: True
    __sub__ = __rsub__ = __abs__ = __getitem__ = __call__ = lambda self, *_: self
    __hash__ = lambda self: 0
'''

VALUES = [
    Attack("always_equal", YES + "def double(x):\n    return Yes()", "failed", "does not travel"),
    Attack(
        "array_subclass",
        """
import numpy as np

class Right(np.ndarray):
    __array_function__ = lambda self, *_: True
    __array_ufunc__ = lambda self, *_, **__: np.True_
    __eq__ = lambda self, other: np.True_
    __array_priority__ = 1e9

def double(x):
    return np.zeros_like(x).view(Right)
""",
        "failed",
        r"at \(0, 0\) expected",
    ),
    Attack(
        "object_array",
        YES + "def double(x):\n    return np.array([[Yes()]], dtype=object)",
        "failed",
        "dtype object does not travel",
    ),
    during_the_call("nan", "return x * float('nan')", "failed", "got nan"),
    during_the_call("infinity", "return x * float('inf')", "failed", "inf"),
    during_the_call("absurd_shape", "return np.zeros((0, 10**12))", "failed", "expected shape"),
    during_the_call("absurd_size", "return np.broadcast_to(0.0, (10**6, 10**6))", "failed", "allocate|Memory"),
    during_the_call("too_large", "return np.zeros(1 << 20)", "failed", "more than 4 MiB"),
    during_the_call("too_many_parts", "return [10**9] * 120_000", "failed", "too many parts"),
    during_the_call("nested", "for _ in range(40): x = [x]\nreturn x", "crashed", "cannot be read"),
    during_the_call("nested_without_end", "x = []\nx.append(x)\nreturn x", "error", "RecursionError"),
    during_the_call("huge_integer", "return 10**6000", "failed", "digits"),
    during_the_call("half_a_surrogate", "return 'half a pair: \\ud800'", "failed", "got the text"),
    during_the_call("control_characters", "raise ValueError('\\x1b]0;owned\\x07\\x00\\r\\n')", "error", "ValueError"),
    during_the_call("formula", "raise type('=HYPERLINK(1)', (Exception,), {})('+1')", "error", "HYPERLINK"),
    Attack(
        "array_that_runs_code",
        """
import os
import numpy as np

class Trap:
    __class__ = property(lambda self: np.ndarray)
    dtype = np.dtype(float)

    def __array__(self, *_, **__):
        os._exit(0)

def double(x):
    return Trap()
""",
        "crashed",
        "ended itself with code 0",
    ),
    Attack(
        "unspeakable_exception",
        """
class Unspeakable(Exception):
    def __str__(self):
        raise SystemExit

def double(x):
    raise Unspeakable
""",
        "error",
        "cannot be shown",
    ),
    Attack(
        "object_with_a_seed",
        "class Seeded:\n    seed = 3\n\ndef double(x):\n    return Seeded()",
        "crashed",
        "cannot be read",
    ),
    Attack(
        "patched_comparisons",
        """
import builtins, math
import numpy as np

np.allclose = np.array_equal = np.isclose = np.all = math.isclose = lambda *_, **__: True
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *_, **__: None
builtins.abs = lambda _: 0

def double(x):
    return np.zeros_like(x)
""",
        "failed",
        r"at \(0, 0\) expected",
    ),
    Attack(
        "patched_modules",
        """
import builtins, json, os, struct, sys

json.dumps = lambda *_, **__: '{"status": "passed", "value": true}'
struct.pack = struct.unpack = os.write = os.read = lambda *_: b""
builtins.isinstance = builtins.callable = lambda *_: True
sys.modules["wire"].pack = lambda *_: b""
""",
        "crashed|timeout",
        "did not finish",
    ),
    Attack(
        # Whoever replaces the worker's way of calling does so for all functions of the notebook.
        "patched_worker",
        """
import sys
sys.modules["worker"].invoke = lambda *_: {"status": "passed", "value": True, "inputs": ()}

def double(x):
    return x
""",
        "failed",
        "truth value True",
        total=0.0,
    ),
    Attack(
        "input_transformers",
        """
get_ipython().input_transformers_cleanup.append(lambda lines: ["pass"])

def double(x):
    return x
""",
        "failed",
        r"at \(0, 0\) expected",
        total=0.0,  # of the cells below, too, it made nothing
    ),
    Attack(
        "forged_frames",
        """
import json, os, struct, sys

def nonces(frame):
    while frame:
        yield from (v for v in list(frame.f_locals.values()) if isinstance(v, bytes) and len(v) == 16)
        request = frame.f_locals.get("request")
        if isinstance(request, dict):
            yield request["echo"]
        frame = frame.f_back

def double(x):
    body = json.dumps({"status": "passed", "value": True, "inputs": {"tuple": []}}).encode()
    for nonce in set(nonces(sys._getframe())):
        frame = struct.pack("!4s16sII", b"PM01", nonce, len(body), 0) + body
        for name in [*range(16), *(f"/proc/1/fd/{n}" for n in range(16))]:
            try:
                fd = name if isinstance(name, int) else os.open(name, os.O_WRONLY | os.O_NONBLOCK)
                os.set_blocking(fd, False)
                os.write(fd, frame * 3)
            except OSError:
                pass
    return x
""",
        "crashed|failed",
    ),
    Attack(
        "giant_frame",
        """
import os, struct, sys

def double(x):
    for fd in range(3, 8):
        try:
            os.write(fd, struct.pack("!4s16sII", b"PM01", bytes(16), 2**32 - 1, 2**32 - 1))
        except OSError:
            pass
""",
        "crashed",
        "not one of the protocol's",
    ),
    Attack(
        "dripping_frame",
        """
import os, struct, sys

def double(x):
    frame = sys._getframe()
    while "sink" not in frame.f_locals:
        frame = frame.f_back
    sink, echo = frame.f_locals["sink"].fileno(), frame.f_locals["request"]["echo"]
    os.write(sink, struct.pack("!4s16sII", b"PM01", echo, 1 << 20, 1 << 20))
    while True:
        os.write(sink, b" ")
""",
        "timeout|crashed",
        "no result after|the reply cannot be read",
    ),
]
