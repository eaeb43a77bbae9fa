"""The commands of a term beside grading: collect, alike, explain, export, summary."""

from __future__ import annotations

import os
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from . import assignments, fixes, likeness, run, term
from .cli_parts import AssignmentName, console, errors, folder, limits_option, one_line, plain
from .collecting import collect as collecting
from .collecting import download as downloads
from .collecting.platforms import PLATFORMS, pieces
from .collecting.roster import COLUMNS, Roster
from .course import course
from .files import write_atomically
from .gradebook import deadlines, nbgrader_course, people
from .gradebook import export as export_
from .gradebook.totals import Totals
from .judging import grading
from .judging.scores import write_spreadsheet
from .model import Limits, Result, Status
from .pages.failing_case import show
from .pages.term import NOT_HANDED_IN
from .pages.words import EXPLANATIONS
from .pages.words import clean as printable

LONGEST_LIST, LONGEST_LINE = 20, 300


@click.command()
@click.argument("platform", type=click.Choice(PLATFORMS), metavar="LMS")
@click.argument("path", type=click.Path(path_type=Path, exists=True), metavar="DOWNLOAD")
@click.option("--assignment", type=AssignmentName(), help="Which it is of, where the names of its files do not say.")
@click.option(
    "--column",
    type=click.Choice(COLUMNS),
    default="id",
    show_default=True,
    help="Where in the gradebook's roster that stands by which the platform names students. What is not found by id "
    "is taken for a new student's; by another column, nobody is collected who is not found.",
)
@click.option(
    "--entry-times", is_flag=True, help="Take the archive's times of files for those of handing in, where it is so."
)
@click.option("--submitted", type=folder, default=Path("submitted"), show_default=True, help="Where hand-ins go.")
@click.option("--output", type=folder, default=Path(), show_default=True, help="The folder of the gradebook.")
@one_line
def collect(  # noqa: PLR0917 - click hands over one argument for each option
    platform: str,
    path: Path,
    assignment: str | None,
    column: str,
    entry_times: bool,
    submitted: Path,
    output: Path,
) -> None:
    """Lay out what LMS let you DOWNLOAD, a ZIP archive or a folder, as submitted/STUDENT/ASSIGNMENT/.

    LMS is moodle, canvas, blackboard, gradescope, folders (one for each student), or named: then
    c.FileNameCollectorPlugin.named_regexp in nbgrader_config.py reads the names of files.

    Of several files of a student's the notebook is, in this order: of the latest attempt; the one whose name says most
    that it is; the platform's latest upload; the one that has the notebook's very name. Where that leaves two that
    differ, none is taken. Every such choice is printed, and so is all that was not collected. What was changed by hand
    in submitted/ stays; a second run changes only what is new.
    """
    roster = Roster(people.roster(output), column)
    if column != "id" and not roster.people:
        raise click.UsageError(
            f"{output} has no roster to look a student's {column} up in: `nbgrader db student import`"
        )
    with downloads.opened(path) as download:
        names, config = assignments.names(), nbgrader_course.course_config(grading.ROOT)
        handed = list(pieces(download, platform, config, roster, names))
        name = assignment or collecting.assignment_of(handed, names)
        order = collecting.Order(name, platform, roster, submitted, deadlines.zone(course()), entry_times)
        done = collecting.collect(handed, order, download.left_out)
    counts = {"new": done.new, "changed": done.changed, "as before": done.same, "left alone": done.kept}
    said = ", ".join(f"{len(some)} {word}" for word, some in counts.items() if some)
    console.print(f"{name}: {len(done.everybody)} students' hand-ins below {submitted} ({said})", highlight=False)
    if done.everybody and not done.timed:
        console.print("no times: this download does not tell when anybody handed in, so nobody counts as late")
    for student, remark in done.remarks:
        who = roster.people[student].shown if student in roster.people else student
        console.print(plain(f"{who}: {remark}" if student else remark), soft_wrap=True)
    absent = [person.shown for student, person in roster.people.items() if student not in done.everybody]
    if absent:
        console.print(plain(f"nothing in this download from ({len(absent)}): {', '.join(absent)}"), soft_wrap=True)


