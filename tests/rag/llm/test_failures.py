from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from rag.llm.failures import empty, failure_of, late, paused

AT = ("http://127.0.0.1:8080/v1", "a-model")


class Answered(Exception):
    """As anthropic's, groq's and others': the status stands in the error."""

    def __init__(self, status: int, headers: dict[str, str] | None = None) -> None:
        super().__init__("said the server")
        self.status_code = status
        self.response = httpx.Response(status, headers=headers)


class Coded(Exception):
    code = 503


def caused(error: Exception) -> Exception:
    """``error``, under one that tells nothing."""
    try:
        raise ValueError("no generation") from error
    except ValueError as outer:
        return outer


REQUEST = httpx.Request("POST", "http://127.0.0.1")


@pytest.mark.parametrize(
    ("error", "status", "passing", "counts"),
    [
        (Answered(400), 400, False, False),
        (Answered(422), 422, False, False),
        (Answered(401), 401, False, True),
        (Answered(429), 429, True, True),
        (Answered(529), 529, True, True),
        (Coded(), 503, True, True),
        (httpx.HTTPStatusError("x", request=REQUEST, response=httpx.Response(404)), 404, False, True),
        (httpx.ConnectError("x"), None, True, True),
        (httpx.ReadTimeout("x"), None, True, True),
        (httpx.RemoteProtocolError("x"), None, True, True),
        (ConnectionResetError("x"), None, True, True),
        (caused(httpx.ReadError("x")), None, True, True),
        (ValueError("x"), None, False, True),
        (KeyError("choices"), None, False, True),
    ],
)
def test_what_an_error_of_a_provider_means(error: Exception, status: int | None, passing: bool, counts: bool) -> None:
    failure = failure_of(error, *AT)
    assert (failure.status, failure.passing, failure.counts) == (status, passing, counts)
    assert AT[0] in failure.error.en and AT[0] in failure.error.zh
    assert "said the server" not in failure.error.en
    assert failure.error.reason == ("late" if isinstance(error, httpx.TimeoutException) else "failed")


def test_a_connection_that_does_not_come_about_is_no_lateness() -> None:
    assert "cannot be reached" in failure_of(httpx.ConnectTimeout("x"), *AT).error.en


@pytest.mark.parametrize(
    ("told", "least", "most"), [("7", 7, 7), ("0.5", 0.5, 0.5), ("-3", 0, 0), ("soon", None, None)]
)
def test_how_long_the_server_asks_to_wait(told: str, least: float | None, most: float | None) -> None:
    wait = failure_of(Answered(429, {"Retry-After": told}), *AT).retry_after
    assert wait == least == most


def test_the_wait_may_be_a_date() -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    wait = failure_of(Answered(503, {"Retry-After": at}), *AT).retry_after
    assert wait is not None and 60 < wait <= 100
    past = format_datetime(datetime.now(UTC) - timedelta(seconds=100), usegmt=True)
    assert failure_of(Answered(503, {"Retry-After": past}), *AT).retry_after == 0


def test_the_other_errors_say_what_they_are() -> None:
    assert late(AT[0]).reason == "late"
    assert empty(AT[0]).reason == "failed"
    told = paused(29.6)
    assert (told.reason, told.retry_after) == ("paused", 29.6)
    assert "30 s" in told.en and "30 秒" in told.zh
