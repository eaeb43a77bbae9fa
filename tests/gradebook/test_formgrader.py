"""nbgrader's formgrader, served for real, shows what the grader recorded and keeps what a person marks there."""

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import Request, urlopen

from tests.helpers.tiny_course import ROOT, hand_in, make_course, record, release_tiny, verdict

CONFIG = """
c = get_config()
c.ServerApp.jpserver_extensions = {"nbgrader.server_extensions.formgrader": True}
c.ServerApp.disable_check_xsrf = True
c.ServerApp.open_browser = False
c.ServerApp.allow_root = True
c.IdentityProvider.token = ""
"""
PATIENCE = 120


@contextmanager
def formgrader(course):
    """Serve a course and yield a function that fetches (or, with a body, puts) an address."""
    (course / "server_config.py").write_text(CONFIG)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def fetch(address, body=None):
        request = Request(f"http://127.0.0.1:{port}/formgrader/{address}", method="PUT" if body else "GET")
        with urlopen(request, json.dumps(body).encode() if body else None) as answer:
            return answer.read().decode()

    command = [sys.executable, "-m", "jupyter_server", f"--port={port}", f"--config={course / 'server_config.py'}"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "JUPYTER_PLATFORM_DIRS": "1"}
    with (course / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=course, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(PATIENCE):
            try:
                fetch("api/status")
                break
            except URLError:
                assert server.poll() is None, (course / "server.log").read_text()
                time.sleep(0.5)
        yield fetch
    finally:
        server.terminate()
        server.wait(30)


def test_a_person_marks_the_answer_in_formgrader(tmp_path):
    course = make_course(tmp_path / "course")
    release_tiny(course)
    hand_in(course, "ada", {"explain_tiny": "It is. <script>alert(1)</script>"})
    record(course, verdict("ada", "double/plain"))
    with formgrader(course) as fetch:
        (submission,) = json.loads(fetch("api/submitted_notebooks/tiny/tiny"))
        assert (submission["score"], submission["needs_manual_grade"]) == (3, True)
        page = fetch(f"submissions/{submission['id']}/")
        assert "expected 4 &lt; 5, got &lt;b&gt;plain&lt;/b&gt;" in page
        assert "It is. &lt;script&gt;" in page
        grades = json.loads(fetch(f"api/grades?submission_id={submission['id']}"))
        (words,) = [grade for grade in grades if grade["name"] == "explain_tiny"]
        fetch(f"api/grade/{words['id']}", {"manual_score": 2})
        record(course, verdict("ada"))
        (submission,) = json.loads(fetch("api/submitted_notebooks/tiny/tiny"))
        assert (submission["score"], submission["needs_manual_grade"]) == (7, False)
