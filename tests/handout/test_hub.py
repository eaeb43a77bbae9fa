"""The page on hubs names what is there: extensions of the nbgrader installed, and nothing that students get."""

import re
from importlib.util import find_spec
from pathlib import Path

import nbgrader

from autograder import portable

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "book" / "hub.md").read_text(encoding="utf-8")
EXTENSION = Path(nbgrader.__file__).parent / "labextension" / "static"


def test_what_is_taken_from_students_is_called_so_in_nbgrader():
    scripts = "".join(path.read_text(encoding="utf-8") for path in EXTENSION.glob("*.js"))
    disabled = re.findall(r"labextension disable --level=sys_prefix (\S+)", PAGE)
    assert {"@jupyter/nbgrader:formgrader", "@jupyter/nbgrader:create-assignment"} <= {*disabled}
    assert all(f'"{name}"' in scripts for name in disabled)
    servers = re.findall(r"server extension disable --sys-prefix (\S+)", PAGE)
    assert "nbgrader.server_extensions.formgrader" in servers
    assert all(find_spec(name) for name in servers)


def test_what_must_fail_for_students_is_nothing_that_they_get():
    given = portable.names("in_page.py", "drawing.py")
    for module in re.findall(r"^import (\S+)$", PAGE, re.M):
        path = module.replace(".", "/")
        assert (ROOT / path).is_dir(), module
        assert not [name for name in given if name.startswith(f"{path}/")]


def test_the_course_is_called_as_nbgraders_configuration_has_it():
    (course,) = re.findall(r'course_id = "(.+)"', PAGE)
    assert f'c.CourseDirectory.course_id = "{course}"' in (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
