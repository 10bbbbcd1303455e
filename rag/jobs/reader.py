"""Files of formats that can take a parser's time or memory without end, read in a process of their own: it may hang, die
or be killed, and the service goes on answering."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from rag.errors import FileError, InputError
from rag.types import Block, Document

APART = frozenset({".pdf", ".docx"})
READ_SECONDS = 300
_ROOT = Path(__file__).resolve().parents[2]


class Reader:
    """Starts its process at the first file, and keeps it until :meth:`close`. For one thread at a time; ``close`` may come
    from any, and ends what is being read."""

    def __init__(self, *, seconds: int = READ_SECONDS) -> None:
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None

    def read(self, path: Path, name: str, said: Mapping[str, str | Sequence[str]]) -> Document:
        """The document in a file, as ``load_upload`` reads its bytes.

        Raises:
            InputError: it cannot be read, or not within ``seconds`` and the memory that there is.
        """
        asked = {"path": str(path), "name": name, "seconds": self._seconds + 5, "said": said}
        line = self._ask(json.dumps(asked).encode() + b"\n")
        answer = json.loads(line) if line.endswith(b"\n") else {}
        if "document" in answer:
            return _document(answer["document"])
        if answer:
            raise _refused(answer["error"])
        self.close()
        raise _too_much(name)

    def _ask(self, line: bytes) -> bytes:
        child = self._child = self._child or _started()
        assert child.stdin is not None
        assert child.stdout is not None
        limit = threading.Timer(self._seconds, child.kill)
        limit.start()
        try:
            child.stdin.write(line)
            child.stdin.flush()
            return child.stdout.readline()
        except (OSError, ValueError):  # it is gone, or was closed
            return b""
        finally:
            limit.cancel()

    def close(self) -> None:
        """End the process; a later :meth:`read` starts another."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    with suppress(OSError):  # what was not yet written cannot be any more
                        pipe.close()


def _started() -> subprocess.Popen[bytes]:
    places = filter(None, (str(_ROOT), os.environ.get("PYTHONPATH")))
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "rag.jobs.reading"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
    )


def _document(told: dict[str, Any]) -> Document:
    blocks = [
        {
            **block,
            "header": block["header"] and tuple(block["header"]),
            "turns": tuple((at, number) for at, number in block["turns"]),
        }
        for block in told["blocks"]
    ]
    lists = {name: tuple(told[name]) for name in ("tags", "terms")}
    return Document(**{**told, **lists, "blocks": tuple(Block(**block) for block in blocks)})


def _refused(error: Sequence[str]) -> InputError:
    code, zh, en = error
    refused = FileError(en, zh)
    refused.code = code
    return refused


def _too_much(name: str) -> FileError:
    return FileError(
        f"{name} takes too long or too much memory to read; split it, or save it anew, and send it again.",
        f"读取 {name} 用时过长或占用内存过多；请拆分或重新保存后再上传。",
    )
