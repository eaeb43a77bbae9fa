"""One student's files, whatever they are, leave everybody else's collected."""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.collecting.choosing import Names
from autograder.collecting.download import DownloadError, opened
from autograder.collecting.roster import Roster
from tests.helpers.downloads import collected, download


def failing(number: int):
    def read() -> bytes:
        raise OSError(number, "no such luck")

    return read


def test_a_long_name_made_of_folders_names_is_as_short_as_any_disk_needs(tmp_path):
    long = f"ann/pooling.ipynb/{'d' * 200}/{'f' * 196}.txt"
    files = {"ann/pooling.ipynb": "ann", long: "deep", f"{long}/x.txt": "deeper", "bob/pooling.ipynb": "bob"}
    found, said = collected(tmp_path / "submitted", "folders", download(files), Roster({}))
    assert {*found.values()} == {"ann", "deep", "deeper", "bob"}
    assert "not collected" not in said


@pytest.mark.parametrize("name", ["pooling.ipynb", "timestamp.txt"])
def test_what_cannot_be_read_costs_its_student_only(tmp_path, name):
    files = {"ann/pooling.ipynb": "ann", f"ann/{name}": failing(errno.EACCES), "bob/pooling.ipynb": "bob"}
    found, said = collected(tmp_path / "submitted", "folders", download(files), Roster({}))
    assert found == {"bob/pooling/pooling.ipynb": "bob"}
    assert "ann: not collected: [Errno 13] no such luck" in said


def test_a_full_disk_stops_the_run(tmp_path):
    made = download({"ann/pooling.ipynb": failing(errno.ENOSPC), "bob/pooling.ipynb": "bob"})
    with pytest.raises(OSError, match="no such luck"):
        collected(tmp_path / "submitted", "folders", made, Roster({}))


def test_names_that_are_no_text_stay_different_and_whole(tmp_path):
    for name in (b"Ren\xe9", b"Ren\xe8", "René".encode()):
        folder = os.fsencode(tmp_path / "d") + b"/" + name
        os.makedirs(folder)
        with open(folder + b"/pooling.ipynb", "wb") as file:
            file.write(name.hex().encode())
        with open(folder + b"/na\xefve.txt", "w") as file:
            file.write("words")
    with opened(tmp_path / "d") as made:
        found, _ = collected(tmp_path / "submitted", "folders", made, Roster({}))
    assert {name: text for name, text in found.items() if name.endswith(".ipynb")} == {
        "Ren%E9/pooling/pooling.ipynb": "52656ee9",
        "Ren%E8/pooling/pooling.ipynb": "52656ee8",
        "René/pooling/pooling.ipynb": "52656ec3a9",
    }
    assert found["René/pooling/na%EFve.txt"] == "words"


def test_what_of_a_folder_cannot_be_looked_into_is_named(tmp_path, monkeypatch):
    for name in ("ann", "bob", "cid"):
        (tmp_path / "d" / name).mkdir(parents=True)
        (tmp_path / "d" / name / "pooling.ipynb").write_text(name)
    scan, look = os.scandir, Path.lstat

    def refused(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    closed, hidden = tmp_path / "d" / "ann", tmp_path / "d" / "bob" / "pooling.ipynb"
    # Who runs tests as root may look everywhere.
    monkeypatch.setattr(os, "scandir", lambda path: refused(closed) if Path(path) == closed else scan(path))
    monkeypatch.setattr(Path, "lstat", lambda path: refused(path) if path == hidden else look(path))
    with opened(tmp_path / "d") as made:
        assert [file.shown for file in made.files] == ["cid/pooling.ipynb"]
        assert made.left_out == [
            f"{name!r}: cannot be read (Permission denied)" for name in ("ann", "bob/pooling.ipynb")
        ]


def test_on_a_disk_that_tells_no_case_apart_no_file_lies_where_the_collectors_does(tmp_path):
    files = {
        "T_ann_attempt_2026-03-01-10-00-00_pooling.ipynb": "ann",
        "T_ann_attempt_2026-03-01-10-00-00_Timestamp.TXT": "1999-01-01 00:00:00 UTC",
        "T_ann_attempt_2026-03-01-10-00-00_SUBMISSION_secret.txt": "x",
    }
    found, said = collected(tmp_path / "blackboard", "blackboard", download(files), Roster({}))
    assert found == {"ann/pooling/pooling.ipynb": "ann", "ann/pooling/timestamp.txt": "2026-03-01 10:00:00 UTC\n"}
    assert "'Timestamp.TXT' is not used: only a collector writes such a file" in said
    folders = {"ann/pooling.ipynb": "ann", "ann/Timestamp.txt/pooling (1).ipynb": "below"}
    found, _ = collected(tmp_path / "folders", "folders", download(folders), Roster({}))
    assert found == {"ann/pooling/pooling.ipynb": "ann", "ann/pooling/Timestamp.txt_pooling (1).ipynb": "below"}


def test_names_that_differ_in_case_only_find_places_of_their_own():
    names = Names(["pooling.ipynb"])
    given = [names.free([name]) for name in ("Pooling.ipynb", "POOLING.ipynb", "pooling-2.IPYNB", "a/b", "A", "a/B")]
    assert given == ["Pooling-2.ipynb", "POOLING-3.ipynb", "pooling-2-2.IPYNB", "a/b", "A-2", "a/B-2"]


def test_a_name_that_is_taken_many_times_is_not_counted_from_the_beginning_each_time():
    names = Names([])
    asked = 0

    class Asked(set[str]):
        def __contains__(self, name: object) -> bool:
            nonlocal asked
            asked += 1
            return super().__contains__(name)

    names.taken = Asked()
    assert len({names.free(["a.txt"]) for _ in range(1000)}) == 1000
    assert asked < 3000


def test_a_disk_is_too_small_only_for_what_is_not_there_yet(tmp_path, monkeypatch):
    free = shutil.disk_usage(tmp_path)._replace(free=1500)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)
    first = {f"ann/pooling/{name}": "x" * 1000 for name in ("pooling.ipynb", "other.txt")}
    other = {"ann/dropout/dropout.ipynb": "y" * 9000}
    # What one student handed in too much of is not collected, and stops nobody.
    huge = {f"eve/pooling/{number}.txt": "z" for number in range(4)}
    roster, submitted = Roster({}), tmp_path / "submitted"

    def made(files: dict[str, str]):
        done = download(files)
        done.files = [replace(file, size=100 << 20) if file.parts[0] == "eve" else file for file in done.files]
        return done

    with pytest.raises(DownloadError, match="MiB more, and has room for"):
        collected(submitted, "folders", made(first | other), roster)
    assert not [path for path in submitted.rglob("*") if path.name == "pooling.ipynb"]
    free = free._replace(free=3000)
    _, said = collected(submitted, "folders", made(first | other | huge), roster)
    assert "eve: not collected: more than 256 MiB" in said
    free = free._replace(free=0)
    found, _ = collected(submitted, "folders", made(first | other), roster)
    assert len(found) == 2


def test_earlier_attempts_which_stay_in_the_download_take_no_room(tmp_path, monkeypatch):
    free = shutil.disk_usage(tmp_path)._replace(free=1500)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)
    files = {f"T_ann_attempt_2026-03-0{day}-10-00-00_pooling.ipynb": str(day) * 1000 for day in (1, 2)}
    found, _ = collected(tmp_path / "submitted", "blackboard", download(files), Roster({}))
    assert found["ann/pooling/pooling.ipynb"] == "2" * 1000