@click.command()
@click.option("--output", type=folder, default=Path(), show_default=True, help="The folder of earlier `grade`s.")
@click.option(
    "--spreadsheet",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the table as CSV for a spreadsheet, too: names that would be formulas there begin with '.",
)
@click.option(
    "--term",
    "term_folder",
    type=folder,
    help="Write the term into this folder: term.csv, index.html, a page a student.",
)
@click.option(
    "--items",
    "items_folder",
    type=folder,
    help="Write into this folder how hard each criterion was and whom it told apart: items.csv, items.html.",
)
@click.option(
    "--earlier",
    type=folder,
    multiple=True,
    help="With --items: the folder of an earlier year's `grade`s, to stand beside; may be given more than once.",
)
@one_line
def summary(
    output: Path,
    spreadsheet: Path | None,
    term_folder: Path | None,
    items_folder: Path | None,
    earlier: tuple[Path, ...],
) -> None:
    """Print who has how many points in every assignment graded into --output.

    Marks by hand, extra credit and lateness are in them, as the gradebook there counts them; answers in words count
    from the first mark on. Weights and how many of the lowest are dropped stand in course.toml.
    """
    if earlier and not items_folder:
        raise click.UsageError("--earlier needs --items, the folder to write the years into")
    kept = term.terms(output)
    told = run.course_of(output)
    # As little as separates: the names of assignments must fit on 80 columns beside those of students.
    table = Table(title="points", box=None, padding=(0, 1, 0, 0))
    table.add_column("student", no_wrap=True)
    for entry in kept[0].entries:
        table.add_column(f"{entry.assignment.replace('_', ' ')}\nof {entry.worth:g}", justify="right")
    if weighed := bool(told.weights or told.drop_lowest):
        table.add_column("total", justify="right")
    for one in kept:
        points = ("–" if entry.marked is None else entry.words for entry in one.entries)
        table.add_row(plain(one.name), *points, *([f"{one.percent:.1f} %"] if weighed else []))
    console.print(table)
    if any(entry.marked is None for one in kept for entry in one.entries):
        console.print(f"– {NOT_HANDED_IN}")
    if spreadsheet:
        head = ["student", *(entry.assignment for entry in kept[0].entries)]
        write_spreadsheet(spreadsheet, [head, *([one.student, *(each.words for each in one.entries)] for one in kept)])
        console.print(os.path.relpath(spreadsheet), highlight=False, soft_wrap=True)
    if term_folder:
        console.print(os.path.relpath(term.write(kept, output, term_folder)), highlight=False, soft_wrap=True)
    if items_folder:
        page = term.write_items(output, earlier, items_folder)
        console.print(os.path.relpath(page), highlight=False, soft_wrap=True)


@click.command()
@click.argument("student")
@click.argument("question")
@click.option(
    "--after",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FIX.ipynb",
    help="Ask the same of this notebook, and show the difference.",
)
@click.option("--submitted", type=folder, default=Path("submitted"), show_default=True, help="The hand-ins.")
@click.option("--output", type=folder, default=Path(), show_default=True, help="The folder of an earlier `grade`.")
@limits_option
@one_line
def explain(  # noqa: PLR0917 - click hands over one argument for each option
    student: str,
    question: str,
    after: Path | None,
    submitted: Path,
    output: Path,
    limits: tuple[tuple[str, float], ...],
) -> None:
    """Show how STUDENT lost points of QUESTION: each criterion, and the call, to be pasted, that was answered wrong."""
    verdict = run.verdict(student, question, output)
    before = [one for one in verdict.results if one.question == question]
    if after:
        mended = fixes.mended(verdict, question, after, submitted, Limits().changed(dict(limits)))
        now = {one.criterion: one for one in mended.results}
        if {one.criterion: one.max_score for one in before} != {name: one.max_score for name, one in now.items()}:
            again = f"run `grade {verdict.assignment}` first"
            raise run.RunError(f"{question} is asked otherwise than when {student} was graded; {again}")
        for line in mended.changed:
            console.print(Text(printable(line, LONGEST_LINE)), soft_wrap=True)
        for old in before:
            new = now[old.criterion]
            change = f"{_scored(old)}; now {new.score:g}, {EXPLANATIONS[new.status].label}"
            console.print(plain(change), soft_wrap=True)
            _show_case(new)
        lost, left = (sum(one.max_score - one.score for one in some) for some in (before, mended.results))
        console.print(f"{question}: {lost - left:+g} points after the change, asked the same", highlight=False)
        return
    for result in before:
        console.print(plain(_scored(result)), soft_wrap=True)
        _show_case(result)
    again = f"check {verdict.assignment} NOTEBOOK --seed {verdict.seed}"
    console.print(f"`python -m autograder {again}` asks the same again", highlight=False, soft_wrap=True)


