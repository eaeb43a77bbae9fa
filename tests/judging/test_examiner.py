"""Whatever a submission does to its process costs it only the calls concerned, within its limits."""

import signal
from dataclasses import replace

import numpy as np
import pytest

from autograder.judging import examiner
from autograder.judging.examiner import Examiner, as_reply
from autograder.judging.grading import grade
from autograder.model import Call, Limits, Status
from autograder.sandbox.session import SandboxEnd, SandboxError
from autograder.submission import Submission
from tests.helpers.tiny_exam import DOUBLE, FULL, LIMITS, RELEASE, cell, cells, exam, notebook

NAN = float("nan")


def judged(some, asked=None):
    return grade(asked or exam(), "ann", Submission.of(notebook(some), RELEASE))


def statuses(verdict):
    return [str(result.status) for result in verdict.results]


def test_a_function_that_is_slow_in_sum_uses_up_its_time():
    limits = replace(LIMITS, call_seconds=1.0, function_seconds=1.0)
    slow = cells(double="import time\n" + DOUBLE.replace("import numpy", "time.sleep(0.4)\n    import numpy"))
    verdict = judged(slow, exam(limits=limits))
    assert statuses(verdict)[-1] == "passed"
    assert "used up its 1 s" in verdict.results[1].message
    assert verdict.results[1].status is Status.TIMEOUT


def test_a_submission_that_hangs_everywhere_uses_up_its_time():
    limits = replace(LIMITS, cell_seconds=0.5, submission_seconds=1.2)
    hanging = cells(double="while True: pass", total="while True: pass")
    hanging[1:1] = [cell("while True: pass", "setup")] * 3
    verdict = judged(hanging, exam(limits=limits))
    assert statuses(verdict) == ["timeout"] * 4
    assert "the submission used up its 1.2 s" in verdict.results[-1].message


def test_a_crash_that_does_not_repeat_is_forgiven():
    paper = exam().papers[0]
    with Examiner(exam(), Submission.of(notebook(), RELEASE)) as asked:
        calls = [Call("double", (np.ones((1, 1)),))] * 2
        assert [reply.status for reply in asked.replies(paper, calls)] == [Status.PASSED] * 2
        signal.pidfd_send_signal(asked.session.first, signal.SIGKILL)
        assert [reply.status for reply in asked.replies(paper, calls)] == [Status.PASSED] * 2


def test_the_replies_before_a_crash_are_kept_and_those_after_it_not_asked_for():
    fragile = "import os\ndef double(x):\n    if len(x) == 2: os._exit(1)\n    return 2 * x"
    paper = exam().papers[0]
    with Examiner(exam(), Submission.of(notebook(cells(double=fragile)), RELEASE)) as asked:
        replies = asked.replies(paper, [Call("double", (np.ones((n, 1)),)) for n in (1, 3, 2, 1)])
    assert [reply.status for reply in replies] == [Status.PASSED, Status.PASSED, Status.CRASHED]


def test_a_process_that_dies_under_a_cell_is_forgiven_once(monkeypatch):
    asked = []
    ask = Examiner._ask_cell

    def dies_once(self, session, cell):
        asked.append(cell)
        if len(asked) == 2:
            raise SandboxEnd(Status.CRASHED, "killed by the machine")
        return ask(self, session, cell)

    monkeypatch.setattr(Examiner, "_ask_cell", dies_once)
    assert judged(cells()).score == FULL


def test_a_machine_that_cannot_start_a_sandbox_gives_no_verdict(monkeypatch):
    def fail(_):
        raise SandboxError("no processes left")

    monkeypatch.setattr(examiner.Sandbox, "start", fail)
    with pytest.raises(SandboxError):
        judged(cells())


def test_two_functions_may_share_state_and_lose_it_with_the_process():
    counting = "calls = []\n" + DOUBLE.replace("import numpy", "calls.append(1)\n    import numpy")
    assert (
        judged(cells(double=counting, total="def total(x):\n    return float(np.sum(x)) + 0 * len(calls)")).score
        == FULL
    )


@pytest.mark.parametrize(
    "answer",
    [
        {}, {"status": "timeout"}, {"status": "crashed"}, {"status": []}, {"status": np.ones(2)}, {"status": None},
        {"status": "passed", "message": 3}, {"status": "passed", "inputs": [1]}, {"status": "passed", "message": None},
    ],
)  # fmt: skip
def test_a_reply_of_another_form_ends_the_process(answer):
    with pytest.raises(SandboxEnd):
        as_reply(answer)


@pytest.mark.parametrize(
    ("double", "said"),
    [
        ("def double(x): return bytearray(10**12)", "(a submission may use 256 MiB)"),
        ("import numpy as np\ndef double(x): return np.zeros(1 << 20)", "the result has more than 4 MiB"),
        ("def double(x):\n    with open('big', 'wb') as file: file.write(bytes(9 << 20))", "File too large"),
        ("import os\ndef double(x): return os.fork()", "PermissionError: [Errno 1] Operation not permitted"),
    ],
)
def test_a_limit_that_was_hit_is_named(double, said):
    assert said in judged(cells(double=double)).results[0].message


def test_limits_are_set_anew_in_seconds_and_mebibytes():
    assert Limits().changed({"call_seconds": 0.5, "memory": 2}) == replace(Limits(), call_seconds=0.5, memory=2 << 20)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [({"colour": 1}, "there are cell_seconds"), ({"memory": 0}, "above 0"), ({"result": NAN}, "above")],
)
def test_a_limit_that_is_none_is_refused(wanted, said):
    with pytest.raises(ValueError, match=said):
        Limits().changed(wanted)
