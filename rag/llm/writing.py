"""A reply as it is written: read in a thread of its own, so that one who waits for it can stop waiting."""

from __future__ import annotations

import contextlib
import contextvars
import logging
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

from rag.llm import failures
from rag.llm.breaker import Attempt, Outcome
from rag.llm.failures import Failure
from rag.llm.line import Line
from rag.llm.tally import Tally
from rag.llm.waiter import current_waiter, nobody_waits
from rag.types import Usage

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk

logger = logging.getLogger("suanlian.llm")
logger.addHandler(logging.NullHandler())  # where nobody logs, no bare event names on stderr: the caller gets the error

# Pieces that are read ahead of whoever checks them. More would only cost tokens where he then closes.
_AHEAD = 64
_CREDENTIALS = re.compile(r"(?<=//)[^/\s@]+@")


@dataclass(frozen=True, slots=True)
class Call:
    """How one reply is asked for.

    ``start`` makes a call to the provider and gives its chunks; ``judge`` says what an exception of its means; ``retries``
    are how often it is tried again before the first piece, the ``wait(n)`` before the n-th (from 0) in seconds;
    ``stall`` seconds without a chunk, once there was one, are too many. ``secret`` is struck out of what is logged.
    """

    start: Callable[[], Iterator[AIMessageChunk]]
    judge: Callable[[BaseException], Failure]
    address: str
    retries: int
    wait: Callable[[int], float]
    stall: float
    secret: str = ""


class Writing(Iterator[str]):
    """The pieces of a reply, in order, as they come: an iterator that can be closed, and a context manager that closes.

    ``usage`` is there once it has ended, where the server counts; ``cut`` says that it ended before the model was done
    (its longest length, a content filter, a connection that ended without a word of why).

    Raises (while it is iterated):
        LanguageModelError: the model ``failed``, or was ``late``: the whole reply was not there after ``seconds``, what
            :meth:`in_time` tells of was not there after ``first`` seconds, or nothing came for a while.
        NobodyWaitsError: whoever it is for has left (:class:`rag.Waiter`).
    """

    def __init__(
        self,
        call: Call,
        attempt: Attempt,
        model: str,
        *,
        seconds: float,
        first: float | None = None,
        impatient: bool = False,
    ) -> None:
        """``impatient``: ``seconds`` are fewer than the model is given by rights; where it takes longer nothing is wrong."""
        now = time.monotonic()
        self._call = call
        self._attempt = attempt
        self._until = now + seconds
        self._impatient = impatient
        self._first = None if first is None else now + first
        self._ended = False
        self._flow = _Flow(self._until if self._first is None else min(self._until, self._first))
        self._tally = Tally(model)
        if waiter := current_waiter():
            waiter.on_leave(self._flow.leave)  # not close of this, which could not be forgotten then
        reading = _Reading(call, self._flow, self._tally)  # holds nothing of this, so that this can be forgotten
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(reading.run,), name="suanlian-llm", daemon=True).start()

    @property
    def usage(self) -> Usage | None:
        """Tokens of the reply, once it has ended; None where the server does not count."""
        return self._tally.usage if self._ended else None

    @property
    def cut(self) -> bool:
        """Whether it ended before the model was done."""
        return self._ended and self._tally.cut

    def in_time(self) -> None:
        """What was waited for has come: from here on only the time for the whole reply counts."""
        self._first = None
        self._flow.until = self._until

    def __iter__(self) -> Writing:
        return self

    def __next__(self) -> str:
        if self._ended:
            raise StopIteration
        due = self._until if self._first is None else min(self._until, self._first)
        try:
            piece = self._flow.take(due, self._call.stall)
        except _UnreadError:
            self._end("neither")  # it is the reader who was late
            raise failures.late(self._call.address) from None
        except TimeoutError:
            cut_short = self._impatient and time.monotonic() >= self._until
            logger.log(
                logging.DEBUG if cut_short else logging.WARNING, "llm_late", extra={"address": self._call.address}
            )
            self._end("neither" if cut_short else "failed")
            raise failures.late(self._call.address) from None
        except _LeftError:
            self._end("neither")
            raise nobody_waits() from None
        if isinstance(piece, str):
            return piece
        if isinstance(piece, Failure):
            self._end("failed" if piece.counts else "neither")
            raise piece.error
        self._end("succeeded")
        raise StopIteration

    def close(self) -> None:
        """Wait no longer: the connection is let go and the thread ends. What was not read yet is lost."""
        self._end("neither")

    def _end(self, outcome: Outcome) -> None:
        self._ended = True
        self._flow.close()
        self._attempt.end(outcome)

    def __enter__(self) -> Writing:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        with contextlib.suppress(Exception):  # a half made one, or an interpreter that goes down
            self.close()


class _LeftError(Exception):
    """Whoever the reply is for has left."""


class _UnreadError(TimeoutError):
    """The time is over and what has come in it was not read."""