def _scored(result: Result) -> str:
    return f"{result.criterion}: {result.score:g} of {result.max_score:g}, {EXPLANATIONS[result.status].label}"


def _show_case(result: Result) -> None:
    """Print why a criterion was lost, and the case as code."""
    if result.status is not Status.PASSED:
        case = show(result.evidence).text.splitlines() if result.evidence else []
        for line in (result.message, *case):
            console.print(Text(f"    {printable(line)}"), soft_wrap=True)


@click.command()
@click.argument("kind", type=click.Choice(tuple(export_.FORMATS)))
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.csv")
@click.option("--criteria", is_flag=True, help="Add a column for each criterion, with what the machine gave for it.")
@click.option("--output", type=folder, default=Path(), show_default=True, help="The folder of earlier `grade`s.")
@one_line
def export(kind: str, path: Path, criteria: bool, output: Path) -> None:
    """Write everybody's points as a platform imports them: marks by hand, extra credit and lateness are in them."""
    totals = Totals.of(output)
    columns = [*export_.columns(totals), *(term.criteria(output) if criteria else ())]
    write_atomically(path, export_.table(list(totals.people.values()), columns, kind))
    console.print(f"{len(totals.people)} students: {os.path.relpath(path)}", highlight=False, soft_wrap=True)
    if totals.waiting:
        errors.print(f"note: {len(totals.waiting)} hand-ins have answers in words that nobody has marked yet")


@click.command()
@click.argument("assignment", type=AssignmentName())
@click.option("--submitted", type=folder, default=Path("submitted"), show_default=True, help="The hand-ins.")
@click.option("--output", type=folder, default=Path(), show_default=True, help="Where the page goes.")
@click.option(
    "--least",
    type=click.IntRange(1, 100),
    default=80,
    show_default=True,
    help="Percent of one's own code, or nearly all of one function's, that two must share to be named.",
)
@one_line
def alike(assignment: str, submitted: Path, output: Path, least: int) -> None:
    """Name hand-ins that are written alike, right ones too, and show them side by side in alike-ASSIGNMENT.html.

    Names, layout and comments do not count, nor does code that everybody was given or that many write the same way. It
    is no proof of copying: short functions have few ways to be right. Read both, and ask, before you judge.
    """
    found = likeness.codes(assignment, submitted)
    pairs = likeness.compare(assignment, found, least / 100)
    names = {student: person.shown for student, person in people.roster(output).items()}
    path = likeness.write(assignment, found, pairs, least=least / 100, names=names, output=output)
    for pair in pairs[:LONGEST_LIST]:
        functions = ", ".join(f"{name} {share:.0%}" for name, share in pair.by_function.items())
        both = f"{names.get(pair.one, pair.one)} and {names.get(pair.other, pair.other)}"
        console.print(plain(f"{both}: {pair.share:.0%}" + (f" ({functions})" if functions else "")), soft_wrap=True)
    if len(pairs) > LONGEST_LIST:
        console.print(f"and {len(pairs) - LONGEST_LIST} more pairs")
    said = "no proof of copying: read both, and ask, before you judge" if pairs else "no two share as much"
    console.print(f"{len(found)} hand-ins compared; {said}", highlight=False, soft_wrap=True)
    console.print(os.path.relpath(path), highlight=False, soft_wrap=True)


COMMANDS = (alike, collect, explain, export, summary)
