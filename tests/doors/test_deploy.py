"""The image, its workers and the profile fit the course; an image that ``GRADER_IMAGE`` runs grades a class."""

import os
import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from sample_class.hand_ins import write

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
IMAGE = shlex.split(os.environ.get("GRADER_IMAGE", ""))
in_the_image = pytest.mark.skipif(not IMAGE, reason="GRADER_IMAGE names no command that runs an image of the grader")


def kubernetes():
    return list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text()))


def names(requirements):
    return {re.split(r"[<>=;\[ ]", one)[0].lower() for one in requirements}


def test_the_image_has_what_the_grader_needs_and_no_book():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = names([*project["dependencies"], *project["optional-dependencies"]["grader"], "matplotlib", "setuptools"])
    text = (DEPLOY / "Containerfile").read_text().replace("\\\n", " ")
    installed = re.search(r"--constraint /tmp/requirements.txt +(.*) \$TORCH", text)[1].lower().split()
    assert set(installed) == needed
    copied = [one for line in re.findall(r"^COPY (.*) \S+$", text, re.M) for one in line.split()]
    assert "book" not in copied
    # Without course.toml being late would cost nothing there, and what it cost in a mounted gradebook would be undone.
    assert {"autograder", "solutions", "exercises", "course.toml"} <= {*copied}
    let_in = re.findall(r"^!(.*)$", (DEPLOY / "Containerfile.dockerignore").read_text(), re.M)
    assert {*let_in} == {*copied}
    assert all((ROOT / one).exists() for one in copied)


def test_the_image_is_run_by_an_ordinary_user():
    assert re.findall(r"^USER (.*)$", (DEPLOY / "Containerfile").read_text(), re.M) == ["grader"]


def test_pods_meet_the_restricted_standard():
    pods = [one["spec"]["template"]["spec"] for one in kubernetes() if one["kind"] == "Deployment"]
    assert len(pods) == 2
    for pod in pods:
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
            }


def test_a_worker_judges_one_hand_in_at_a_time_wherever_it_runs():
    commands = [one["spec"]["template"]["spec"]["containers"][0]["command"] for one in kubernetes()[1:3]]
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    for scheduler, worker in (commands, (services["scheduler"]["entrypoint"], services["worker"]["entrypoint"])):
        assert scheduler[:2] == ["dask", "scheduler"]
        assert worker[:3] == ["dask", "worker", "tcp://scheduler:8786"]
        assert worker[3:7] == ["--nthreads", "1", "--nworkers", "1"]


@in_the_image
def test_in_the_image_something_confines():
    told = subprocess.run([*IMAGE, "doctor"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert re.search(r"^grading confines by: (namespaces|landlock)$", told.stdout, re.M), told.stdout


@in_the_image
def test_the_image_grades_the_sample_class(tmp_path):
    write(tmp_path / "submitted")
    (tmp_path / "graded").mkdir()
    for path in (tmp_path, *tmp_path.parents):
        if path.owner() == tmp_path.owner() and path != Path(path.root):
            path.chmod(0o755)
    (tmp_path / "graded").chmod(0o777)
    volumes = ("-v", f"{tmp_path}/submitted:/submitted:ro", "-v", f"{tmp_path}/graded:/graded")
    # The options of an image stand before its name, which is the last word.
    command = [*IMAGE[:-1], *volumes, IMAGE[-1], "grade", "pooling", "--submitted", "/submitted", "--output", "/graded"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "confined by: " in done.stderr + done.stdout
    assert "all-right-with-loops,pooling,max_pool2d," in (tmp_path / "graded" / "scores.csv").read_text()
