"""Ways out of the sandbox, and into what others keep. ``$NAME`` stands for a place of the class that is graded."""

from tests.attacks.attack import escape

ESCAPES = [
    escape(
        "environment",
        """
import glob
def environ():
    found = [path for path in glob.glob("/proc/[0-9]*/environ") if b"CANARY" in open(path, "rb").read()]
    return found[0]
attempt(own=lambda: os.environ["CANARY"], others=environ)
""",
    ),
    escape(
        "files_of_others",
        """
def read(path):
    return open(path, "rb").read(20)
attempt(
    left=lambda: [name for name in os.listdir("/tmp") if name != "matplotlib"][0],
    canary=lambda: read("$CANARY"), neighbour=lambda: read("$SUBMITTED/neighbour/tiny/tiny.ipynb"),
    class_=lambda: os.listdir("$SUBMITTED"), verdicts=lambda: os.listdir("$STORE"),
    solution=lambda: read("$ROOT/solutions/pooling.py"), grader=lambda: os.listdir("$ROOT/autograder"),
    gradebook=lambda: read("$ROOT/gradebook.db"), home=lambda: os.listdir("/home"), passwd=lambda: read("/etc/passwd"),
    by_proc=lambda: read("/proc/1/root$CANARY"), by_self=lambda: read("/proc/self/root$CANARY"),
    by_place=lambda: read(os.open("$CANARY", os.O_PATH)), beneath=lambda: os.listdir(os.open("$SUBMITTED", os.O_PATH)),
    gone_there=lambda: (os.chdir("$SUBMITTED"), os.listdir("."))[1], shared=lambda: os.listdir("/dev/shm")[0],
    scratch_of_others=lambda: os.listdir("$TEMPORARY"), by_cwd=lambda: os.listdir("/proc/1/cwd/../../home"),
    up=lambda: read("../../../../../../../$CANARY"), link=lambda: (os.symlink("$CANARY", "/tmp/l"), read("/tmp/l")),
    other_packages=lambda: __import__("nbgrader"), torch=lambda: __import__("torch"),
    grader_import=lambda: __import__("autograder.criteria.judges"),
)
""",
    ),
    escape(
        "writing_outside",
        """
def write(path):
    with open(path, "a") as file:
        file.write("x")
    return path
def mode(path):
    os.chmod(path, 0o777)
    return path
attempt(
    canary=lambda: write("$CANARY"), root=lambda: write("/x"), lib=lambda: write("/usr/lib/x"),
    worker=lambda: write("/worker/worker.py"), numpy=lambda: write(np.__file__), python=lambda: write(os.__file__),
    dev=lambda: write("/dev/x"), null=lambda: mode("/dev/null"), random=lambda: mode("/dev/urandom"),
    times=lambda: os.utime("/dev/null", (1, 1)), of_random=lambda: os.utime("/dev/urandom"),
    by_descriptor=lambda: os.utime(os.open("/dev/null", os.O_RDWR), (1, 1)),
    by_standard_input=lambda: os.utime(0), attribute=lambda: os.setxattr("/dev/null", "user.x", b"x"),
    owner=lambda: os.chown("/dev/null", -1, -1), own=lambda: os.utime("/tmp"),
    rename=lambda: os.rename(np.__file__, "/tmp/x"),
    unlink=lambda: (os.unlink(np.__file__), 1 / (not os.path.exists(np.__file__))),
    link=lambda: os.link(np.__file__, "/tmp/y"), mkdir=lambda: os.mkdir("/home"), mknod=lambda: os.mknod("/tmp/n"),
    xattr=lambda: os.setxattr("/tmp", "user.x", b"x"), shared=lambda: write("/dev/shm/x"),
    temporary=lambda: write("$TEMPORARY/x"), emptied=lambda: os.truncate("$CANARY", 0),
    replaced=lambda: (write("mine"), os.replace("mine", "$CANARY"))[0],
    core=lambda: write("/proc/sys/kernel/core_pattern"), sysrq=lambda: write("/proc/sysrq-trigger"),
    oom=lambda: write("/proc/1/oom_score_adj"), memory=lambda: open("/proc/1/mem", "r+b").read(1),
)
""",
    ),
    escape(
        "other_processes",
        """
def others():
    return [pid for pid in os.listdir("/proc") if pid.isdigit() and int(pid) not in (1, os.getpid())][0]
attempt(
    others=others, trace=lambda: libc("ptrace", 16, 1, 0, 0), memory=lambda: open("/proc/1/mem", "rb").read(1),
    kcore=lambda: open("/proc/kcore", "rb").read(1), kmsg=lambda: open("/proc/kmsg", "rb").read(1),
    log=lambda: 1 / libc("klogctl", 3, ctypes.create_string_buffer(99), 99), pidfd=lambda: os.pidfd_open(1),
    priority=lambda: os.setpriority(os.PRIO_PROCESS, 0, -20),
    scheduler=lambda: os.sched_setscheduler(0, 1, os.sched_param(1)),
    cores=lambda: os.sched_setaffinity(0, {0}), user=lambda: os.setuid(0), groups=lambda: os.setgroups([0]),
)
""",
    ),
    escape(
        "tables_of_the_kernel",
        """
names = ("kallsyms", "modules", "slabinfo", "vmallocinfo", "iomem", "timer_list", "sched_debug", "meminfo", "kcore",
         "version", "cpuinfo", "config.gz", "cmdline", "kmsg", "sysrq-trigger", "keys", "partitions", "bus", "fs",
         "net/unix", "sys/kernel/random/boot_id", "sys/vm/mmap_min_addr", "sys/kernel/core_pattern", "uptime",
         "loadavg", "stat")
attempt(
    more=lambda: [name for name in os.listdir("/proc") if not name.isdigit() and not name.endswith("self")][0],
    sys=lambda: os.listdir("/sys"), own=lambda: open("/proc/self/net/unix").readlines()[1],
    **{name: (lambda name=name: open(f"/proc/{name}", "rb").read(1) or 1 / 0) for name in names},
    **{f"in {name}": (lambda name=name: os.listdir(f"/proc/{name}")) for name in ("bus", "fs", "sys", "net")},
)
""",
    ),
    escape(
        "what_stays_when_a_process_is_gone",
        """
import multiprocessing
from multiprocessing import shared_memory
attempt(
    shared=lambda: libc("shmget", 0, 4096, 0o1600), queue=lambda: libc("msgget", 0, 0o1600),
    semaphores=lambda: libc("semget", 0, 1, 0o1600), named_queue=lambda: libc("mq_open", b"/x", 0o102, 0o600, None),
    named=lambda: shared_memory.SharedMemory(create=True, size=10).name, counted=multiprocessing.Semaphore,
    beside=lambda: open(os.path.join(os.environ["HOME"], "..", "left"), "w"), in_dev=lambda: open("/dev/shm/left", "w"),
    in_var=lambda: open("/var/tmp/left", "w"), in_run=lambda: os.mkdir("/run/left"), in_etc=lambda: os.mkdir("/etc/x"),
)
""",
    ),
    escape(
        "descriptors",
        """
def foreign():
    links = [f"/proc/self/fd/{fd}" for fd in os.listdir("/proc/self/fd")]
    found = [os.readlink(link) for link in links if os.path.lexists(link)]
    return [place for place in found if place != "/dev/null" and not place.startswith("pipe:")][0]
def open_too():
    import stat
    kinds = {}
    for fd in range(128):
        try:
            kinds[fd] = os.fstat(fd)
        except OSError:
            pass
    null = os.stat("/dev/null").st_rdev
    return [fd for fd, one in kinds.items() if not stat.S_ISFIFO(one.st_mode) and one.st_rdev != null][0]
attempt(foreign=foreign, open_too=open_too)
""",
    ),
    escape(
        "namespaces",
        """
attempt(
    user=lambda: libc("unshare", 0x10000000), mounts=lambda: libc("unshare", 0x20000),
    net=lambda: libc("unshare", 0x40000000),
    enter=lambda: libc("setns", os.open("/proc/1/ns/mnt", 0), 0), root=lambda: os.chroot("/tmp"),
    mount=lambda: libc("mount", b"x", b"/tmp", b"tmpfs", 0, None), umount=lambda: libc("umount2", b"/dev", 2),
    remount=lambda: libc("mount", None, b"/usr/lib", None, 0x1020, None),
    host=lambda: libc("sethostname", b"x", 1), persona=lambda: 1 / (libc("personality", 0x40000) + 1),
)
""",
    ),
    escape(
        "kernel_doors",
        """
# The numbers below 424 on x86-64 and elsewhere (arm64, riscv64); from there on all count alike.
x86 = os.uname().machine == "x86_64"
calls = {"bpf": (321, 280), "keyctl": (250, 219), "add_key": (248, 217), "userfaultfd": (323, 282),
         "perf_event_open": (298, 241), "process_vm_readv": (310, 270), "shmget": (29, 194), "msgget": (68, 186),
         "inotify_init1": (294, 26), "fanotify_init": (300, 262), "open_by_handle_at": (304, 265)}
numbers = {name: pair[not x86] for name, pair in calls.items()}
numbers |= {f"new {number}": number for number in range(424, 480)}
attempt(memfd=lambda: os.memfd_create("x"), **{
    name: (lambda number=number: libc("syscall", number, 0, 0, 0, 0, 0, 0)) for name, number in numbers.items()
})
""",
    ),
    escape(
        "network",
        """
import socket, urllib.request
def pair(family):
    kinds = (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET)
    ends = (ctypes.c_int * 2)()
    return any(ctypes.CDLL(None).socketpair(family, kind, 0, ends) == 0 for kind in kinds)
def connect(family, address):
    with socket.socket(family) as one:
        one.settimeout(1)
        one.connect(address)
        one.send(b"x")
    return address
attempt(
    tcp=lambda: connect(socket.AF_INET, ("127.0.0.1", $PORT)), unix=lambda: connect(socket.AF_UNIX, "$SOCKET"),
    abstract=lambda: connect(socket.AF_UNIX, "\\0$ABSTRACT"),
    raw=lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
    netlink=lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    udp=lambda: socket.socket(type=socket.SOCK_DGRAM),
    pair=lambda: [family for family in range(60) if family != socket.AF_UNIX and pair(family)][0],
    sent=lambda: socket.socketpair(type=socket.SOCK_DGRAM)[0].sendto(b"x", "$SOCKET"),
    named=lambda: socket.socketpair()[0].bind("/tmp/mine"),
    passed=lambda: socket.send_fds(socket.socketpair()[0], [b"x"], [0]),
    http=lambda: urllib.request.urlopen("http://127.0.0.1:$PORT"),
    name=lambda: socket.gethostbyname("localhost.localdomain"),
)
""",
    ),
    escape(
        "looking_for_answers",
        """
import gc
def frames():
    frame = sys._getframe()
    while frame:
        found = {"expected", "judge", "exam", "reference"} & set(frame.f_locals)
        if found: return found
        frame = frame.f_back
    raise LookupError
attempt(
    frames=frames,
    # Where pictures are imported from there is a module that does nothing.
    modules=lambda: [n for n in sys.modules if n.startswith("autograder.") and n != "autograder.drawing"][0],
    objects=lambda: [o for o in gc.get_objects() if type(o).__name__ in ("Exam", "Reply", "Case", "Evidence")][0],
    sources=lambda: [n for n in os.listdir("/worker") + os.listdir("/packages") if n == "grading.py"][0],
)
""",
    ),
]
