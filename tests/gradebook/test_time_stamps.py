"""A time stamp counts when its time is certain; whatever else it is, it costs nobody anything."""

import os
from datetime import datetime

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook.time_stamps import UnknownTimeError, is_readable, read
from tests.helpers.tiny_course import hand_in, make_course, record, release_tiny, url, verdict

CERTAIN = {
    "2026-01-05 10:00:00.25 UTC\n": datetime(2026, 1, 5, 10, 0, 0, 250000),
    "2026-01-05 10:00:00 Z": datetime(2026, 1, 5, 10),
    "2026-01-05 10:00:00": datetime(2026, 1, 5, 10),
    "2026-01-05": datetime(2026, 1, 5),
    "2026-01-05 10:00:00.000000 -03": datetime(2026, 1, 5, 13),
    "2026-01-05 10:00:00 +0545": datetime(2026, 1, 5, 4, 15),
    "2026-01-05 10:00:00 +05:45": datetime(2026, 1, 5, 4, 15),
    "2026-01-05 10:00:00-0930": datetime(2026, 1, 5, 19, 30),
    "2026-01-05 10:00:00 UTC+2": datetime(2026, 1, 5, 8),
    "2026-01-05 10:00:00 GMT-3:30": datetime(2026, 1, 5, 13, 30),
    "2026-01-05T10:00:00+01:00": datetime(2026, 1, 5, 9),
    "2026-01-05 10:00:00 America/Los_Angeles": datetime(2026, 1, 5, 18),
    "2026-07-05 10:00:00 America/Los_Angeles": datetime(2026, 7, 5, 17),
    "2026-01-05 10:00:00 America/Argentina/Buenos_Aires": datetime(2026, 1, 5, 13),
    "2026-01-05 10:00:00 Etc/GMT+3": datetime(2026, 1, 5, 13),
    "2026-01-05 10:00:00 Japan": datetime(2026, 1, 5, 1),
}
NAMED = {"AEDT", "CET", "EST", "CST", "IST", "W-SU", "EST5EDT", "Nowhere/Else", "localtime", "CET (winter)", "pm"}
NO_TIME = {
    "no date": b"once upon a time",
    "nothing": b" \n",
    "month 13": b"2026-13-05 10:00:00 UTC",
    "hour 25": b"2026-01-05 25:00:00 UTC",
    "minute 60 of an offset": b"2026-01-05 10:00:00 +0560",
    "offset of 99 hours": b"2026-01-05 10:00:00 -99",
    "before time began": b"0001-01-01 00:00:00 +14",
    "after it ended": b"9999-12-31 23:59:59 -05",
    "digits that are none": "٢٠٢٦-01-05 10:00:00".encode(),
    "bytes": bytes(range(256)),
    "NUL": b"2026-01-05 10:00:00\0UTC",
    "two lines": b"2026-01-05 10:00:00\nUTC",
    "300 letters": b"2026-01-05 10:00:00 " + b"A" * 300,
    "a path": b"2026-01-05 10:00:00 ../../etc/passwd",
    "a device": b"2026-01-05 10:00:00 /dev/zero",
    "huge": b"2026-01-05 10:00:00 " * 10_000,
}


@pytest.mark.parametrize("stamp", CERTAIN)
def test_a_certain_time_is_read(stamp):
    assert read(stamp.encode()) == CERTAIN[stamp]


@pytest.mark.parametrize("name", sorted(NAMED))
def test_a_zone_that_nobody_can_be_sure_of_is_named(name):
    with pytest.raises(UnknownTimeError) as problem:
        read(f"2026-03-02 11:00:00.000000 {name}".encode())
    assert repr(name) in str(problem.value)


@pytest.mark.parametrize("kind", NO_TIME)
def test_what_is_no_time_is_none(kind):
    with pytest.raises(UnknownTimeError):
        read(NO_TIME[kind])
    assert not is_readable(NO_TIME[kind]) or kind in {"month 13", "hour 25"}


