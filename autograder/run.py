"""A grading run as the command line knows it: a folder that remembers its seed, its verdicts and who is who."""

from __future__ import annotations

import json
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from . import assignments, examples
from .course import Course, course, course_in
from .files import clean, write_atomically
from .gradebook import deadlines, filling, nbgrader_course
from .gradebook.release import release_notebook
from .gradebook.totals import Totals, settle
from .gradebook.written import written
from .judging import batch, grading
from .judging.batch import Batch
from .judging.exams import Exams, OneExam, Pool, Register
from .judging.finding import COMPANIONS
from .judging.hand_ins import HandIn, hand_ins
from .judging.scores import scores
from .judging.second_opinion import refuse_contradicted
from .judging.verdicts import Store, Verdicts
from .model import Assignment, Limits, Verdict
from .pages import feedback, report
from .sandbox.session import AUTO

CONFIG = '''"""Lets nbgrader's commands (generate_feedback, formgrader, export) work in this folder."""

c = get_config()  # noqa: F821 - nbgrader provides it
load_subconfig({parent!r})  # noqa: F821
c.CourseDirectory.source_directory = {source!r}
c.CourseDirectory.release_directory = {release!r}
c.CourseDirectory.submitted_directory = {submitted!r}
'''


# What a run lays out in its output folder, where hand-ins may be as well.
OWN = (".autograder", "autograded", "feedback")


class RunError(ValueError):
    """The hand-ins, or the folder of an earlier run, cannot be used."""


def new_seed() -> int:
    """Return a seed that nobody can guess."""
    return secrets.randbits(63)


def release_assignment(name: str, root: Path) -> Path:
    """Release an assignment, have its reference answer the worked examples that ``check`` shows, and set its due date.

    Raises
    ------
    ReleaseError, GradebookError, ExamError
        If what would be released is wrong; a reference is, where a right way to write its function contradicts it.
    """
    path = release_notebook(name, root)
    exam = grading.prepare(name, 0, root=root)
    refuse_contradicted(exam, filling.read_released(path), root)
    examples.write(name, exam.example_replies())
    told = course_in(root)
    if name in told.due:
        settings, url = nbgrader_course.course_config(root), nbgrader_course.gradebook_url(root)
        with nbgrader_course.open_gradebook(url, settings.CourseDirectory.course_id) as book:
            deadlines.put(book, name, told)
    return path


