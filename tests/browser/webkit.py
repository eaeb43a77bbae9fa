"""WebKit, the engine of every browser on an iPhone: GTK's, driven by the words of WebDriver, on a screen in memory."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

ANSWERS = 180  # seconds, while other tests run
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class WebKit:
    """One page of a browser."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.session = f"/session/{self.ask('POST', '/session', capabilities={})['sessionId']}"

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """Send a command; return its value."""
        content = json.dumps(body).encode() if method == "POST" else None
        request = Request(self.address + path, content, {"Content-Type": "application/json"}, method=method)
        with urlopen(request, timeout=ANSWERS) as answer:
            return json.load(answer)["value"]

    def open(self, url: str) -> None:
        """Open a page, and wait until it has loaded."""
        self.ask("POST", f"{self.session}/url", url=url)

    def run(self, code: str) -> Any:
        """Return the plain value of a JavaScript expression."""
        return self.ask("POST", f"{self.session}/execute/sync", script=f"return ({code})", args=[])

    def close(self) -> None:
        """End the browser."""
        self.ask("DELETE", self.session)


@contextlib.contextmanager
def webkit() -> Iterator[WebKit]:
    """Start WebKit."""
    for program, package in {"WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb"}.items():
        assert shutil.which(program), f"{program} is needed; install it with `sudo apt-get install {package}`"
    with contextlib.ExitStack() as stack:
        told, tell = os.pipe()
        command = ["Xvfb", "-displayfd", str(tell), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
        _started(stack, command, pass_fds=[tell])
        os.close(tell)
        with open(told, encoding="ascii") as lines:
            display = lines.readline().strip()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        # Its own sandbox needs namespaces, which tests in a container have not; the pages here are ours.
        settings = {"DISPLAY": f":{display}", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
        _started(stack, ["WebKitWebDriver", f"--port={port}"], env=os.environ | settings)
        browser = _first_answer(f"http://127.0.0.1:{port}")
        stack.callback(browser.close)
        yield browser


def _started(stack: contextlib.ExitStack, command: list[str], **options: Any) -> None:
    process = stack.enter_context(subprocess.Popen(command, **QUIET, **options))  # type: ignore[call-overload]
    stack.callback(process.terminate)


def _first_answer(address: str) -> WebKit:
    end = time.monotonic() + ANSWERS
    while True:
        try:
            return WebKit(address)
        except HTTPError:
            raise  # it answers, and will not
        except URLError:
            assert time.monotonic() < end, "WebKitWebDriver does not answer"
            time.sleep(0.1)
