"""Uploads and what became of them ⇄ rows of the queue's table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from rag.jobs.ingestion import Problem, Result, Spooled, Upload
from rag.jobs.table import Row


def digest_of(collection: str, uploads: Sequence[Upload]) -> str:
    """The same for the same request, however its body was put into bytes."""
    return hashlib.sha256(json.dumps([collection, [packed(upload) for upload in uploads]]).encode()).hexdigest()


def packed(upload: Upload) -> str:
    """An upload as its row holds it: JSON."""
    file = upload.file
    said = [upload.name, upload.key, upload.title, upload.source, upload.published, list(upload.tags), upload.plain]
    return json.dumps([said, [file.number, file.size, file.sha256]])


def unpacked(packed: str) -> Upload:
    """The upload of a row."""
    (name, key, title, source, published, tags, plain), file = json.loads(packed)
    return Upload(name, Spooled(*file), key, title, source, published, tuple(tags), plain)


def columns(result: Result) -> tuple[str | int | None, ...]:
    """What became of a document, as its row holds it: state, id, version, code, zh, en."""
    problem = result.problem
    said = (problem.code, problem.zh, problem.en) if problem else (None, None, None)
    return result.state, result.id, result.version, *said


def result_of(row: Row) -> Result:
    """What a document's row says."""
    problem = Problem(row["code"], row["zh"], row["en"]) if row["code"] else None
    return Result(row["name"], row["key"], row["state"], row["id"], row["version"], problem)
