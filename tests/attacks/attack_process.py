"""Processes that end, hang, multiply, grow or turn against others."""

import platform

from tests.attacks.attack import Attack, during_the_call, escape

PROCESS = [
    during_the_call("sys_exit", "sys.exit(0)", "error", "SystemExit"),
    during_the_call("os_exit", "os._exit(0)", "crashed", "ended itself with code 0"),
    Attack("os_exit_at_import", "import os\nos._exit(0)", "crashed", "did not finish"),
    during_the_call("keyboard_interrupt", "raise KeyboardInterrupt", "error", "KeyboardInterrupt"),
    during_the_call("endless_loop", "while True: pass", "timeout", "no result after 2 s"),
    Attack("endless_loop_at_import", "while True: pass", "timeout", "did not finish"),
    Attack(
        "endless_loop_in_del",
        """
class Sticky:
    def __del__(self):
        while True: pass

def double(x):
    sticky = Sticky()
    return 0 * x
""",
        "timeout",
        "no result after",
    ),
    Attack(
        "signals_ignored",
        """
import signal

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass

def double(x):
    while True:
        try:
            while True: pass
        except BaseException:
            pass
""",
        "timeout",
        "no result after",
    ),
    during_the_call("stops_itself", "import signal\nos.kill(os.getpid(), signal.SIGSTOP)", "timeout"),
    during_the_call("segfault", "import ctypes\nctypes.string_at(0)", "crashed", "SIGSEGV"),
    during_the_call(
        "stack_overflow",
        "sys.setrecursionlimit(10**9)\na, b = [], []\nfor _ in range(200_000): a, b = [a], [b]\nreturn a == b",
        "crashed",
        "SIGSEGV",
    ),
    during_the_call("recursion", "return double(x)", "error", "RecursionError"),
    during_the_call("memory", "held = []\nwhile True: held.append(np.empty(1 << 21))", "memory", "allocate"),
    during_the_call("huge_array", "return np.ones(10**12)", "memory", "allocate"),
    during_the_call(
        "disk",
        """
written = 0
for n in range(1000):
    try:
        with open(f"{n}", "wb", buffering=0) as file:
            while n < 500: written += file.write(bytes(1 << 20))
    except OSError as problem:
        pass
for folder in ("/tmp", "/dev/shm", "/run", "/var/tmp", "/", "/dev"):
    try:
        with open(f"{folder}/more", "wb", buffering=0) as file:
            written += file.write(bytes(1 << 20))
    except OSError:
        pass
raise RuntimeError(f"{written <= 9 << 20}: wrote {written}")
""",
        # The kernel refuses more; where files are counted from outside, the process ends.
        "error|memory",
        "True: wrote|more than 8 MiB were written",
    ),
    during_the_call(
        "files",
        "n = 0\nwhile True:\n    open(f'{n}', 'w').close()\n    n += 1",
        # A disk may be too slow for so many.
        "memory|timeout",
        "more than 10000 files|no result after 2 s",
    ),
    during_the_call(
        "output",
        "for fd in (1, 2):\n    for _ in range(100): os.write(fd, bytes(1 << 20))\nwhile True: print('x' * 10**6)",
        "timeout",
    ),
    escape(
        "fork",
        """
import multiprocessing, pty, subprocess
attempt(
    fork=os.fork, forkpty=os.forkpty,
    spawn=lambda: os.posix_spawn(sys.executable, [sys.executable, "-c", ""], {}),
    system=lambda: 1 / (os.system("true") == 0),
    run=lambda: subprocess.run([sys.executable, "-c", ""]),
    pool=lambda: multiprocessing.Pool(2),
    vfork=lambda: libc("vfork"),
)
""",
    ),
    escape(
        "threads",
        """
import _thread, concurrent.futures, threading
attempt(
    thread=lambda: threading.Thread(target=print).start(),
    raw=lambda: _thread.start_new_thread(print, ()),
    pool=lambda: concurrent.futures.ThreadPoolExecutor().submit(print).result(),
)
""",
    ),
    escape(
        "daemon",
        """
def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True: pass
attempt(daemon=daemon)
""",
    ),
    during_the_call(
        "kills_everybody",
        """
import signal
for pid in (1, os.getppid(), 0, -1):
    for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
        try:
            if pid: os.kill(pid, number)
        except OSError:
            pass
return 0 * x
""",
        "failed",
    ),
    during_the_call("kills_itself", "import signal\nos.kill(os.getpid(), signal.SIGKILL)", "crashed", "SIGKILL"),
    during_the_call("kills_its_group", "import signal\nos.killpg(0, signal.SIGKILL)", "error", "PermissionError"),
    during_the_call("closes_everything", "os.closerange(0, 256)", "crashed"),
    during_the_call(
        "becomes_another_program",
        "os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(1000)'])",
        "error",
        "PermissionError",
    ),
    during_the_call(
        "steals_frames",
        """
for fd in range(3, 16):
    try:
        os.set_blocking(fd, False)
        if os.read(fd, 1 << 16): raise RuntimeError("there was more to read")
    except OSError:
        pass
return 0 * x
""",
        "failed|crashed",
        "^(?!.*more to read)",
    ),
    Attack(
        "exit_handlers",
        """
import atexit, sys, threading, os
atexit.register(lambda: [None for _ in iter(int, 1)])
sys.excepthook = sys.unraisablehook = lambda *_: os._exit(0)
sys.settrace(lambda *_: os._exit(0))

def double(x):
    return x
""",
        "crashed",
        "",
    ),
]
if platform.machine() == "x86_64":
    PROCESS.append(
        during_the_call(
            "foreign_system_calls",
            """
import ctypes, mmap
# mov eax, 2 (the 32-bit fork); int 0x80; ret
page = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(bytes.fromhex("b802000000cd80c3"))
return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
""",
            "crashed",
            "SIGSYS",
        )
    )
