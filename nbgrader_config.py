"""The course for nbgrader: run its commands and JupyterLab from this folder.

Release fills ``build/source`` from ``solutions`` and then lets nbgrader write ``exercises``; autograde
judges through the confined grader instead of running the notebooks.
"""

import sys
import warnings
from pathlib import Path

c = get_config()  # noqa: F821 - nbgrader provides it

# The `nbgrader` command looks for the modules named below beside itself, not here.
sys.path.insert(0, str(Path(__file__).resolve().parent))

# nbgrader's way of adding a submission makes SQLAlchemy 2.1 warn on each one.
warnings.filterwarnings("ignore", message="Object of type <Submitted", module="nbgrader")

c.CourseDirectory.course_id = "pooling-measured"
c.CourseDirectory.source_directory = "build/source"
c.CourseDirectory.release_directory = "exercises"

# A test cell is only ever `check(function)`; nbgrader's own header, footer and generated tests stay out,
# so that a release depends on the solution alone.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# A hand-in is read with suspicion and rebuilt on the released notebook before nbgrader sees it.
c.Autograde.exporter_class = "autograder.gradebook.preprocessors.HandInExporter"
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# Nothing of it runs here: the confined grader's verdict stands where nbgrader would execute.
c.Autograde.autograde_preprocessors = [
    "autograder.gradebook.preprocessors.ConfinedJudge",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# What being late costs stands in course.toml; without it, what c.LateSubmissionPlugin says counts.
c.AssignLatePenalties.plugin_class = "autograder.gradebook.lateness.CoursePolicy"

# What `nbgrader zip_collect` makes of the names of files in a download: Moodle's `Name_4711_assignsubmission_file_`
# is a folder or the beginning of a name, Canvas writes `lastfirst_LATE_4711_98765_pooling-1.ipynb`. Both have the
# student's number in the platform, which becomes the student's id here: Moodle's is another one in each assignment, so
# take `python -m autograder collect moodle DOWNLOAD --column name` there. The first of a path counts: what follows is
# named by the student. What may be of either platform, with another number in each, is nobody's.
c.FileNameCollectorPlugin.named_regexp = (
    r"(?!.*_\d+_\d+_[^/]*_\d+_assignsubmission_file)(?:(?=.*_\d+_assignsubmission_file)())?"
    r".*?/(?:[^/]*?_)?(?P<student_id>\d+)_(?(1)assignsubmission_file_?/?|\d+_(?!.*/))"
    r"(?P<file_id>.+?)(?(1)|(?:-\d+)?(?:\.ipynb)?)$"
)
# Files that a browser has renamed are collected, too: `grade` reads the only one that can be meant.
c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".json", ".txt"]
