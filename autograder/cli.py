"""The command line: ``python -m autograder release | check | grade | …``; ``cli_term`` has the rest of a term."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from . import assignments, cli_term, run
from .cli_parts import AssignmentName, console, errors, folder, limits_option, one_line, plain
from .judging import batch, grading
from .judging.hand_ins import open_file
from .model import Limits
from .pages import feedback, report
from .sandbox import backends, doctor, session
from .sandbox.confinement import lacking
from .sandbox.session import AUTO, ConfinementError
from .sandbox.unconfined import Unconfined

LONGEST_TABLE = 40
LONGEST_LIST = 20
# A scheduler shares hand-ins out by itself: enough to keep a large cluster busy.
CLUSTER_FLIGHT = 1000


confinement_option = click.option(
    "--confinement",
    type=click.Choice((AUTO, *backends.CONFINING)),
    default=AUTO,
    show_default=True,
    help="What confines hand-ins; auto is the strongest that works here: `python -m autograder doctor` tells.",
)


class Commands(click.Group):
    """The commands; their help says what this platform lacks, if anything."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what is missing below the list of commands."""
        del ctx
        if lacking():
            formatter.write_paragraph()
            formatter.write_text(lacking())


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Release, check and grade the course's assignments; no student code runs outside a sandbox."""


@main.command()
@click.argument("names", nargs=-1, type=AssignmentName(), metavar="[ASSIGNMENT]...")
@click.option("--course", "root", type=folder, default=grading.ROOT, help="The course folder.  [default: this one]")
@one_line
def release(names: tuple[str, ...], root: Path) -> None:
    """Make the students' notebooks from solutions/ASSIGNMENT.py (all of them if none is named).

    Refuses, in one line, what would hurt a student: an answer that would leak, a function without points or check, and
    a reference that right ways to write its function (in sample_class/variants) contradict.
    """
    for name in names or assignments.names():
        console.print(f"{name}: {os.path.relpath(run.release_assignment(name, root))}", highlight=False)


@main.command()
@click.argument("assignment", type=AssignmentName())
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="NOTEBOOK")
@click.option("--seed", type=click.IntRange(min=0), help="Draw the cases from this seed, as the report tells it.")
@limits_option
@confinement_option
@click.option("--unconfined", is_flag=True, help="Run the code without a sandbox. Only for your own notebook.")
@one_line
def check(  # noqa: PLR0917 - click hands over one argument for each option
    assignment: str,
    path: Path,
    seed: int | None,
    limits: tuple[tuple[str, float], ...],
    confinement: str,
    unconfined: bool,
) -> None:
    """Grade a single NOTEBOOK and print what it earns; nothing is recorded."""
    asked = Limits().changed(dict(limits))
    seed = run.new_seed() if seed is None else seed
    exam = grading.prepare(assignment, seed, limits=asked, confinement=_wanted(confinement, unconfined=unconfined))
    submission = open_file(path, assignment, exam.limits.notebook).submission(exam.release)
    verdict = grading.grade(exam, path.name, submission)
    table = Table("criterion", "points", "result")
    for result in verdict.results:
        points = f"{result.score:g} / {result.max_score:g}"
        table.add_row(f"{result.question}: {result.criterion}", points, plain(feedback.as_text(result)))
    console.print(table)
    earned = f"{verdict.score:g} of {verdict.max_score:g} points"
    console.print(f"{earned}; --seed {seed} asks the same again", highlight=False)
    _tell_confinement(verdict.confinement, confinement)
    for remark in verdict.remarks:
        console.print(plain(f"noticed: {remark}"), soft_wrap=True)


@main.command()
@click.argument("assignment", type=AssignmentName())
@click.option(
    "--submitted",
    type=folder,
    default=Path("submitted"),
    show_default=True,
    help="The hand-ins: DIR/<student>/<assignment>/….ipynb.",
)
@click.option(
    "--output", type=folder, default=Path(), show_default=True, help="Where scores, feedback, report and gradebook go."
)
@click.option("--jobs", type=click.IntRange(min=1), default=os.cpu_count() or 1, show_default=True, help="Processes.")
@click.option("--scheduler", metavar="ADDRESS", help="Judge on the Dask cluster at ADDRESS, as tcp://host:8786.")
@click.option("--seed", type=click.IntRange(min=0), help="Draw the cases from this seed instead of a secret one.")
@click.option("--fresh", is_flag=True, help="Draw new cases and judge everybody again.")
@limits_option
@click.option("--gradebook/--no-gradebook", default=True, show_default=True, help="Fill nbgrader's gradebook.")
@confinement_option
@click.option(
    "--unconfined",
    is_flag=True,
    help="Go on where code cannot be confined. Then a hand-in can do what you can do: only for code that you trust.",
)
@one_line
def grade(  # noqa: PLR0917 - click hands over one argument for each option
    assignment: str,
    submitted: Path,
    output: Path,
    jobs: int,
    scheduler: str | None,
    seed: int | None,
    fresh: bool,
    limits: tuple[tuple[str, float], ...],
    gradebook: bool,
    confinement: str,
    unconfined: bool,
) -> None:
    """Grade a class: every hand-in below --submitted, each in a sandbox of its own.

    Writes scores.csv, report-ASSIGNMENT.html, feedback/ and autograded/ into --output, and fills the gradebook
    there. A run that was interrupted goes on where it stopped; a second run judges only what has changed.
    """
    if unconfined:
        errors.print("[bold red]Student code runs unconfined: it can read, change and send whatever you can.")
    grading_run = run.Run(assignment, submitted, output, confinement=_wanted(confinement, unconfined=unconfined))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True) as progress:
        bar = progress.add_task("reference", total=None)
        grading_run.prepare(seed=seed, fresh=fresh, limits=Limits().changed(dict(limits)))
        progress.update(bar, description="judging", total=len(grading_run.hand_ins))
        workers = (lambda: batch.cluster(scheduler)) if scheduler else (lambda: batch.processes(jobs))
        grading_run.judge(workers, lambda _: progress.advance(bar), CLUSTER_FLIGHT if scheduler else batch.IN_FLIGHT)
        progress.update(bar, description="writing", total=None)
        notes = grading_run.write(fill_gradebook=gradebook)
    for note in notes:
        errors.print(plain(f"note: {note}"))
    for name in grading_run.overview.confinements:
        _tell_confinement(name, confinement)
    if grading_run.overview.rows:
        _show(grading_run.overview, output)
        _show_by_hand(grading_run.overview)
    if grading_run.failures:
        for student, why in grading_run.failures.items():
            errors.print(plain(f"no verdict for {student}: {why}"))
        sys.exit(1)


