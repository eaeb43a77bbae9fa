"""Landlock as each version of it is told, the folder of a submission, and what is left when all is over."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.model import Status
from autograder.sandbox import backends, fence_landlock, landlock, wire
from autograder.sandbox.confinement import ConfinementError
from autograder.sandbox.session import Sandbox, SandboxEnd, Session, Warm, tried
from tests.helpers.tiny_exam import LIMITS

ROOT = Path(__file__).resolve().parents[2]
HERE = "" if sys.platform != "linux" else tried("landlock")
pytestmark = pytest.mark.skipif(bool(HERE), reason=HERE)
SANDBOX = Sandbox(LIMITS, confinement="landlock")
# What a version of Landlock, however old, must not let pass.
OUTSIDE = """
import os
done = []
def attempt(name, action):
    try:
        done.append((name, action()))
    except OSError:
        pass
for path in PLACES:
    attempt(f"read {path}", lambda: open(path, "rb").read(1))
    attempt(f"list {path}", lambda: os.listdir(path))
    attempt(f"write {path}", lambda: os.close(os.open(path, os.O_WRONLY)))
    attempt(f"write beside {path}", lambda: open(f"{path}.x", "w"))
    attempt(f"make {path}", lambda: os.mkdir(f"{path}.x"))
    attempt(f"empty {path}", lambda: os.truncate(path, 0))
    attempt(f"empty by opening {path}", lambda: os.close(os.open(path, os.O_RDONLY | os.O_TRUNC)))
    attempt(f"move {path}", lambda: os.rename(path, "mine"))
    attempt(f"move over {path}", lambda: os.rename("own", path))
if done:
    raise Exception(str(done))