class Run:
    """One assignment of one class, graded into a folder."""

    def __init__(self, assignment: str, submitted: Path, output: Path, *, confinement: str = AUTO) -> None:
        self.assignment, self.submitted, self.output = assignment, submitted, output
        self.confinement = confinement
        there = hand_ins(submitted, assignment)
        if not any(one.is_something(Limits().notebook) for one in there):
            raise RunError(_misnamed(submitted, assignment))
        self.hand_ins: list[HandIn] = [one for one in there if one.is_handed_in(Limits().notebook)]
        self.absent = {one.student for one in there} - {one.student for one in self.hand_ins}
        self.batch: Batch | None = None
        self.overview = report.Overview(assignments.load(assignment))

    def prepare(self, *, seed: int | None, fresh: bool, limits: Limits | None = None) -> None:
        """Draw the cases, have the reference answer them, and see what is already judged.

        Raises
        ------
        RunError, OSError
            If the output folder cannot be used.
        """
        clean(self.output, OWN)
        state = _state(self.output, self.assignment)
        limits = limits or Limits()
        draw = partial(grading.prepare, self.assignment, limits=limits, confinement=self.confinement)
        exams: Exams
        if seed is None:
            release = grading.released(self.assignment)
            exams = Pool(draw, Register(state / "exams", fresh=fresh), limits, release)
        else:
            exams = OneExam(draw(seed))
        self.batch = Batch(exams, self.hand_ins, Store(state / "verdicts"))

    def judge(self, workers: batch.Workers, done: Callable[[str], None], in_flight: int = batch.IN_FLIGHT) -> None:
        """Judge whoever has no verdict yet, and remember whose verdict is where."""
        self._batch.run(workers, done, in_flight)
        index = {"students": {name: self._batch.keys[name] for name in self._batch.judged()}}
        write_atomically(_state(self.output, self.assignment) / "index.json", json.dumps(index).encode())

    @property
    def failures(self) -> dict[str, str]:
        """Why a student has no verdict: the machine's doing."""
        return self._batch.failures

    def write(self, *, fill_gradebook: bool) -> list[str]:
        """Write scores, feedback, report and gradebook; return notes for the instructor."""
        self._batch.exams.close()
        verdicts = self._written()
        notes: list[str] = []
        totals = None
        try:
            if fill_gradebook:
                notes, totals = self._fill(verdicts)
        finally:
            # Whatever becomes of the gradebook, everybody has a row and a page.
            deque(verdicts, maxlen=0)
        if not fill_gradebook and (totals := totals_of(self.output, settled=False)):
            # What the gradebook has of an earlier run stays on the pages.
            self.overview.names = totals.names
        if totals or not fill_gradebook:
            _write_feedback(self._batch.verdicts(), self.overview.assignment, totals, self.output)
            self._accompany()
        absent = self.overview.absent = sorted(map(self.overview.shown, self.absent), key=str.casefold)
        _write_report(self.overview, self._batch.verdicts(), totals, self.output, notes)
        return [*notes, f"not handed in ({len(absent)}): {', '.join(absent)}"] if absent else notes

    def _written(self) -> Iterator[Verdict]:
        """Yield each verdict when its scores are written, the report knows of it, and there is a page.

        Where one is, it may have marks, and stays until the gradebook has been filled.
        """
        with scores(self.output / "scores.csv", self.assignment) as add:
            for verdict in self._batch.verdicts():
                add(verdict)
                if not feedback.path(self.output, verdict.student, self.assignment).exists():
                    feedback.write([verdict], self.overview.assignment, self.output)
                self.overview.add(verdict)
                yield verdict

    def _fill(self, verdicts: Iterator[Verdict]) -> tuple[list[str], Totals]:
        """Fill the gradebook; return notes, and what it counts."""
        config = self.output / nbgrader_course.CONFIG
        if not config.exists():
            text = CONFIG.format(
                parent=str(grading.ROOT / nbgrader_course.CONFIG),
                source=str(grading.ROOT / "build" / "source"),
                release=str(grading.ROOT / "exercises"),
                submitted=str(self.submitted.resolve()),
            )
            write_atomically(config, text.encode())
        settings, url = nbgrader_course.course_config(self.output), nbgrader_course.gradebook_url(self.output)
        notes = filling.fill(
            url,
            self.assignment,
            verdicts,
            released=grading.ROOT / "exercises" / self.assignment / f"{self.assignment}.ipynb",
            submitted=self.submitted,
            autograded=self.output / "autograded",
            config=settings,
            limits=self._batch.exams.limits,
        )
        with nbgrader_course.open_gradebook(url, settings.CourseDirectory.course_id) as book:
            notes += settle(book, settings, nbgrader_course.told_in(settings) or Course())
            totals = Totals.read(book)
        self.absent |= totals.people.keys() - totals.of_assignment(self.assignment).keys()
        self.overview.names = totals.names
        return notes, totals

    def _accompany(self) -> None:
        """Put beside each feedback page what ``nbgrader release_feedback`` looks for there."""
        for student in self._batch.judged():
            for name in COMPANIONS:
                beside = self.output / "autograded" / student / self.assignment / name
                if beside.exists():
                    page = feedback.path(self.output, student, self.assignment)
                    write_atomically(page.with_name(name), beside.read_bytes())

    @property
    def _batch(self) -> Batch:
        if self.batch is None:
            raise RuntimeError("the run is not prepared")
        return self.batch


def _write_feedback(verdicts: Iterable[Verdict], assignment: Assignment, totals: Totals | None, output: Path) -> int:
    marked = totals.of_assignment(assignment.name) if totals else {}
    wrote = (lambda student: written(output / "autograded", student, assignment.name)) if totals else None
    return feedback.write(verdicts, assignment, output, marked, totals.names if totals else {}, wrote=wrote)


