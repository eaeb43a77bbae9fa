"""The confined process from inside: runs cells and calls, answers in raw values, judges nothing.

It is a fork of :mod:`warm` inside the sandbox and speaks :mod:`wire` frames over two pipes. It knows no test, no
reference and no expected value. Student code shares this process and may break it; the grader outside then sees a
dead or babbling process, which costs only the submission that did it.
"""

from __future__ import annotations

import os
import sys
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import IO, Any, Protocol

import numpy as np

if __package__:
    from . import described, wire
else:  # in the sandbox, where only a few modules are mounted
    import described  # type: ignore[import-not-found, no-redef]
    import wire  # type: ignore[import-not-found, no-redef]

Tree = dict[str, Any]
Args = tuple[Any, ...]
# Arguments by position or by name.
Changes = Mapping[int | str, Any]

TEXT_LIMIT = 2000


def import_packages(names: list[str]) -> None:
    """Import what is slow to import and large: neither its time nor its memory is the student's."""
    _Compiler.leave_out()
    for package in filter(None, names):
        import_module(package)


class Shell(Protocol):
    """What runs cells: :class:`shell.Shell` in the sandbox."""

    namespace: Tree

    def run_cell(self, source: str, name: str, *, lenient: bool) -> Tree: ...


def work(source: IO[bytes], sink: IO[bytes], nonce: bytes, limit: int, shell: Shell) -> None:
    """Answer frames until the grader closes the pipe; a result may have ``limit`` bytes."""
    receive = source.read
    sink.write(wire.pack({"ready": True}, nonce))
    sink.flush()
    while True:
        try:
            request = wire.read(receive, None, 1 << 30, _generator)
        except Exception:  # the pipe is closed or a student has read from it: nothing to answer
            os._exit(0)
        for answer in _answers(request, shell):
            # One by one: what a call that ends the process leaves behind are the answers before it.
            sink.write(framed(answer, request["echo"], limit))
            sink.flush()


class _Compiler:
    """Finds nothing, but makes up for what PyTorch's import was spared as soon as its compiler is wanted.

    A third of that import tells the compiler the shapes of results. Optimizers look into the compiler, too.
    """

    SPARED = "torch._meta_registrations"

    @classmethod
    def leave_out(cls) -> None:
        """Let PyTorch find an empty module for now."""
        sys.modules[cls.SPARED] = types.ModuleType(cls.SPARED)
        sys.meta_path.insert(0, cls)

    @classmethod
    def find_spec(cls, name: str, *_: object) -> None:
        """Be asked, as everything that can find modules is."""
        if name == "torch._dynamo":
            sys.meta_path.remove(cls)
            del sys.modules[cls.SPARED]
            import_module(cls.SPARED)


def framed(answer: Tree, nonce: bytes, limit: int) -> bytes:
    """Return the frame of an answer, or of why its value does not travel."""
    try:
        frame = wire.pack(answer, nonce)
        *_, body_size, raw_size = wire.HEADER.unpack_from(frame)
        if body_size <= wire.JSON_LIMIT and raw_size <= limit:
            return frame
        why = f"the result has more than {limit >> 20} MiB" if raw_size > limit else "the result has too many parts"
    except BaseException as problem:  # whatever the student's value does when it is read
        why = text_of(problem)
    return wire.pack({"status": "failed", "message": why}, nonce)


def _answers(request: Tree, shell: Shell) -> Iterator[Tree]:
    if "cell" in request:
        yield shell.run_cell(request["cell"], request["name"], lenient=request.get("lenient", False))
    for function, args, kwargs, rounds in request.get("calls", ()):
        yield invoke(shell.namespace, function, args, kwargs, rounds)


def _generator(seed: int) -> np.random.Generator:
    # Not before it is asked for: numpy.random is a tenth of a start.
    return np.random.default_rng(seed)


def invoke(namespace: Tree, function: str, args: Args, kwargs: Tree, rounds: Sequence[Changes] = ()) -> Tree:
    """Call ``namespace[function]``; return its value, or what it raised, and the arguments afterwards.

    With ``rounds`` it is called once for each, with the same arguments but for those that the round changes; the value
    is then a list of what was returned, copied before the next call.
    """
    if not callable(namespace.get(function)):
        return {"status": "missing", "message": f"`{function}` is not defined"}
    try:
        value: Any
        if rounds:
            value = [_plain(_called(namespace[function], args, kwargs, one), copy=True) for one in rounds]
        else:
            value = _plain(namespace[function](*args, **kwargs))
    except MemoryError as problem:
        return {"status": "memory", "message": text_of(problem)}
    except BaseException as problem:  # whatever a student raises is an answer
        return {
            "status": "error",
            "message": text_of(problem),
            "refused": isinstance(problem, ValueError),
            "inputs": _arrays(args),
        }
    return {"status": "passed", "value": value, "inputs": _arrays(args)}


def _arrays(args: Args) -> Args:
    return tuple(item for item in args if isinstance(item, np.ndarray))


def _called(function: Callable[..., object], args: Args, kwargs: Tree, changes: Changes) -> object:
    named = {name: value for name, value in changes.items() if isinstance(name, str)}
    return function(*(changes.get(place, value) for place, value in enumerate(args)), **{**kwargs, **named})


def _plain(value: object, *, copy: bool | None = None) -> object:
    """Return subclasses of arrays as arrays, tuples' kin as tuples, networks as what they consist of."""
    if isinstance(value, np.ndarray):
        return np.array(value, copy=copy, subok=False)
    if isinstance(value, tuple):
        return tuple(_plain(item, copy=copy) for item in value)
    if isinstance(value, list):
        return [_plain(item, copy=copy) for item in value]
    return described.network(value)


def text_of(problem: BaseException) -> str:
    """Return type, message and the student's own line, bounded."""
    try:
        said, where = str(problem)[:TEXT_LIMIT], ""
        trace = problem.__traceback__
        while trace:
            name = trace.tb_frame.f_code.co_filename
            if name.startswith("<"):
                where = f" (line {trace.tb_lineno} of {name[1:-1]})"
            trace = trace.tb_next
        return f"{type(problem).__name__}: {said}{where}"[:TEXT_LIMIT]
    except BaseException:  # an exception whose __str__ raises
        return "an exception that cannot be shown"
