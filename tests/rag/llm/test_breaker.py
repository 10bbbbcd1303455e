from __future__ import annotations

import contextlib
import threading

import pytest

from rag.llm.breaker import BreakerOpen, CircuitBreaker


class Time:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def breaker(time: Time) -> CircuitBreaker:
    return CircuitBreaker(3, 30, clock=time)


def fail(breaker: CircuitBreaker, times: int) -> None:
    for _ in range(times):
        breaker.enter().end("failed")


def test_failures_in_a_row_open_it(breaker: CircuitBreaker, time: Time) -> None:
    fail(breaker, 2)
    assert (breaker.state, breaker.retry_after) == ("closed", 0)
    fail(breaker, 1)
    assert (breaker.state, breaker.retry_after) == ("open", 30)
    time.now += 12
    with pytest.raises(BreakerOpen) as caught:
        breaker.enter()
    assert caught.value.retry_after == breaker.retry_after == 18


def test_a_success_between_them_begins_the_count_anew_and_neither_does_not(breaker: CircuitBreaker) -> None:
    fail(breaker, 2)
    breaker.enter().end("succeeded")
    fail(breaker, 2)
    assert breaker.state == "closed"
    breaker.enter().end("neither")
    fail(breaker, 1)
    assert breaker.state == "open"


@pytest.mark.parametrize(("outcome", "state"), [("succeeded", "closed"), ("failed", "open"), ("neither", "half_open")])
def test_after_the_pause_one_call_tries_it(breaker: CircuitBreaker, time: Time, outcome: str, state: str) -> None:
    fail(breaker, 3)
    time.now += 30
    assert (breaker.state, breaker.retry_after) == ("half_open", 0)
    trying = breaker.enter()
    with pytest.raises(BreakerOpen) as caught:
        breaker.enter()
    assert caught.value.retry_after == breaker.retry_after == 1
    trying.end(outcome)  # type: ignore[arg-type]
    assert breaker.state == state
    if state != "open":
        breaker.enter().end("succeeded")
        assert breaker.state == "closed"
        fail(breaker, 2)
        assert breaker.state == "closed"
    else:
        assert breaker.retry_after == 30


def test_only_the_first_outcome_of_a_call_counts(breaker: CircuitBreaker) -> None:
    attempt = breaker.enter()
    for _ in range(5):
        attempt.end("failed")
    assert breaker.state == "closed"
    attempt = breaker.enter()
    attempt.end("neither")
    attempt.end("succeeded")
    fail(breaker, 2)
    assert breaker.state == "open"


def test_a_call_from_before_it_opened_shows_nothing(breaker: CircuitBreaker, time: Time) -> None:
    old, other = breaker.enter(), breaker.enter()
    fail(breaker, 3)
    old.end("succeeded")
    assert breaker.state == "open"
    time.now += 30
    trying = breaker.enter()
    other.end("failed")
    assert breaker.state == "half_open"
    trying.end("succeeded")
    assert breaker.state == "closed"


def test_of_many_threads_one_tries_it(breaker: CircuitBreaker, time: Time) -> None:
    fail(breaker, 3)
    time.now += 30
    through: list[object] = []
    begin = threading.Barrier(16)

    def call() -> None:
        begin.wait()
        with contextlib.suppress(BreakerOpen):
            through.append(breaker.enter())

    threads = [threading.Thread(target=call) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(through) == 1
