"""A question's worked examples, tried in this very process: asked and judged as grading does."""

from __future__ import annotations

import copy
import inspect
import io
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .criteria.judges import WHERE
from .kernel import place
from .model import NOTHING_LEFT, Call, Case, Criterion, Evidence, Limits, Question, Reply, Result, Status, lost_by
from .sandbox import wire, worker
from .sandbox.replies import as_reply
from .ticking import StoppedError, limited

NONCE = bytes(16)


class Trial:
    """A function that is asked a question; it remembers how long each call took, and ends one where grading would."""

    def __init__(self, function: Callable[..., Any], question: Question, limits: Limits | None = None) -> None:
        self.question = question
        self.limits = limits or Limits()
        self.function = function
        self.namespace: dict[str, Any] = {question.name: self._called}
        self.place = ""
        self.seconds: list[float] = []

    def results(self, expected: Mapping[str, Sequence[Reply]]) -> list[Result]:
        """Return a result for each criterion, given what the reference answers to its examples."""
        results: list[Result] = []
        for criterion in self.question.criteria:
            lost = {result.criterion: result.status for result in results if result.status is not Status.PASSED}
            pairs = zip(criterion.examples, expected[criterion.name], strict=True)
            left = [(case, wanted) for case, wanted in pairs if case.needs.isdisjoint(lost)]
            if criterion.examples and not left:
                status = next(iter(lost.values()))
                results.append(self._lost(criterion, status, NOTHING_LEFT))
            else:
                results.append(self._judged(criterion, left))
        return results

    def _called(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function; note where it raises, which a notebook's kernel alone can tell."""
        try:
            return self.function(*args, **kwargs)
        except BaseException as problem:
            self.place = place(problem)
            raise

    def reply(self, case: Case) -> Reply:
        """Call as the sandbox would, and pass the answer through the same frames, so that the same values count."""
        call = copy.deepcopy((tuple(case.call.args), dict(case.call.kwargs), case.call.rounds))
        request = wire.pack({"call": call}, NONCE, laid_out=True)
        sent = wire.read(io.BytesIO(request).read, NONCE, len(request), np.random.default_rng)
        left = self.limits.function_seconds - sum(self.seconds)
        seconds = min(self.limits.call_seconds, left)
        if seconds <= 0:
            return Reply(Status.TIMEOUT, message=f"the {self.limits.function_seconds:g} s for all calls are used up")
        start, self.place = time.perf_counter(), ""
        try:
            answer = limited(seconds, worker.invoke, self.namespace, case.call.function, *sent["call"])
        except StoppedError:  # between the student's code and ours
            answer = {"status": "error", "message": StoppedError.__name__}
        self.seconds.append(time.perf_counter() - start)
        if answer.get("message") and self.place:
            answer["message"] = WHERE.sub("", answer["message"]) + self.place
        if answer.get("message", "").startswith(StoppedError.__name__):
            self.seconds[-1] = seconds
            where = WHERE.search(answer["message"])
            return Reply(Status.TIMEOUT, message=f"stopped after {seconds:.2g} s{where[0] if where else ''}")
        if answer.get("message", "").startswith("KeyboardInterrupt"):
            raise KeyboardInterrupt
        frame = worker.framed(answer, NONCE, wire.JSON_LIMIT << 8)
        return as_reply(wire.read(io.BytesIO(frame).read, NONCE, len(frame)))

    def slow(self, limits: Limits) -> Iterator[str]:
        """Say what took longer than grading allows."""
        longest, total = max(self.seconds, default=0.0), round(sum(self.seconds), 3)
        if longest > limits.call_seconds:
            yield f"a call took {longest:.1f} seconds here; grading stops a call after {limits.call_seconds:g}"
        if total > limits.function_seconds:
            yield (
                f"the worked examples took {total:.1f} seconds here; grading, which tries more, gives the function "
                f"{limits.function_seconds:g} for all its calls"
            )

    def _judged(self, criterion: Criterion, examples: Sequence[tuple[Case, Reply]]) -> Result:
        for case, wanted in examples:
            got = self.reply(case)
            wrong = case.judge(case, got, wanted)
            if wrong:
                status = lost_by(got, wanted)
                return self._lost(criterion, status, wrong, Evidence(self._named(case.call), wanted, got))
        return Result(self.question.name, criterion.name, criterion.points, criterion.points, Status.PASSED)

    def _lost(self, criterion: Criterion, status: Status, why: str, evidence: Evidence | None = None) -> Result:
        return Result(self.question.name, criterion.name, 0.0, criterion.points, status, why, evidence)

    def _named(self, call: Call) -> Call:
        """Return a call with the names that the function has for its arguments, as far as it tells them."""
        try:
            parameters = inspect.signature(self.function).parameters.values()
        except Exception:  # not every callable has a signature, and one may be made up
            return call
        kinds = {parameter.kind for parameter in parameters}
        if inspect.Parameter.POSITIONAL_ONLY in kinds:  # no keyword may be written for these
            return call
        named = inspect.Parameter.POSITIONAL_OR_KEYWORD
        return call.named([parameter.name for parameter in parameters if parameter.kind is named])
