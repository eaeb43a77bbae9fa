"""A term's totals, from everything that was graded into a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from . import assignments, run
from .course import NAME as COURSE
from .files import write_atomically
from .gradebook.export import Column
from .judging.scores import write_spreadsheet
from .pages import over_years
from .pages.marked import Mark, Marked, worth_so_far
from .pages.term import CLASS, Rules, Term, class_page, student_page, table, term


def terms(output: Path) -> list[Term]:
    """Return everybody's term: all assignments graded into a folder, as its gradebook counts them.

    Raises
    ------
    RunError
        If nothing was graded there, nobody was, or ``course.toml`` weighs other assignments than were.
    """
    names, totals, told = run.graded(output), run.totals_of(output), run.course_of(output)
    marked = {name: totals.of_assignment(name) if totals else {} for name in names}
    worth = {name: worth_so_far(some.values()) for name, some in marked.items()}
    for name in names:
        for verdict in run.verdicts(name, output):
            # Without a gradebook, and where it left somebody out, there is the machine's word.
            marked[name].setdefault(verdict.student, Marked((Mark("checks", verdict.max_score, verdict.score),)))
            worth[name] = worth[name] or verdict.max_score
    if told.weights and (unweighed := [name for name in names if name not in told.weights]):
        raise run.RunError(f"{COURSE}: [weights] says nothing of {', '.join(unweighed)}")
    if odd := told.weights.keys() - {*assignments.names()}:
        raise run.RunError(f"{COURSE}: [weights] names {', '.join(sorted(odd))}, which is no assignment")
    rules = Rules(told.weights, told.drop_lowest)
    people = totals.names if totals else {}
    everybody = sorted({*people, *(student for some in marked.values() for student in some)})
    own = {one: {name: marked[name][one] for name in names if one in marked[name]} for one in everybody}
    if not everybody:
        raise run.RunError(f"nobody has a verdict in {output}, and nobody is in a roster there")
    return [term(one, people.get(one, one), own[one], worth, rules) for one in everybody]


def criteria(output: Path) -> list[Column]:
    """Return a column for each criterion of every assignment graded into a folder."""
    points: dict[tuple[str, str, str], dict[str, float]] = {}
    worth: dict[tuple[str, str, str], float] = {}
    for name in run.graded(output):
        for verdict in run.verdicts(name, output):
            for result in verdict.results:
                place = (name, result.question, result.criterion)
                points.setdefault(place, {})[verdict.student] = result.score
                worth[place] = result.max_score
    return [
        Column(f"{name}: {question}, {one}", worth[name, question, one], some)
        for (name, question, one), some in points.items()
    ]


def write(kept: Sequence[Term], output: Path, folder: Path) -> Path:
    """Write a term's table, the instructor's page and a page for each student into a folder; return the second."""
    told, totals = run.course_of(output), run.totals_of(output)
    rule = Rules(told.weights, told.drop_lowest).words
    emails = {student: person.email for student, person in totals.people.items()} if totals else {}
    write_spreadsheet(folder / "term.csv", table(kept, emails))
    for one in kept:
        write_atomically(folder / one.page, student_page(one, told.title, rule).encode())
    path = folder / f"{CLASS}.html"
    write_atomically(path, class_page(kept, told.title, rule).encode())
    return path


def write_items(output: Path, earlier: Sequence[Path], folder: Path) -> Path:
    """Write the figures of all criteria in earlier terms' folders and in ``output``; return the page."""
    places = [*earlier, output]
    names = [place.resolve().name for place in places]
    if len({*names}) < len(names):
        names = [str(place) for place in places]
    found = over_years.items([{name: run.verdicts(name, place) for name in run.graded(place)} for place in places])
    write_spreadsheet(folder / "items.csv", over_years.table(found, names))
    write_atomically(folder / "items.html", over_years.page(found, names, run.course_of(output).title).encode())
    return folder / "items.html"
