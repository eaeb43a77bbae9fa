"""What learning platforms let an instructor download becomes nbgrader's layout by nbgrader's own command."""

import zipfile

from tests.helpers.tiny_course import make_course, nbgrader, release_tiny

MOODLE = {
    "Ada Beispiel_4711_assignsubmission_file/tiny.ipynb": "4711/tiny/tiny.ipynb",
    "Bob O'Neil-Ünal_4712_assignsubmission_file_/tiny.ipynb": "4712/tiny/tiny.ipynb",
    "Cleo_van_der_4_4713_assignsubmission_file_tiny.ipynb": "4713/tiny/tiny.ipynb",
    "Dan_4714_assignsubmission_file_/tiny (1).ipynb": "4714/tiny/tiny (1).ipynb",
    "Eve_4715_assignsubmission_file_/work/tiny.ipynb": "4715/tiny/work/tiny.ipynb",
    "Fay_4716_assignsubmission_file_/tiny.ipynb.json": "4716/tiny/tiny.ipynb.json",
    "Gus_4717_assignsubmission_file_/hw_2026_11_tiny.ipynb": "4717/tiny/hw_2026_11_tiny.ipynb",
    "Hal_4718_assignsubmission_onlinetext_/onlinetext.html": None,
}
CANVAS = {
    "lovelaceada_14711_99001_tiny.ipynb": "14711/tiny/tiny.ipynb",
    "oneilbob_LATE_14712_99002_tiny-1.ipynb": "14712/tiny/tiny.ipynb",
    "vandercleo_14713_99003_tiny-12.ipynb": "14713/tiny/tiny.ipynb",
    "dan_late_14714_99004_hw_2026_11_tiny.ipynb": "14714/tiny/hw_2026_11_tiny.ipynb",
    "fay_14716_99006_tiny.ipynb.txt": "14716/tiny/tiny.ipynb.txt",
    "gus_14717_99007_drawing.png": None,
}


def test_downloads_from_moodle_and_canvas_are_collected(tmp_path):
    course = make_course(tmp_path / "course")
    notebook = release_tiny(course).read_text()
    downloads = course / "downloaded" / "tiny" / "archive"
    downloads.mkdir(parents=True)
    for platform, files in (("moodle", MOODLE), ("canvas", CANVAS)):
        with zipfile.ZipFile(downloads / f"{platform}.zip", "w") as archive:
            for name in files:
                archive.writestr(name, notebook)
    nbgrader(course, "zip_collect", "tiny")
    collected = {str(path.relative_to(course / "submitted")) for path in (course / "submitted").rglob("*.*")}
    assert collected == {place for place in (MOODLE | CANVAS).values() if place}