def _write_report(
    overview: report.Overview, verdicts: Verdicts, totals: Totals | None, output: Path, notes: Sequence[str] = ()
) -> Path:
    name, waiting = overview.assignment.name, None
    if totals:
        overview.names, overview.marked = totals.names, totals.of_assignment(name)
        there = {*overview.marked, *(row.student for row in overview.rows)}
        absent = (shown for student, shown in totals.names.items() if student not in there)
        overview.absent = sorted({*overview.absent, *absent}, key=str.casefold)
        waiting = {student for student, marked in overview.marked.items() if marked.waits}
    path = report_path(name, output)
    write_atomically(path, overview.render(verdicts, waiting, notes).encode())
    return path


def write_feedback(assignment: str, output: Path) -> int:
    """Write the students' pages of an earlier run anew, with today's marks; return their number."""
    return _write_feedback(verdicts(assignment, output), assignments.load(assignment), totals_of(output), output)


def write_report(assignment: str, output: Path) -> Path:
    """Write the instructor's page of an earlier run anew, with today's marks; return its path."""
    there = verdicts(assignment, output)
    return _write_report(report.Overview(assignments.load(assignment), there), there, totals_of(output), output)


def totals_of(output: Path, *, settled: bool = True) -> Totals | None:
    """Return what the gradebook in a folder counts, if there is one."""
    return Totals.of(output, settled=settled) if nbgrader_course.has_gradebook(output) else None


def course_of(output: Path) -> Course:
    """Return what ``course.toml`` says for a folder that was graded into; of a folder that has none, this copy's."""
    config = (output / nbgrader_course.CONFIG).exists() and nbgrader_course.course_config(output)
    return (config and nbgrader_course.told_in(config)) or course()


def _misnamed(submitted: Path, assignment: str) -> str:
    """Say that nobody's notebook is where it should be, and where one is."""
    text = f"nobody below {submitted} has a notebook <student>/{assignment}/{assignment}.ipynb"
    found = (path for pattern in ("*.ipynb", "*/*.ipynb", "*/*/*.ipynb") for path in sorted(submitted.glob(pattern)))
    other = next(found, None)
    return f"{text}; there is {other.relative_to(submitted)}" if other else text


def verdicts(assignment: str, output: Path) -> Verdicts:
    """Return the verdicts of an earlier run; raises :class:`RunError` when there was none."""
    state = _state(output, assignment)
    store = Store(state / "verdicts")
    with suppress(OSError, KeyError, ValueError):
        students = json.loads((state / "index.json").read_text("utf-8"))["students"]
        if all(name in store for name in students.values()):
            return Verdicts(store, list(students.items()))
    raise RunError(f"{output} holds no finished run of {assignment}; run `grade` first")


def verdict(student: str, question: str, output: Path) -> Verdict:
    """Return a student's verdict on the assignment that asks a question, from an earlier run.

    Raises
    ------
    RunError
        If nothing asks this, it was not graded into the folder, or nobody of this name handed in.
    """
    loaded = map(assignments.load, assignments.names())
    asking = [one.name for one in loaded if question in {asked.name for asked in one.questions}]
    if not asking:
        raise RunError(f"no assignment asks for {question!r}")
    there = (one for name in graded(output) if name in asking for one in verdicts(name, output))
    found = next((one for one in there if one.student == student), None)
    if found is None:
        raise RunError(f"{student!r} has no verdict on {question} in {output}")
    return found


def graded(output: Path) -> list[str]:
    """Return the assignments graded into a folder; raises :class:`RunError` when there are none."""
    names = [name for name in assignments.names() if (_state(output, name) / "index.json").exists()]
    if not names:
        raise RunError(f"nothing was graded into {output}")
    return names


def report_path(assignment: str, output: Path) -> Path:
    """Return where the instructor's page on an assignment is: one folder serves all assignments of a course."""
    return output / f"report-{assignment}.html"


def _state(output: Path, assignment: str) -> Path:
    return output / ".autograder" / assignment
