"""Firefox, asked in the words that it speaks itself: WebDriver BiDi.

Playwright drives a Firefox of its own, which no registry has; geckodriver is on none of them for Linux; Mozilla's own
driver for Python needs older packages than grading does. What is needed here is two commands of a standard.
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websocket import WebSocket, create_connection

LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
ANSWERS = 180  # seconds, while other tests run


class Firefox:
    """One page of a browser."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket, self.numbers = socket, itertools.count(1)
        self.ask("session.new", capabilities={})
        self.page = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **params: Any) -> Any:
        """Send a command; return its result, whatever events come in between."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while (answer := json.loads(self.socket.recv())).get("id") != number:
            pass
        assert answer["type"] == "success", answer
        return answer["result"]

    def open(self, url: str) -> None:
        """Open a page, and wait until it has loaded."""
        self.ask("browsingContext.navigate", context=self.page, url=url, wait="complete")

    def run(self, code: str) -> Any:
        """Return the plain value of a JavaScript expression."""
        found = self.ask("script.evaluate", expression=code, target={"context": self.page}, awaitPromise=True)
        assert found["type"] == "success", found
        return found["result"].get("value")


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """Start Firefox with an empty profile."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    assert program, "Firefox is needed; install it with `sudo apt-get install firefox-esr`"
    command = [program, "--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", str(profile)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        try:
            address = next(match[1] for line in process.stderr if (match := LISTENS.search(line)))
            socket = create_connection(f"{address}/session", timeout=ANSWERS, suppress_origin=True)
            yield Firefox(socket)
            socket.close()
        finally:
            process.terminate()
