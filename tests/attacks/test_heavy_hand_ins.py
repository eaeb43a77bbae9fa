"""Whatever a hand-in weighs, reading and recording it costs at most 64 MiB, and it is read or named."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.helpers import tiny_course
from tests.helpers.whole import sample

MEBIBYTE = 1 << 20
MOST = 64
WEIGH = Path(tiny_course.__file__).with_name("weigh_reading.py")
SOLUTION = "import numpy as np\ndef double(x): return 2 * np.asarray(x)"
PICTURE = "A" * (6 * MEBIBYTE)
OUTSIDE = '{"cells": [%s], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


def code(source=SOLUTION, outputs="[]", **more):
    """Return the text of a code cell whose outputs are JSON already."""
    cell = {"cell_type": "code", "id": "double", "metadata": {}, "source": source, **more}
    return f'{json.dumps(cell)[:-1]}, "outputs": {outputs}}}'


def words(source, **more):
    return json.dumps({"cell_type": "markdown", "id": "explain_tiny", "metadata": {}, "source": source, **more})


def many(text, size):
    return text * (size // len(text))


def lists(text, size):
    return f"[{many(text + ',', size)}{text}]"


def zipped(content):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tiny.ipynb", content)
    return file.getvalue()


def long_table():
    """Return an archive whose table of contents is longer than all else."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(900):
            info = zipfile.ZipInfo(f"{number}.txt")
            info.comment = b"x" * 60_000
            archive.writestr(info, "")
    return file.getvalue()


def output(data):
    return f'[{{"output_type": "display_data", "metadata": {{}}, "data": {data}}}]'


def string(text):
    """Return what is JSON already as a string."""
    return f'"{text}"'


def drawn(size):
    """Return the output of a cell that has drawn a picture of that many bytes."""
    return output(f'{{"image/png": {string("A" * size)}}}')


