"""What is done once before several workers start: the index is built if it is missing, and seen to fit the settings.

It is done in a process of its own, whose memory (the model's, some hundreds of MB) goes when it ends.
"""

from __future__ import annotations

import json
import multiprocessing
import signal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import rag
from rag import Settings, SuanlianError
from suanlian.opening import opened

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
            told: dict[str, Any] = json.loads(ours.recv_bytes())  # and not recv(), which would unpickle
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
    if "refused" in told:
        raise OSError(*told["refused"])
    if "error" in told:
        raise _error(**told["error"])
    return Path(told["file"]) if "file" in told else tuple(told["examples"])


def _prepare(settings: Settings, collection: str | None, answer: Connection) -> None:
    with answer:
        try:
            assistant, examples = opened(settings, collection)
            assistant.close()
            told: dict[str, Any] = {"file": str(examples)} if isinstance(examples, Path) else {"examples": examples}
        except SuanlianError as error:
            told = {"error": _facts(error)}
        except OSError as error:
            named = error.filename and str(error.filename)
            told = {"refused": [error.errno, error.strerror or str(error), named]}
        answer.send_bytes(json.dumps(told).encode())


def _facts(error: SuanlianError) -> dict[str, str | None]:
    """What :func:`_error` makes the error of again: its nearest public class, by which it gets its exit code, and its words."""
    kind = next(base.__name__ for base in type(error).__mro__ if base.__name__ in rag.__all__)
    return {"kind": kind, "code": error.code, "en": error.en, "zh": error.zh, "param": error.param}


def _error(kind: str, code: str, en: str, zh: str, param: str | None) -> SuanlianError:
    public: type[SuanlianError] = getattr(rag, kind)
    error = public.__new__(public, en)  # what a class is made with differs from one to the other
    SuanlianError.__init__(error, en, zh, param=param)
    error.code = code
    return error
