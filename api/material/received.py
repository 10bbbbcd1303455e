"""What an upload may hold, as a form or as JSON → the documents to put into the queue."""

from __future__ import annotations

import asyncio
import json
import unicodedata
from pathlib import PurePosixPath
from typing import Annotated, Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from api.errors import ApiError
from api.material.media_types import is_json, media_type, unsupported
from api.material.multipart import Form, read_form
from api.schemas import Day, Strict, Text, storable
from rag import Incoming, Spooled, Upload, file_suffixes

MAX_JSON_BYTES = 16_000_000
MAX_TAGS, TAG_CHARS, LINE_CHARS = 100, 100, 2000
TEXT_SUFFIXES = frozenset({".md", ".markdown", ".txt", ".text", ".html", ".htm"})
UNNAMED = "unnamed"
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})  # control characters, halves of surrogate pairs, separators of lines
# What would turn the rest of a line around, so that a name shows another suffix than it has.
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _line(longest: int, what: str, *, empty: bool) -> Any:
    def check(text: str) -> str:
        storable(text)
        if what == "key" and any(unicodedata.category(c) in _UNSEEN for c in text):
            raise PydanticCustomError(
                "key_invalid",
                "It holds control characters; a key is one line of text.",
                {"zh": "含有控制字符；key 应为一行文字。"},
            )
        told = "".join(" " if unicodedata.category(c) in _UNSEEN else c for c in text).strip()
        if not told and not empty:
            raise PydanticCustomError(
                f"{what}_empty",
                "It is empty; write something or leave the field out.",
                {"zh": "内容为空，请写点什么，或不要这个字段。"},
            )
        if len(told) > longest:
            raise PydanticCustomError(
                f"{what}_too_long",
                f"It has {len(told)} characters; the limit is {longest}. Shorten it.",
                {"zh": f"有 {len(told)} 个字符，最多 {longest} 个，请缩短。"},
            )
        return told

    return AfterValidator(check)


Key = Annotated[str, _line(Upload.MAX_KEY, "key", empty=False)]
Line = Annotated[str, _line(LINE_CHARS, "text", empty=True)]
Tag = Annotated[str, _line(TAG_CHARS, "tag", empty=False)]


class UploadFields(Strict):
    """What the sender says of a document, or of all the files of a form."""

    key: Key | None = Field(
        default=None,
        description="the sender's own name for the document: the same key with other content is a new version. Without "
        "one, other content is another document.",
    )
    title: Line = Field(default="", description="in place of the title that is read in the document")
    source: Line = Field(default="", description="where it is from, such as a URL")
    published: Day = Field(default="", description="ISO date, e.g. 2024-01-31", examples=["2024-01-31"])
    tags: list[Tag] = Field(default=[], max_length=MAX_TAGS)
    collection: str | None = Field(
        default=None, max_length=200, description="without it, the service's or the key's own"
    )


class TextUpload(UploadFields):
    """A document as text. It is stored character for character, unless its key ends like a text file's name (`.md`,
    `.html`, `.txt`): then it is read as that format."""

    text: Text


_Fields = TypeVar("_Fields", bound=UploadFields)


async def received(request: Request, incoming: Incoming, *, max_files: int) -> tuple[str | None, list[Upload]]:
    """The collection that a request names, and the documents in it; their bytes are in ``incoming``.

    Raises:
        ApiError: 400, 413, 415; RequestValidationError: 422; StorageError: the disk refused.
    """
    kind = media_type(request)
    if kind == "multipart/form-data":
        return _of_form(await read_form(request, incoming, max_files=max_files))
    if is_json(kind):
        body = await _read_json(request)
        return await asyncio.to_thread(_of_json, body, incoming)  # parsed, and written, off the event loop
    raise unsupported(
        "请以 multipart/form-data 上传文件，或以 application/json 发送文本。",
        "Send files as multipart/form-data, or a text as application/json.",
    )


