"""Pydantic's findings → one sentence in two languages, and the name of the field as the contract writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST_NAME = 100

# By pydantic's error type; {name} are from the error's context. What is not here gets pydantic's own words.
SENTENCES = {
    "missing": ("缺少这个字段，请补上。", "This field is missing; give it."),
    "extra_forbidden": ("没有这个字段，请检查拼写。", "There is no such field; check its spelling."),
    "string_type": ("应当是字符串。", "It must be a string."),
    "int_type": ("应当是整数。", "It must be a whole number."),
    "int_parsing": ("应当是整数。", "It must be a whole number."),
    "bool_type": ("应当是 true 或 false。", "It must be true or false."),
    "list_type": ("应当是数组。", "It must be an array."),
    "dict_type": ("应当是 JSON 对象。", "It must be a JSON object."),
    "model_type": ("应当是 JSON 对象。", "It must be a JSON object."),
    "model_attributes_type": ("应当是 JSON 对象。", "It must be a JSON object."),
    "too_short": ("至少要有 {min_length} 项。", "It needs at least {min_length} entry."),
    "too_long": ("最多 {max_length} 项，请减少。", "It takes at most {max_length} entries; give fewer."),
    "literal_error": ("只能是 {expected} 之一。", "It must be one of {expected}."),
    "greater_than_equal": ("不能小于 {ge}。", "It must be at least {ge}."),
    "less_than_equal": ("不能大于 {le}。", "It must be at most {le}."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """What a request got wrong. ``param`` is None where it is the body as a whole."""

    status: int
    code: str
    param: str | None
    zh: str
    en: str


def parameter(location: Sequence[str | int]) -> str | None:
    """``("body", "messages", 0, "content")`` → ``"messages[0].content"``.

    >>> parameter(("query", "limit"))
    'limit'
    """
    name = ""
    for part in location[1:]:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else part
    # The name of an unknown field is the client's own: of any length, and perhaps not encodable.
    return name[:LONGEST_NAME].encode("utf-8", "replace").decode() or None


def explain(finding: Mapping[str, Any]) -> BrokenRule:
    """One of ``RequestValidationError.errors()`` as a sentence. The client's own input is never repeated."""
    kind, location, context = finding["type"], finding["loc"], finding.get("ctx") or {}
    if kind == "json_invalid" or (kind == "missing" and tuple(location) == ("body",)):
        return BrokenRule(
            400,
            "malformed_json",
            None,
            "请求体不是有效的 JSON，请检查其语法。",
            "The body is not valid JSON; check its syntax.",
        )
    param = parameter(location)
    if "zh" in context:  # a rule of our own, which brings its words along
        return BrokenRule(422, kind, param or context.get("param"), context["zh"], finding["msg"])
    zh, en = SENTENCES.get(kind, ("不符合要求：" + finding["msg"], finding["msg"]))
    prefix_zh, prefix_en = (f"{param}：", f"{param}: ") if param else ("", "")
    return BrokenRule(
        422, "invalid_request", param, prefix_zh + zh.format_map(context), prefix_en + en.format_map(context)
    )
