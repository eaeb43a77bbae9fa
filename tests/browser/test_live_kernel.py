"""A demo in JupyterLab with a kernel: Python and the page keep each other in step."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from benchmarks.page_driver import Demo

BOOK = Path(__file__).parents[2] / "book"
PATIENCE = 90_000  # milliseconds; a busy machine starts kernels slowly

CELLS = (
    "from demos import PoolingExplorer\ndemo = PoolingExplorer([[1, 2], [3, 4]])\ndemo",
    "print('seen', demo.operation, demo.output)",
    "demo.operation = 'max'\ndemo.image = [[9, 2], [3, 4]]",
    "print('learnt', training.task, training.results['steps'])",
    "from demos import TrainingLab\ntraining = TrainingLab(images=50)\ntraining",
)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """Start JupyterLab on a notebook with the cells above; return the notebook's address."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = nbformat.v4.new_notebook(metadata=kernel, cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    nbformat.write(notebook, tmp_path / "demo.ipynb")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "run", "HOME": ""}
    environment = os.environ | {name: str(tmp_path / folder) for name, folder in home.items()}
    environment["PYTHONPATH"] = str(BOOK)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root",
               "--IdentityProvider.token=", f"--ServerApp.root_dir={tmp_path}"]  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        await_answer(f"{address}/api")
        yield f"{address}/lab/tree/demo.ipynb"
        server.terminate()


def await_answer(url: str) -> None:
    """Wait until a server answers."""
    until = time.monotonic() + PATIENCE / 1000
    while True:
        try:
            urllib.request.urlopen(url).close()
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def test_traits_stay_in_step(browser, lab):
    context = browser.new_context(viewport={"width": 1400, "height": 1400})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(lab)
    cells = page.locator(".jp-CodeCell")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()

    def run(index: int) -> None:
        prompt = cells.nth(index).locator(".jp-InputPrompt")
        before = prompt.inner_text()
        for _ in range(PATIENCE // 3000):  # JupyterLab drops a run while its kernel is still connecting
            cells.nth(index).locator(".cm-content").click()
            page.keyboard.press("Control+Enter")
            with suppress(AssertionError):
                expect(prompt).not_to_have_text(before, use_inner_text=True, timeout=3000)
                return

    run(0)
    demo = Demo(page, "Pooling explorer")
    assert demo.numbers("Output").tolist() == [[4]]
    demo.pick("Operation", "average")
    run(1)
    page.get_by_text("seen average [[2.5]]").wait_for()
    run(2)
    demo.cell("Output", 0, 0).get_by_text("9").wait_for()
    demo.cell("Input", 0, 0).focus()
    page.keyboard.press("ArrowRight")  # JupyterLab would take it for itself
    page.keyboard.press("7")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Delete")
    run(1)
    page.get_by_text("seen max [[9]]").wait_for()
    assert demo.numbers("Input").tolist() == [[9, 7], [3, 0]]
    run(4)
    training = Demo(page, "Training lab")
    training.pick("Task", "how many spots")
    training.press("One step")
    expect(training.root.locator(".lm-state")).to_have_text("1 step")
    run(3)
    page.get_by_text("learnt spots 1").wait_for()
    context.close()