async def _read_json(request: Request) -> bytearray:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_JSON_BYTES:
            raise ApiError(
                413,
                "body_too_large",
                f"JSON 请求体超过 {MAX_JSON_BYTES} 字节，请把正文作为文件上传。",
                f"The JSON body is over {MAX_JSON_BYTES} bytes; send the text as a file.",
                headers={"Connection": "close"},
            )
    return body


def _of_json(body: bytearray, incoming: Incoming) -> tuple[str | None, list[Upload]]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise ApiError(
            400,
            "malformed_json",
            "请求体不是有效的 JSON，请检查其语法。",
            "The body is not valid JSON; check its syntax.",
        ) from None
    said = _checked(TextUpload, told)
    key = said.key or ""
    read_as_file = PurePosixPath(key).suffix.lower() in TEXT_SUFFIXES
    name = label(key) if read_as_file else _named(said, key)
    file = incoming.put(said.text.encode())
    return said.collection, [_upload(name, file, said, plain=not read_as_file)]


def _named(said: TextUpload, key: str) -> str:
    """What a text without a file is called: its title, its key, or how it begins."""
    return _shortened(said.title or key or _clean(said.text.strip()[: Upload.MAX_NAME].splitlines()[0])) or UNNAMED


def _of_form(form: Form) -> tuple[str | None, list[Upload]]:
    fields: dict[str, Any] = {name: values[0] for name, values in form.fields.items() if name != "tags"}
    if listed := form.fields.get("tags"):
        tags = (tag.strip() for value in listed for tag in value.replace("，", ",").split(","))
        fields["tags"] = [tag for tag in tags if tag]
    twice = next((name for name, values in form.fields.items() if name != "tags" and len(values) > 1), None)
    said = _checked(UploadFields, fields)
    if twice:
        raise _broken(twice, "这个字段给出了多次，请只给一次。", "This field is given more than once; give it once.")
    if not form.files:
        raise _broken("file", "没有收到文件，请至少选择一个。", "No file was sent; choose at least one.", "no_files")
    if said.key is not None and len(form.files) > 1:
        raise _broken("key", "key 只能用于一个文件，请逐个上传。", "A key is for one file; send each on its own.")
    names = [label(name) for name, _ in form.files]
    if not any(PurePosixPath(name).suffix.lower() in file_suffixes() for name in names):
        listed_suffixes = " ".join(file_suffixes())
        raise ApiError(
            415,
            "unsupported_format",
            f"不支持这种文件格式；支持的文件后缀：{listed_suffixes}。",
            f"Files of this format are not read; those with these suffixes are: {listed_suffixes}.",
            param="file",
        )
    files = [file for _, file in form.files]
    return said.collection, [_upload(name, file, said) for name, file in zip(names, files, strict=True)]


def _upload(name: str, file: Spooled, said: UploadFields, *, plain: bool = False) -> Upload:
    return Upload(
        name=name,
        file=file,
        key=said.key or "",
        title=said.title,
        source=said.source,
        published=said.published,
        tags=tuple(dict.fromkeys(said.tags)),
        plain=plain,
    )


def label(name: str) -> str:
    """A file's name as it is shown: the last part of a path, without what no line of text holds, and not too long.

    >>> label("C:\\\\notes\\\\..\\\\tea\\n.md")
    'tea.md'
    """
    shown = _clean(name).replace("\\", "/").rstrip("/").rpartition("/")[2].strip()
    return _shortened(shown) if shown.strip(".") else UNNAMED


def _clean(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) not in _UNSEEN and c not in _TURNING)


def _shortened(name: str) -> str:
    suffix = PurePosixPath(name).suffix
    if len(name) > Upload.MAX_NAME and len(suffix) < Upload.MAX_NAME:
        return name[: Upload.MAX_NAME - len(suffix)] + suffix
    return name[: Upload.MAX_NAME]


def _checked(model: type[_Fields], body: Any) -> _Fields:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in error.errors()]) from None


def _broken(param: str, zh: str, en: str, code: str = "invalid_request") -> ApiError:
    return ApiError(422, code, zh, en, param=param[:100])
