"""A notebook is read where it is when only one file can be meant, and what was not used is named."""

import io
import json
import os
import zipfile

import pytest

from autograder.judging.finding import MOST_ENTRIES
from autograder.judging.hand_ins import HandIn, open_file
from tests.helpers.tiny_exam import LIMITS, RELEASE, cell, cells, notebook

LIMIT = LIMITS.notebook


def marked(mark="mine"):
    """Return a notebook's text that can be told from others."""
    return json.dumps(notebook([cell(f"# {mark}"), *cells()]))


def zipped(*names, content=None, method=zipfile.ZIP_DEFLATED):
    """Return an archive with notebooks of these names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name in names:
            archive.writestr(name, marked(name) if content is None else content)
    return file.getvalue()


def place(home, files):
    """Write a student's files, and return the hand-in."""
    for name, content in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return HandIn(home.name, home / "tiny" / "tiny.ipynb")


def first(opened):
    """Return the mark of the notebook that was read."""
    return opened.notebook and opened.notebook["cells"][0]["source"].removeprefix("# ")


@pytest.mark.parametrize(
    "name",
    [
        "tiny/tiny.ipynb.json",
        "tiny/tiny.ipynb.txt",
        "tiny/tiny.json",
        "tiny/tiny",
        "tiny/tiny (1).ipynb",
        "tiny/tiny-Copy1.ipynb",
        "tiny/Copy of tiny.ipynb",
        "tiny/TINY.IPYNB",
        "tiny/tiny.ipynb (2)",
        "tiny/lovelace_4711_tiny-1.ipynb",
        "tiny/homework 3.ipynb",
        "Tiny/tiny.ipynb",
        "Tiny/Tiny.ipynb",
        "week 3 - tiny/hw.ipynb",
        "tiny.ipynb",
        "homework.ipynb",
        "tiny/tiny/tiny.ipynb",
        "tiny/work/deeper/tiny.ipynb",
        "pooling/tiny.ipynb",
    ],
)
def test_the_only_file_that_could_be_meant_is_read_and_named(tmp_path, name):
    hand_in = place(tmp_path / "ann", {name: marked(), "pooling/pooling.ipynb": marked("another assignment's")})
    opened = hand_in.open(LIMIT)
    assert first(opened) == "mine"
    (remark,) = opened.remarks
    assert remark == f"tiny.ipynb is not in its place; {name!r} was read, the only file that could be meant"
    assert hand_in.is_something(LIMIT)
    assert first(open_file(tmp_path / "ann" / name, "tiny", LIMIT)) == "mine"


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["tiny/tiny (1).ipynb", "tiny/tiny (2).ipynb"], 2),
        (["tiny.ipynb", "Tiny/tiny.ipynb"], 2),
        (["tiny/a.ipynb", "tiny/b.ipynb", "tiny/c.ipynb"], 3),
        ([f"tiny/tiny ({number}).ipynb" for number in range(30)], 8),
    ],
)
def test_of_several_none_is_read_and_all_are_named(tmp_path, files, names):
    opened = place(tmp_path / "ann", dict.fromkeys(files, marked())).open(LIMIT)
    assert opened.notebook is None
    (remark,) = opened.remarks
    assert sum(repr(name) in remark for name in files) == names
    assert remark.endswith("none was read")
    assert (" and 22 more" in remark) == (len(files) == 30)
    assert set(opened.submission(RELEASE).missing) == {"double", "total"}


@pytest.mark.parametrize(
    "name", ["pooling/pooling.ipynb", "pooling/hw.ipynb", "pooling.ipynb", "tiny/.tiny.ipynb", "tiny/notes.txt",
             "tiny/.ipynb_checkpoints/tiny-checkpoint.ipynb", "tiny/tiny.html", "tiny/tiny.py", "tiny/tiny.pdf"],
)  # fmt: skip
def test_what_is_anothers_or_no_notebook_is_not_read(tmp_path, name):
    hand_in = place(tmp_path / "ann", {name: marked()})
    opened = hand_in.open(LIMIT)
    assert opened.notebook is None
    assert opened.missing == "no tiny.ipynb was handed in"
    assert not hand_in.is_something(LIMIT)
    visible = name.startswith("tiny/") and "/." not in name
    assert opened.remarks == ((f"there and not used: {name!r}",) if visible else ())


