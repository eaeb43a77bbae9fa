"""One student's files, whatever they are, leave everybody else's collected."""

from __future__ import annotations

import errno

import pytest

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