SMILE = "see ![a](attachment:0.png) \U0001f600"
HTML = r"<td class=\"a\">"
PICTURES = {f"{number}.png": {"image/png": "A" * (3 * MEBIBYTE)} for number in range(6)}
# What honest people hand in.
READ = {
    "pictures that were drawn": lambda: OUTSIDE % code(outputs=drawn(60 * MEBIBYTE)),
    "numbers that were plotted": lambda: OUTSIDE % code(outputs=output(lists("[1.5,-2e-3]", 60 * MEBIBYTE))),
    "a table in HTML": lambda: OUTSIDE % code(outputs=output(string(many(HTML, 60 * MEBIBYTE)))),
    "numbers that are none": lambda: OUTSIDE % code(outputs=output("[NaN, Infinity, -Infinity]")),
    "the state of controls": lambda: (
        f'{{"metadata": {{"widgets": {lists("{}", 30 * MEBIBYTE)}}}, {(OUTSIDE % code())[1:]}'
    ),
    "photographs and a smile": lambda: OUTSIDE % (words(SMILE, attachments=PICTURES) + "," + code()),
    "a thousand cells": lambda: OUTSIDE % ",".join([code(), *[code("x = 1", id="x")] * 1000]),
    "UTF-16": lambda: (OUTSIDE % code(outputs=output(string("é" * 9 * MEBIBYTE)))).encode("utf-16"),
    "a mark of byte order": lambda: (OUTSIDE % code()).encode("utf-8-sig"),
    "half of a pair": lambda: OUTSIDE % code("# \ud800\n" + SOLUTION),
    "two sources": lambda: OUTSIDE % code(1).replace("[]", f'[], "source": {json.dumps(SOLUTION)}'),
    "an archive": lambda: zipped(OUTSIDE % code(outputs=drawn(60 * MEBIBYTE))),
}
# What nobody hands in by accident.
NAMED = {
    "strings without end": lambda: OUTSIDE % code(outputs=lists('""', 90 * MEBIBYTE)),
    "lists without end": lambda: OUTSIDE % code(outputs=lists("[[]]", 90 * MEBIBYTE)),
    "lists within lists": lambda: OUTSIDE % code(outputs="[" * 50 * MEBIBYTE),
    "backslashes": lambda: OUTSIDE % code(outputs=string("\\" * 90 * MEBIBYTE)),
    "cells within cells": lambda: OUTSIDE % ("[" * 90_000 + "]" * 90_000),
    "a million cells": lambda: OUTSIDE % lists("{}", 3 * MEBIBYTE)[1:-1],
    "empty cells": lambda: OUTSIDE % lists('{"a":1}', 2 * MEBIBYTE)[1:-1],
    "a giant source": lambda: OUTSIDE % code("x" * 30 * MEBIBYTE),
    "a giant source and a smile": lambda: OUTSIDE % code("x" * 18 * MEBIBYTE + "\U0001f600"),
    "a giant source and an escape": lambda: OUTSIDE % code("x" * 18 * MEBIBYTE + "\\ud83d\\ude00"),
    "smiles one by one": lambda: OUTSIDE % ('{"source": ' + string(many("a\U0001f600", 3 * MEBIBYTE)) + "}"),
    "a giant key": lambda: OUTSIDE % code(**{"k" * 30 * MEBIBYTE: 1}),
    "a long number": lambda: OUTSIDE % code(1).replace("1", "1" * 15 * MEBIBYTE, 1),
    "spaces": lambda: " " * 90 * MEBIBYTE,
    "nothing": lambda: b"\0" * 90 * MEBIBYTE,
    "a long file": lambda: OUTSIDE % code(outputs=drawn(120 * MEBIBYTE)),
    "a bomb": lambda: zipped(OUTSIDE % code(outputs=drawn(120 * MEBIBYTE))),
    "an archive's long table": long_table,
}
# What fits, just so, and takes more once it is read.
FULL = {
    "a large source": lambda: OUTSIDE % code("x" * 19 * MEBIBYTE),
    "lines": lambda: OUTSIDE % code(many("ab\n", 9 * MEBIBYTE)),
    "blank lines": lambda: OUTSIDE % code("\n" * 9 * MEBIBYTE),
    "a list of lines": lambda: OUTSIDE % code(["x" * 100] * 150_000),
    "a long fraction": lambda: OUTSIDE % code(1).replace("1", "1." + "1" * 15 * MEBIBYTE, 1),
    "objects": lambda: OUTSIDE % code(metadata={"a": [{"b": 1}] * 60_000, "c": "x" * 17 * MEBIBYTE}),
    "lists": lambda: OUTSIDE % code(metadata={"a": [[]] * 120_000, "c": "x" * 17 * MEBIBYTE}),
    "one photograph": lambda: OUTSIDE % words("", attachments={"a.png": {"image/png": "A" * 19 * MEBIBYTE}}),
    "photographs": lambda: OUTSIDE % words("", attachments={str(i): {"image/png": "A" * MEBIBYTE} for i in range(19)}),
    "photographs elsewhere": lambda: OUTSIDE % words("", attachments=PICTURES).replace("explain_tiny", "x"),
    "a large answer": lambda: OUTSIDE % words("*a_ " * 4 * MEBIBYTE),
}


@pytest.fixture(scope="module")
def weigh(tmp_path_factory):
    """Yield a function that hands a file in and says what reading and recording it took, and what was said."""
    root = tiny_course.make_course(tmp_path_factory.mktemp("course"))
    tiny_course.release_tiny(root)
    tiny_course.hand_in(root, "warm")
    environment = os.environ | {"PYTHONPATH": str(tiny_course.ROOT)}
    with subprocess.Popen(
        [sys.executable, str(WEIGH)], cwd=root, env=environment, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as scales:  # fmt: skip

        def weighed(content):
            path = tiny_course.hand_in(root, "heavy")
            path.write_bytes(content if isinstance(content, bytes) else content.encode(errors="surrogatepass"))
            scales.stdin.write("heavy\n")
            scales.stdin.flush()
            found = json.loads(scales.stdout.readline())
            path.unlink()
            return found

        yield weighed
        scales.stdin.close()


@pytest.mark.parametrize("name", sample([*READ, *NAMED, *FULL], 2))
def test_reading_and_recording_a_hand_in_takes_little_memory(weigh, name, record_property):
    reading, recording, said = weigh({**READ, **NAMED, **FULL}[name]())
    record_property("cost", (reading, recording, said))
    assert max(reading[0], recording[0]) < MOST, said
    if name not in FULL:
        assert bool(said) == (name not in READ), said