def test_a_notebook_in_its_place_counts_and_what_lies_beside_it_is_named(tmp_path):
    files = dict.fromkeys(["tiny/tiny (1).ipynb", "tiny/helper.py", "tiny-old.ipynb"], "x")
    files |= {"tiny/tiny.ipynb": marked(), "tiny/timestamp.txt": "2026-01-05", "pooling/pooling.ipynb": marked("other")}
    opened = place(tmp_path / "ann", files).open(LIMIT)
    assert first(opened) == "mine"
    assert opened.remarks == ("there and not used: 'tiny-old.ipynb', 'tiny/helper.py', 'tiny/tiny (1).ipynb'",)


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("tiny/tiny.zip", ["tiny.ipynb"]),
        ("tiny/upload.zip", ["hw.ipynb"]),
        ("tiny.zip", ["src/tiny/tiny.ipynb", "__MACOSX/src/tiny/._tiny.ipynb", "readme.txt"]),
        ("everything.zip", ["tiny.ipynb", "pooling.ipynb", "tiny/.ipynb_checkpoints/tiny-checkpoint.ipynb"]),
        ("tiny/tiny.zip", ["../../../etc/tiny.ipynb"]),
        ("tiny/tiny.zip", ["/etc/tiny.ipynb"]),
        ("tiny/tiny.zip", ["tiny.ipynb.txt"]),
        ("tiny/tiny.ipynb.zip", ["tiny.ipynb"]),
    ],
)
def test_a_notebook_within_an_archive_is_read_in_memory(tmp_path, name, inside):
    hand_in = place(tmp_path / "ann", {name: zipped(*inside)})
    before = sorted(tmp_path.rglob("*"))
    opened = hand_in.open(LIMIT)
    assert first(opened) == inside[0]
    assert name in opened.remarks[0]
    assert sorted(tmp_path.rglob("*")) == before
    by_hand = open_file(tmp_path / "ann" / name, "tiny", LIMIT)
    assert first(by_hand) == inside[0]
    assert "is an archive" in by_hand.remarks[0]


def test_an_archive_that_calls_itself_a_notebook_is_one_all_the_same(tmp_path):
    opened = place(tmp_path / "ann", {"tiny/tiny.ipynb": zipped("tiny.ipynb")}).open(LIMIT)
    assert first(opened) == "tiny.ipynb"
    assert opened.remarks == ("'tiny/tiny.ipynb' is an archive: 'tiny.ipynb' within it was read",)
    opened = place(tmp_path / "bob", {"tiny/tiny.ipynb": zipped("tiny.ipynb", "more/tiny.ipynb")}).open(LIMIT)
    assert "no notebook was read" in opened.malformed
    assert "'tiny.ipynb', 'more/tiny.ipynb'" in opened.remarks[0]


def test_an_archive_counts_beside_a_copy(tmp_path):
    opened = place(tmp_path / "ann", {"tiny/tiny.zip": zipped("tiny.ipynb"), "tiny/tiny (1).ipynb": marked()}).open(
        LIMIT
    )
    assert opened.notebook is None
    assert "'tiny/tiny.zip/tiny.ipynb'" in opened.remarks[0]
    assert "'tiny/tiny (1).ipynb'" in opened.remarks[0]


def _linked():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        link = zipfile.ZipInfo("tiny.ipynb")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return file.getvalue()


def _secret():
    archive = bytearray(zipped("tiny.ipynb", method=zipfile.ZIP_STORED))
    for head, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        archive[archive.index(head) + offset] |= 1
    return bytes(archive)


ODD_ARCHIVES = {
    "a bomb": zipped("tiny.ipynb", content=b" " * (40 << 20)),
    "a link": _linked(),
    "a password": _secret(),
    "another method": zipped("tiny.ipynb", method=zipfile.ZIP_LZMA),
    "many": zipped(*(f"{number}.ipynb" for number in range(3000)), content=b"{}"),
    "cut": zipped("tiny.ipynb")[:-30],
    "nonsense": b"PK\x03\x04" + os.urandom(5000),
    "an archive within": zipped("tiny.zip", content=zipped("tiny.ipynb")),
    "broken inside": zipped("tiny.ipynb").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x08", b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x63"
    ),
    "a name that is none": zipped("tiny.ipynb").replace(b"tiny.ipynb", b"\xff\x00.ipynb\n\n"),
    "empty": zipped(),
}