"""


DEEPER = "    os.mkdir('deep')\n    os.chdir('deep')"


def run(session, source, seconds=5):
    return session.request({"cell": source, "name": "<cell>"}, seconds)


def warm():
    return Warm.of(backends.named("landlock"), ())


def scratches():
    return os.listdir(warm().launch.folder / "scratch")


def test_each_version_refuses_all_rights_that_it_knows():
    assert [fence_landlock.rights_of(version) for version in (1, 2, 3, 4, 5, 9)] == [
        0x1FFF, 0x3FFF, 0x7FFF, 0x7FFF, 0xFFFF, 0xFFFF,
    ]  # fmt: skip


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5, None])
def test_files_of_others_are_out_of_reach_with_any_version(tmp_path, version):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    secret.chmod(0o666)
    tmp_path.chmod(0o777)
    places = [str(path) for path in (secret, tmp_path, ROOT / "solutions" / "pooling.py", "/etc/passwd", "/tmp")]
    places += ["/proc/self/environ", f"/proc/{os.getpid()}/cmdline", "/dev/shm", "/dev/zero", sys.executable]
    places += ["/usr/lib/python3", str(Path(pytest.__file__).parent)]
    backend = landlock.Landlock(min(version or landlock.abi(), landlock.abi()))
    try:
        with Session(SANDBOX, backend) as session:
            assert run(session, "open('own', 'w').write('x')")["status"] == "passed"
            assert run(session, OUTSIDE.replace("PLACES", repr(places))) == {"status": "passed", "message": ""}
    finally:
        Warm.of(backend, ()).end()
    assert secret.read_text() == "secret"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret"]


def test_a_module_that_is_not_given_is_not_found_and_one_of_numpys_is():
    with SANDBOX.start() as session:
        answer = run(session, "import numpy.polynomial, wave, nbgrader, torch, autograder.cli, session, confinement")
    assert sorted(answer["value"]) == ["autograder.cli", "confinement", "nbgrader", "session", "torch"]


def test_without_what_lies_in_it_a_folder_is_given_piece_by_piece(tmp_path):
    for name in ("library/json", "library/site-packages/secret", "library/lib/deep", "library/lib/hidden"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "library" / "os.py").touch()
    hidden = {tmp_path / "library" / "site-packages", tmp_path / "library" / "lib" / "hidden"}
    found = [str(path.relative_to(tmp_path)) for path in landlock._without(tmp_path / "library", hidden)]
    assert found == ["library/json", "library/lib/deep", "library/os.py"]
    assert list(landlock._without(tmp_path / "library" / "json", hidden)) == [tmp_path / "library" / "json"]


def test_what_a_submission_wrote_is_gone_with_it_however_it_is_nested_and_closed():
    with SANDBOX.start() as session:
        source = "import os\nfor n in range(15):\n    open('x', 'w').write('x')\n"
        assert run(session, source + DEEPER)["status"] == "passed"
        assert len(scratches()) == 1
    with SANDBOX.start() as session, pytest.raises(SandboxEnd) as end:
        run(session, f"import os\nfor n in range(3000):\n{DEEPER}\nwhile True: pass")
    assert end.value.args == (Status.MEMORY, "more than 20 folders were written one in another")
    with SANDBOX.start() as session:
        run(session, "import os\nos.makedirs('a/b')\nos.mkdir('shut', 0)\nos.umask(0o777)\nos.mkdir('a/c')")
    assert scratches() == []


def test_folders_whose_path_is_too_long_to_be_named_cost_their_own_process_only():
    names = "import os\nfor n in range(19):\n    os.mkdir('x' * 255)\n    os.chdir('x' * 255)\nwhile True: pass"
    with SANDBOX.start() as session, pytest.raises(SandboxEnd) as end:
        run(session, names)
    assert end.value.args == (Status.MEMORY, "a folder was written that cannot be looked into")
    assert scratches() == []


@pytest.mark.parametrize(
    "source",
    [
        "n = 0\nwhile True:\n    open(f'{n}', 'wb').write(bytes(1 << 20))\n    n += 1",
        # Removed, and yet there.
        "import os\nfor n in range(99):\n    os.write(os.open(f'{n}', 66), bytes(1 << 22))\n    os.unlink(f'{n}')",
        "import os\nn = os.open('.', os.O_TMPFILE | os.O_RDWR)\nwhile True: os.write(n, bytes(1 << 20))",
    ],
    ids=["many", "removed", "nameless"],
)
def test_no_more_is_written_than_may_be(source):
    with SANDBOX.start() as session:
        answers, end = session.request_all(
            wire.pack({"cell": f"{source}\nwhile True: pass", "name": "<cell>"}, bytes(16)), 1, 5, 5
        )
        assert (end and end.args) == (None if answers else (Status.MEMORY, "more than 8 MiB were written"))
        assert [answer["status"] for answer in answers] in ([], ["error"])
    assert scratches() == []


def test_what_is_written_counts_also_where_it_seems_removed():
    with SANDBOX.start() as session:
        run(session, "import os\nopen('x', 'wb').write(b'x')\nos.unlink('x')\nopen('z', 'w')\nos.rmdir('matplotlib')")
        folder = session.watch.folder
        assert sorted(os.listdir(folder)) == ["matplotlib", "x", "z"]


def test_the_folder_of_folders_goes_with_its_grader(tmp_path):
    program = (
        "import os, sys, time\nfrom autograder.sandbox.session import Sandbox, Warm\n"
        "session = Sandbox(confinement='landlock').start()\n"
        "(warm,) = Warm.kept.values()\n"
        "print(warm.launch.folder, flush=True)\n"
        "session.request({'cell': 'open(\"x\", \"w\").write(\"x\")\\nwhile True: pass', 'name': '<c>'}, 60)\n"
    )
    grader = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    folder = Path(grader.stdout.readline().strip())
    assert folder.is_dir()
    grader.send_signal(signal.SIGKILL)
    grader.communicate()
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()
    assert not [path for path in Path("/proc").glob("[0-9]*/environ") if _names(path, folder)]


def _names(path, folder):
    try:
        return str(folder).encode() in path.read_bytes()
    except OSError:
        return False


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes nobody where it is root")
def test_where_the_grader_is_root_a_submission_is_nobody_and_what_nobody_may_not_read_is_named(tmp_path):
    with SANDBOX.start() as session:
        said = dict(line.split(":\t", 1) for line in session.watch.status.read_text().splitlines())
    assert {*said["Uid"].split(), *said["Gid"].split()} == {"65534"}
    assert said["Groups"].split() == []
    with pytest.raises(OSError, match="nobody, who may not read"):
        fence_landlock._nobody_reads([_shut(tmp_path)])


def _shut(folder):
    (folder / "shut").mkdir(mode=0o700)
    return str(folder / "shut")


@pytest.mark.parametrize(
    ("number", "advice"), [(38, r"Linux 5\.13"), (95, "lsm=landlock"), (1, "container's seccomp profile")]
)
def test_a_machine_without_it_is_told_what_to_do(monkeypatch, number, advice):
    def refuse():
        raise OSError(number, os.strerror(number))

    landlock.abi.cache_clear()
    monkeypatch.setattr(fence_landlock, "abi", refuse)
    with pytest.raises(ConfinementError, match=advice):
        replace(SANDBOX).start()
    landlock.abi.cache_clear()


def test_a_user_without_another_user_stays_who_he_is():
    program = "from autograder.sandbox.landlock import becomes_nobody\nprint(becomes_nobody())"
    command = ["unshare", "-Ur", sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "False\n", done.stderr
