"""The language that messages to a client are in: Chinese unless ``Accept-Language`` prefers English."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import Scope


def wants_english(scope: Scope) -> bool:
    """Whether a request asks for English."""
    return prefers_english(Headers(scope=scope).get("accept-language", ""))


def prefers_english(accept_language: str) -> bool:
    """Whether the header puts English before Chinese; without it the answer is no."""
    weights = {"zh": 0.0, "en": 0.0}
    for entry in accept_language.split(","):
        tag, _, parameter = entry.strip().partition(";")
        name, _, value = parameter.strip().partition("=")
        try:
            weight = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            continue
        language = tag.strip().lower().partition("-")[0]
        if language in weights:
            weights[language] = max(weights[language], weight)
    return weights["en"] > weights["zh"] or (
        weights["en"] == weights["zh"] > 0 and accept_language.strip().lower().startswith("en")
    )
