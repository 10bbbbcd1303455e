"""A ``multipart/form-data`` body, part by part as it arrives: files go to the disk, however large they are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.errors import ApiError
from rag import Incoming, Spooled

MAX_FIELDS = 50
MAX_FIELD_BYTES = 100_000


@dataclass(slots=True)
class Form:
    """What came: each field's values in order, and the files with the names that the sender gave them."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[tuple[str, Spooled]] = field(default_factory=list)


async def read_form(request: Request, incoming: Incoming, *, max_files: int) -> Form:
    """Read a form; its files are put into ``incoming``. A file field that was left blank is not one.

    Raises:
        ApiError: 400 for a body that is not such a form, 413 for more or longer parts than are taken.
        StorageError: the disk refused.
    """
    _, options = parse_options_header(request.headers.get("content-type"))
    reader = _Reader(incoming, max_files)
    try:
        parser = MultipartParser(options.get(b"boundary", b""), reader.callbacks())  # type: ignore[arg-type]
        if not options.get(b"boundary"):
            raise FormParserError("no boundary")
        async for chunk in request.stream():
            if chunk:
                await asyncio.to_thread(parser.write, chunk)
    except FormParserError:
        raise malformed() from None
    if not reader.ended:  # the connection broke, or the closing boundary was left out
        raise malformed()
    return reader.form


def malformed() -> ApiError:
    """400: the form cannot be read."""
    return ApiError(
        400,
        "malformed_form",
        "请求体不是完整的 multipart/form-data 表单，请检查其格式并重新上传。",
        "The body is not a whole multipart/form-data form; check how it is made, and send it again.",
    )


class _Reader:
    """Takes what the parser finds, on whichever thread it runs."""

    def __init__(self, incoming: Incoming, max_files: int) -> None:
        self.form = Form()
        self.ended = False
        self._incoming = incoming
        self._max_files = max_files
        self._header = [b"", b""]  # name, value
        self._disposition = b""
        self._name = ""
        self._filename: str | None = None
        self._value = bytearray()
        self._fields = 0

    def callbacks(self) -> dict[str, Callable[..., Any]]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._extend_header(0, data[start:end]),
            "on_header_value": lambda data, start, end: self._extend_header(1, data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._open,
            "on_part_data": self._take,
            "on_part_end": self._close,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._disposition, self._filename = b"", None
        self._value.clear()

    def _extend_header(self, part: int, data: bytes) -> None:
        self._header[part] += data

    def _end_header(self) -> None:
        name, value = self._header
        if name.lower() == b"content-disposition":
            self._disposition = value
        self._header = [b"", b""]

    def _open(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            self._fields += 1
            if self._fields > MAX_FIELDS:
                raise _too_many("fields", "字段", MAX_FIELDS)
            return
        self._filename = _decoded(options[b"filename"])
        if len(self.form.files) == self._max_files:
            raise _too_many("files", "文件", self._max_files)
        self._incoming.begin()

    def _take(self, data: bytes, start: int, end: int) -> None:
        if self._filename is not None:
            self._incoming.write(data[start:end])
            return
        self._value += data[start:end]
        if len(self._value) > MAX_FIELD_BYTES:
            raise ApiError(
                413,
                "field_too_large",
                f"表单字段超过 {MAX_FIELD_BYTES} 字节；正文请作为文件上传。",
                f"A form field is over {MAX_FIELD_BYTES} bytes; send long text as a file.",
            )

    def _close(self) -> None:
        if self._filename is None:
            self.form.fields.setdefault(self._name, []).append(self._value.decode("utf-8", "replace"))
            return
        file = self._incoming.end()
        if self._filename or file.size:  # a browser sends an empty part for a field without a file
            self.form.files.append((self._filename, file))

    def _end(self) -> None:
        self.ended = True


def _decoded(name: bytes) -> str:
    """A name in UTF-8, or as some programs on a Chinese Windows send it."""
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("gb18030", "replace")


def _too_many(what: str, zh: str, limit: int) -> ApiError:
    return ApiError(
        413,
        f"too_many_{what}",
        f"一次最多上传 {limit} 个{zh}，请分几次上传。",
        f"A request may hold at most {limit} {what}; send them in several requests.",
        headers={"Connection": "close"},
    )
