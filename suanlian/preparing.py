"""What is done once before several workers start: the index is built if it is missing, and seen to fit the settings.

It is done in a process of its own, whose memory (the model's, some hundreds of MB) goes when it ends.
"""

from __future__ import annotations

import multiprocessing
import signal
from multiprocessing.connection import Connection
from pathlib import Path

from rag import Settings, SuanlianError

Examples = Path | tuple[str, ...]


def prepare(settings: Settings, collection: str | None = None) -> Examples:
    """Build and check the index; gives the examples that the page shows.

    Args:
        collection: the one named on the command line, which must exist.

    Raises:
        SuanlianError, OSError: what went wrong there. KeyboardInterrupt: it was stopped; what was built stays.
    """
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_prepare, args=(settings, collection, theirs), name="suanlian-prepare")
    # Ctrl-C is answered here; a child that starts with it ignored goes on ignoring it.
    answering = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process.start()
    finally:
        signal.signal(signal.SIGINT, answering)
    theirs.close()
    with ours:
        try:
            outcome: Examples | tuple[type[SuanlianError], dict[str, object]] | OSError = ours.recv()
        except EOFError:
            raise SuanlianError(
                "Opening the index ended without a word (out of memory?); run `suanlian doctor`.",
                "打开索引的进程意外结束（内存不足？）；请运行 `suanlian doctor`。",
            ) from None
        except BaseException:
            process.terminate()
            raise
        finally:
            process.join()
            process.close()
    if isinstance(outcome, OSError):
        raise outcome
    if isinstance(outcome, tuple) and outcome and isinstance(outcome[0], type):
        raise _error(*outcome)
    return outcome


def _prepare(settings: Settings, collection: str | None, answer: Connection) -> None:
    from suanlian.cli import opened

    with answer:
        try:
            assistant, examples = opened(settings, collection)
            assistant.close()
            answer.send(examples)
        except SuanlianError as error:
            answer.send((type(error), vars(error)))  # an error's own arguments differ from class to class
        except OSError as error:
            answer.send(error)


def _error(kind: type[SuanlianError], facts: dict[str, object]) -> SuanlianError:
    error = kind.__new__(kind, facts["en"])
    vars(error).update(facts)
    return error
