"""``python -m experiments.run``: measure every arm that is not measured yet, then write the results."""

from __future__ import annotations

import json
import os
import signal
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread
from typing import Any

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from experiments import results
from experiments.results import EXPERIMENTS, RESULTS, Arm

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
LOOKS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
ALONE = ("e07",)  # timings: nothing else may run beside them


def measure(name: str, arm: Arm) -> dict[str, Any]:
    """Compute the figures of one arm, in a worker process."""
    import torch  # noqa: PLC0415 - only workers need it

    torch.set_num_threads(1)
    figures: dict[str, Any] = results.rounded(results.module(name).run(dict(arm)))
    return figures


def follow() -> None:
    """Make a worker ignore Ctrl-C, which its parent handles, and end as soon as its parent has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def wait(parent: BaseProcess) -> None:
        parent.join()
        os._exit(1)

    if parent := parent_process():
        Thread(target=wait, args=(parent,), daemon=True).start()


def pending(names: tuple[str, ...], cache: Path) -> list[tuple[str, Arm, Path]]:
    """Return the arms that have no cached figures yet, with their files; those to be measured alone come last."""
    todo = []
    for name in sorted(names, key=lambda n: n in ALONE):
        for arm in results.module(name).arms():
            path = cache / f"{results.key(name, arm)}.json"
            if not path.exists():
                todo.append((name, arm, path))
    return todo


def collect(name: str, cache: Path, folder: Path) -> None:
    """Write the results of an experiment from its cached arms."""
    module = results.module(name)
    arms = [
        {"arm": arm, "figures": json.loads((cache / f"{results.key(name, arm)}.json").read_text("utf-8"))}
        for arm in module.arms()
    ]
    title = (module.__doc__ or "").splitlines()[0]
    note = "seeds: n stands for the seeds 0 to n - 1; lists of figures have one entry a seed, in that order"
    content = {"experiment": name, "title": title, "note": note, "versions": results.versions(), "arms": arms}
    results.write(folder / f"{name}.json", content)


def unfinished(result: results.Result) -> list[str]:
    """Name the arms of which a seed met the ceiling of steps before its plateau."""
    arms = [(arm["arm"], arm["finished"]) for arm in result.arms() if "finished" in arm]
    return [f"{finished.count(False)} of {len(finished)} seeds of {arm}" for arm, finished in arms if not all(finished)]


def together(todo: list[tuple[str, Arm, Path]], jobs: int, progress: Progress, task: TaskID) -> None:
    """Measure arms in ``jobs`` processes; each is stored as soon as it is known."""
    for variable in THREADS:
        os.environ[variable] = "1"  # the processes share the cores; they read this before they import torch
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=follow)
    try:
        futures = {pool.submit(measure, name, arm): (name, path) for name, arm, path in todo}
        for future in as_completed(futures):
            name, path = futures[future]
            results.write(path, future.result())
            progress.update(task, advance=1, description=EXPERIMENTS[name])
            if not progress.console.is_terminal:  # no bar there: a line for each arm
                now = progress.tasks[task]
                left = f", {now.time_remaining // 60 + 1} min left" if now.time_remaining else ""
                progress.console.print(f"{now.completed:.0f}/{now.total:.0f} {EXPERIMENTS[name]}{left}")
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class Experiment(click.ParamType[str]):
    """An experiment's number, given alone (``e05``) or with its subject (``e05_shifts``)."""

    name = "experiment"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the number; refuse what names no experiment."""
        number = value[:3]
        if value not in (number, EXPERIMENTS.get(number)) or number not in EXPERIMENTS:
            self.fail(f"{value!r} is none of {', '.join(EXPERIMENTS.values())}.", param, ctx)
        return number


@click.command()
@click.argument("names", nargs=-1, type=Experiment(), metavar="[e01|e02|...]...")
@click.option("--jobs", default=os.cpu_count(), show_default="all cores", type=click.IntRange(1))
@click.option("--cache", default="build/experiments", type=click.Path(path_type=Path), help="Finished arms.")
@click.option("--output", default=RESULTS, type=click.Path(path_type=Path), help="Where results are written.")
@click.option("--fresh", is_flag=True, help="Measure again what is cached.")
def main(names: tuple[str, ...], jobs: int, cache: Path, output: Path, fresh: bool) -> None:
    """Run the named experiments (e05 or e05_shifts; all by default), and write their results.

    Every finished arm is saved at once. You can interrupt the run at any time; the same command resumes it.
    """
    names = names or tuple(EXPERIMENTS)
    if fresh:
        for name in names:
            for old in cache.glob(f"{name}-*.json"):
                old.unlink()
    todo = pending(names, cache)
    columns = (*LOOKS, TimeElapsedColumn(), TextColumn("left:"), TimeRemainingColumn())
    try:
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task("measuring", total=len(todo))
            together([job for job in todo if job[0] not in ALONE], jobs, progress, task)
            together([job for job in todo if job[0] in ALONE], 1, progress, task)
    except KeyboardInterrupt:
        click.echo("interrupted; finished arms are kept, the same command resumes", err=True)
        os._exit(130)  # at once: the workers end with this process
    for name in names:
        collect(name, cache, output)
        for line in unfinished(results.load(name, output)):
            click.echo(f"not finished: {EXPERIMENTS[name]}, {line}")
    click.echo(f"{len(todo)} arms measured; results in {output}")


if __name__ == "__main__":
    main()