@pytest.mark.parametrize(
    ("stamp", "zone", "time"),
    [
        ("2026-03-02 21:00:00 AEDT", "Australia/Sydney", datetime(2026, 3, 2, 10)),
        ("2026-03-02 11:00:00 CET", "Europe/Berlin", datetime(2026, 3, 2, 10)),
        ("2026-07-02 11:00:00 CET", "Europe/Berlin", None),
        ("2026-03-02 11:00:00 CET", "America/New_York", None),
        ("2026-03-02 11:00:00 CET", "Nowhere", None),
        ("2026-10-25 02:30:00 CEST", "Europe/Berlin", None),
    ],
)
def test_initials_are_those_of_the_courses_own_zone_when_that_has_them(stamp, zone, time):
    if time:
        assert read(stamp.encode(), zone) == time
    else:
        with pytest.raises(UnknownTimeError):
            read(stamp.encode(), zone)


def submission(course, student):
    with Gradebook(url(course), "pooling-measured") as gradebook:
        found = gradebook.find_submission("tiny", student)
        return found.timestamp, found.late_submission_penalty


@pytest.fixture
def course(tmp_path):
    root = make_course(tmp_path / "course")
    release_tiny(root)
    with (root / "nbgrader_config.py").open("a") as config:
        config.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    with Gradebook(url(root), "pooling-measured") as gradebook:
        gradebook.update_or_create_assignment("tiny", duedate="2026-03-02 12:00:00 UTC")
    return root


def test_no_students_stamp_stops_the_class_or_makes_anybody_late(course):
    stamps = {
        "two hours early": b"2026-03-02 21:00:00.000000 AEDT",
        "two hours late": b"2026-03-02 11:00:00.000000 -03",
        **NO_TIME,
    }
    for student, stamp in stamps.items():
        path = hand_in(course, student)
        path.with_name("timestamp.txt").write_bytes(stamp)
    os.mkfifo(hand_in(course, "a pipe").with_name("timestamp.txt"))
    (hand_in(course, "a folder").with_name("timestamp.txt")).mkdir()
    (hand_in(course, "a link").with_name("timestamp.txt")).symlink_to("/dev/zero")
    students = [*stamps, "a pipe", "a folder", "a link"]
    notes = record(course, [verdict(student) for student in students])
    assert len(notes) == len(students) - 1
    assert all(note.isprintable() for note in notes)
    assert "'two hours early': timestamp.txt: nobody can be sure which time zone 'AEDT' is" in notes[0]
    times = {student: submission(course, student) for student in students}
    assert times.pop("two hours late") == (datetime(2026, 3, 2, 14), 5)
    assert set(times.values()) == {(None, 0)}
    # What nbgrader can read is handed on for its own commands, and nothing else.
    assert (course / "autograded" / "two hours early" / "tiny" / "timestamp.txt").exists()
    assert not (course / "autograded" / "300 letters" / "tiny" / "timestamp.txt").exists()


def test_a_time_that_was_taken_for_another_is_forgotten(course):
    hand_in(course, "ada", timestamp="2026-03-02 21:00:00 UTC")
    record(course, verdict("ada"))
    assert submission(course, "ada") == (datetime(2026, 3, 2, 21), 5)
    hand_in(course, "ada", timestamp="2026-03-02 21:00:00 AEDT")
    record(course, verdict("ada"))
    assert submission(course, "ada") == (None, 0)


def test_a_stamp_closed_to_us_is_noted(course, monkeypatch):
    from autograder.gradebook import filling  # noqa: PLC0415

    hand_in(course, "ada", timestamp="2026-03-02 21:00:00 UTC")
    hand_in(course, "bob")

    def closed(path, _):
        raise PermissionError(13, "Permission denied") if "ada" in str(path) else FileNotFoundError()

    monkeypatch.setattr(filling, "read_regular", closed)
    (note, _) = record(course, [verdict("ada"), verdict("bob")])
    assert note == "'ada': timestamp.txt is not used: Permission denied"
    assert submission(course, "ada") == submission(course, "bob") == (None, 0)


def test_a_hand_in_over_which_the_grader_stumbles_costs_only_itself(course, monkeypatch):
    from autograder.gradebook import filling  # noqa: PLC0415

    real = filling.rebuild

    def stumble(released, handed_in):
        if "I am eve." in str(handed_in):
            raise RecursionError("deep")
        return real(released, handed_in)

    monkeypatch.setattr(filling, "rebuild", stumble)
    hand_in(course, "eve", {"explain_tiny": "I am eve."})
    hand_in(course, "ada")
    (note,) = record(course, [verdict("eve"), verdict("ada")])
    assert note == "'eve': not in the gradebook, since it cannot be read (RecursionError: deep)"
    assert submission(course, "ada") == (None, 0)
