"""The child process of :mod:`rag.jobs.reader`: reads one file a line of its input, until that ends.

In: ``{"path", "name", "seconds", "said"}``. Out: ``{"document"}``, or ``{"error": [code, zh, en]}`` for a file that cannot
be read. Both are JSON, a line each.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rag.documents.upload import load_upload
from rag.errors import InputError

MEMORY = 4 << 30  # bytes of address space; a file that unpacks to more than fits is one that cannot be read


def read(asked: dict[str, Any]) -> dict[str, Any]:
    """What is answered to a line."""
    try:
        document = load_upload(asked["name"], Path(asked["path"]).read_bytes(), **asked["said"])
    except InputError as error:
        return {"error": [error.code, error.zh, error.en]}
    return {"document": asdict(document)}


def main() -> None:
    """Answer line after line."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # what a parser prints is no answer
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        if hasattr(signal, "alarm"):  # also where nobody is left to end it
            signal.alarm(asked["seconds"])
        answers.write(json.dumps(read(asked)) + "\n")
        answers.flush()
        if hasattr(signal, "alarm"):
            signal.alarm(0)


if __name__ == "__main__":
    main()