def _wanted(confinement: str, *, unconfined: bool) -> str:
    if unconfined and confinement != AUTO:
        raise click.UsageError("--unconfined is the opposite of --confinement")
    return Unconfined.name if unconfined else confinement


def _tell_confinement(name: str, wanted: str) -> None:
    """Say what confined, and, where that was ours to choose, why nothing stronger did."""
    errors.print(f"confined by: {name}", highlight=False)
    for stronger, why in session.passed_over(name).items() if wanted == AUTO else ():
        errors.print(Text(f"not by {stronger}: {why}"), soft_wrap=True)


def _show(overview: report.Overview, output: Path) -> None:
    asked, rows = overview.assignment, overview.rows
    maximum = sum(question.points for question in asked.questions)
    if len(rows) <= LONGEST_TABLE:
        table = Table("student", "points", "lost", title=asked.name)
        for row in rows:
            said = "; ".join(f"{status}: {', '.join(names)}" for status, names in row.lost.items())
            table.add_row(plain(overview.shown(row.student)), f"{row.score:g} / {maximum:g}", said or "nothing")
        console.print(table)
    else:
        mean = sum(row.score for row in rows) / len(rows)
        console.print(f"{len(rows)} students, mean {mean:.1f} of {maximum:g} points")
    for path in (output / "scores.csv", run.report_path(asked.name, output), output / "feedback"):
        console.print(os.path.relpath(path), highlight=False, soft_wrap=True)


def _show_by_hand(overview: report.Overview) -> None:
    """Print what a person may want to look at, as far as a screen goes; the report has all of it."""
    remarks = [(overview.shown(row.student), remark) for row in overview.by_hand for remark in row.remarks]
    if remarks:
        console.print("\nLook at these by hand")
    for student, remark in remarks[:LONGEST_LIST]:
        console.print(plain(f"{student}: {remark}"), soft_wrap=True)
    if len(remarks) > LONGEST_LIST:
        console.print(f"and {len(remarks) - LONGEST_LIST} more, on top of the report")


@main.command(name="feedback")
@click.argument("assignment", type=AssignmentName())
@click.option("--output", type=folder, default=Path(), show_default=True, help="The folder of an earlier `grade`.")
@one_line
def feedback_(assignment: str, output: Path) -> None:
    """Write the students' feedback pages of an earlier run again, with today's marks, comments and lateness."""
    count = run.write_feedback(assignment, output)
    console.print(f"{count} pages below {output / 'feedback'}", highlight=False, soft_wrap=True)


@main.command(name="report")
@click.argument("assignment", type=AssignmentName())
@click.option("--output", type=folder, default=Path(), show_default=True, help="The folder of an earlier `grade`.")
@one_line
def report_(assignment: str, output: Path) -> None:
    """Write the instructor's page of an earlier run again, with today's marks and lateness."""
    console.print(os.path.relpath(run.write_report(assignment, output)), highlight=False, soft_wrap=True)


@main.command(name="doctor")
@one_line
def doctor_() -> None:
    """Tell what this machine can confine hand-ins with, what each layer needs, and what would give more."""
    if lacking():
        raise ConfinementError(lacking())
    machine = doctor.here()
    table = Table("layer", "needs", "here")
    for layer, needs, there in doctor.layers(machine):
        table.add_row(layer, needs, plain(there))
    console.print(table)
    for name, why in machine.lacks.items():
        console.print(Text(f"{name}: {why or 'works'}"), soft_wrap=True)
    working = [name for name, why in machine.lacks.items() if not why]
    console.print(f"grading confines by: {working[0] if working else 'nothing, it refuses'}", highlight=False)
    if advice := doctor.more(machine):
        console.print(Text(f"for more: {advice}"), soft_wrap=True)
    sys.exit(0 if working else 1)


for command in cli_term.COMMANDS:
    main.add_command(command)
