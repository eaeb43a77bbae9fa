"""Interrupts a student's own call that takes too long, in the notebook's very process.

A thread waits beside the call and then has the interpreter raise an exception in it, which works on every platform
with threads. In a browser there are none: there the page's *Stop* ends what does not end.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

AGAIN = 0.2  # seconds; a bare `except:` may have caught the first one


class StoppedError(BaseException):
    """The time is over; no ``except Exception`` of a student's catches it."""


class _Watch:
    """Ends what runs above a frame of one thread."""

    def __init__(self, frame: FrameType) -> None:
        self.thread, self.frame = threading.get_ident(), frame
        self.done, self.turn = threading.Event(), threading.Lock()

    def wait(self, seconds: float) -> None:
        """Interrupt when the time is over, and again, until it is over."""
        while not self.done.wait(seconds):
            with self.turn:
                # What ends the call may itself be interrupted, and then tells nobody.
                if self.done.is_set() or not self._goes_on():
                    return
                _raise_in(self.thread, StoppedError)
            seconds = AGAIN

    def _goes_on(self) -> bool:
        frame = sys._current_frames().get(self.thread)
        while frame and frame is not self.frame:
            frame = frame.f_back
        return frame is not None

    def end(self) -> None:
        """Let nothing come any more, also not what is on its way."""
        with self.turn:
            self.done.set()
            _raise_in(self.thread, None)


def _raise_in(thread: int, kind: type[BaseException] | None) -> None:
    import ctypes  # noqa: PLC0415 - where there are no threads there may be none of this either

    target = ctypes.py_object(kind) if kind else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), target)


def limited(seconds: float, function: Callable[..., Any], *args: Any) -> Any:
    """Return what a call returns; where there are no threads, let it take its time.

    >>> def forever():
    ...     while True:
    ...         pass
    >>> limited(0.1, forever)
    Traceback (most recent call last):
        ...
    autograder.ticking.StoppedError

    Raises
    ------
    StoppedError
        In the call, and so from here, unless the call catches it, when the time is over.
    """
    watch = _Watch(sys._getframe())
    try:
        threading.Thread(target=watch.wait, args=(seconds,), daemon=True).start()
    except RuntimeError:  # no threads here
        return function(*args)
    try:
        return function(*args)
    finally:
        watch.end()