@pytest.mark.parametrize("kind", ODD_ARCHIVES)
def test_a_hostile_archive_costs_its_author_only(tmp_path, kind):
    for name in ("tiny/tiny.zip", "tiny/tiny.ipynb"):
        opened = place(tmp_path / name.replace("/", "-"), {name: ODD_ARCHIVES[kind]}).open(LIMIT)
        assert opened.notebook is None
        assert opened.malformed or opened.missing
        submission = opened.submission(RELEASE)
        assert {*submission.malformed, *submission.missing} == {"double", "total"}


def test_nothing_is_followed(tmp_path):
    place(tmp_path / "victim", {"tiny/tiny.ipynb": marked("stolen"), "tiny/tiny.zip": zipped("tiny.ipynb")})
    thief = place(tmp_path / "thief", {"tiny/readme": ""})
    (tmp_path / "thief" / "tiny" / "tiny (1).ipynb").symlink_to(tmp_path / "victim" / "tiny" / "tiny.ipynb")
    (tmp_path / "thief" / "tiny" / "tiny.zip").symlink_to(tmp_path / "victim" / "tiny" / "tiny.zip")
    (tmp_path / "thief" / "more tiny").symlink_to(tmp_path / "victim" / "tiny")
    os.mkfifo(tmp_path / "thief" / "tiny" / "tiny (2).ipynb")
    opened = thief.open(LIMIT)
    assert opened.notebook is None
    assert opened.remarks[0].count("(no file of its own)") == 4


def test_folders_without_end_are_not_gone_through(tmp_path):
    deep = tmp_path / "ann" / "tiny"
    for _ in range(30):
        deep /= "x"
    deep.mkdir(parents=True)
    (deep / "tiny.ipynb").write_text(marked())
    assert place(tmp_path / "ann", {}).open(LIMIT).missing
    for number in range(MOST_ENTRIES + 1):
        (tmp_path / "bob" / f"tiny-{number}").mkdir(parents=True)
    opened = place(tmp_path / "bob", {"tiny/tiny.ipynb": marked()}).open(LIMIT)
    assert first(opened) == "mine"
    assert "not all were looked at" in opened.remarks[-1]


def test_a_remark_is_one_harmless_line(tmp_path):
    name = "tiny \x1b[31m\n\u202e" + "a" * 150 + ".ipynb"
    opened = place(tmp_path / "ann", {f"tiny/{name}": marked()}).open(LIMIT)
    assert first(opened) == "mine"
    assert opened.remarks[0].isprintable()
    assert len(opened.remarks[0]) < 250


def test_a_folder_that_cannot_be_seen_is_no_empty_hand_in(tmp_path, monkeypatch):
    hand_in = place(tmp_path / "ann", {"tiny/readme": ""})
    real = os.scandir

    def scandir(path):
        if path == tmp_path / "ann" / "tiny":
            raise error
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    error = OSError(5, "Input/output error")
    with pytest.raises(OSError, match="Input/output"):
        hand_in.open(LIMIT)
    error = PermissionError(13, "Permission denied")
    (remark,) = hand_in.open(LIMIT).remarks
    assert remark == "a folder of the hand-in cannot be looked into (Permission denied)"
    assert hand_in.open(LIMIT).malformed == remark
    place(tmp_path / "ann", {"tiny/tiny.ipynb": marked()})
    assert first(hand_in.open(LIMIT)) == "mine"


def test_the_collectors_files_are_looked_for_from_its_own_folder_inwards(tmp_path):
    home = tmp_path / "ann"
    opened = place(home, {"Tiny/work/tiny.ipynb": marked()}).open(LIMIT)
    assert opened.folders == (home / "tiny", home, home / "Tiny", home / "Tiny" / "work")