class _Flow:
    """What passes from the thread that reads to the one that asks: a short queue, closed by whoever is done first."""

    def __init__(self, until: float) -> None:
        self.line = Line()
        self.until = until
        self._left = False
        self._changed = threading.Condition()
        self._pieces: deque[str | Failure | None] = deque()
        self._whole = False  # all has been read: whoever takes it may take his time
        self._waiting_since: float | None = None  # since when the next chunk is waited for, after the first one

    def put(self, piece: str | Failure | None) -> bool:
        """Hand a piece on, a failure, or None for the end; False where nobody wants it any more, or in time."""
        with self._changed:
            while len(self._pieces) >= _AHEAD and not self.line.is_cut:
                self._waiting_since = None  # for the reader, not for the model
                if (left := self.until - time.monotonic()) <= 0:
                    return False
                self._changed.wait(left)
            if self.line.is_cut:
                return False
            self._pieces.append(piece)
            self._whole = not isinstance(piece, str)
            self._changed.notify_all()
            return True

    def heard(self, *, nothing: bool = False) -> None:
        """A chunk came: the next is waited for from here on; ``nothing`` came where the call is made anew."""
        with self._changed:
            self._waiting_since = None if nothing else time.monotonic()
            self._changed.notify_all()

    def sleep(self, seconds: float) -> bool:
        """Wait; False where nobody wants the reply any more."""
        with self._changed:
            return not self._changed.wait_for(lambda: self.line.is_cut, seconds)

    def take(self, until: float, stall: float) -> str | Failure | None:
        """The next piece.

        Raises:
            TimeoutError: it is not there at ``until``, or no chunk has come for ``stall`` seconds; an _UnreadError where
                pieces are there and are asked for too late. _LeftError: nobody wants it any more.
        """
        with self._changed:
            while not self._pieces:
                if self._left:
                    raise _LeftError
                due = until if self._waiting_since is None else min(until, self._waiting_since + stall)
                if (left := due - time.monotonic()) <= 0:
                    raise TimeoutError
                self._changed.wait(left)
            if time.monotonic() >= until and not self._whole:
                raise _UnreadError
            piece = self._pieces.popleft()
            self._changed.notify_all()
            return piece

    def leave(self) -> None:
        """Nobody wants the reply any more, and whoever takes its pieces is told so."""
        self._left = True
        self.close()

    def close(self) -> None:
        self.line.cut()
        with self._changed:
            self._pieces.clear()
            self._changed.notify_all()


class _Reading:
    """The thread's side: calls the provider, again where that helps, and hands on what it writes."""

    def __init__(self, call: Call, flow: _Flow, tally: Tally) -> None:
        self._call = call
        self._flow = flow
        self._tally = tally

    def run(self) -> None:
        """Until the reply has ended, failed for good, or is not wanted any more."""
        self._flow.line.take()
        for tried in range(self._call.retries + 1):
            if self._flow.line.is_cut:
                return
            begun = wrote = False
            try:
                for text in self._texts():
                    begun = True
                    wrote = wrote or bool(text.strip())
                    if not self._flow.put(text):
                        return
                self._flow.put(None if wrote else self._empty())
                return
            except Exception as error:
                if self._flow.line.is_cut:
                    return  # what breaks when the connection is let go is no failure
                failure = self._call.judge(error)
                again = not begun and failure.passing and tried < self._call.retries
                wait = self._wait(tried, failure) if again else None
                self._log(error, failure, wait)
                if wait is None:
                    self._flow.put(failure)
                    return
            self._flow.heard(nothing=True)
            if not self._flow.sleep(wait):
                return

    def _texts(self) -> Iterator[str]:
        chunks = self._call.start()
        try:
            for chunk in chunks:
                if self._flow.line.is_cut:
                    return
                self._flow.heard()
                self._tally.count(chunk)
                if text := str(chunk.text):
                    yield text
                    self._flow.heard()  # it may have waited for room
        finally:
            if close := getattr(chunks, "close", None):
                close()

    def _wait(self, tried: int, failure: Failure) -> float | None:
        """Seconds until it is tried again; None where the reply would come too late then."""
        wait = max(self._call.wait(tried), failure.retry_after or 0.0)
        return wait if time.monotonic() + wait < self._flow.until else None

    def _empty(self) -> Failure:
        logger.warning("llm_empty", extra={"address": self._call.address})
        return Failure(failures.empty(self._call.address), None, passing=False, counts=True)

    def _log(self, error: Exception, failure: Failure, wait: float | None) -> None:
        """What went wrong, for whoever runs this. The server's own words may repeat what was sent to it, which is not
        logged: they are told to those alone who look for a fault."""
        facts = {"address": self._call.address, "status": failure.status, "error": type(error).__name__}
        if logger.isEnabledFor(logging.DEBUG):
            facts["said"] = _without_secrets(str(error), self._call.secret)[:1000]
        if wait is None:
            logger.warning("llm_failed", extra=facts)
        else:
            logger.info("llm_tried_again", extra={**facts, "seconds": round(wait, 2)})


def _without_secrets(said: str, key: str) -> str:
    """Some servers repeat the key that they refuse, and some clients the address with its password."""
    said = said.replace(key, "***") if key else said
    return _CREDENTIALS.sub("***@", said)
