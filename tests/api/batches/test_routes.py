import json
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from api import create_app
from api.batches import runner as batch_runner
from api.batches import store as batch_store
from rag import Answer, LanguageModelError, Settings
from tests.api.fake import FakeAssistant, as_assistant
from tests.api.live import URL, running, wait_ready

JSONL = {"Content-Type": "application/x-ndjson"}


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_runner, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(batch_runner, "TELL_SECONDS", 0.0)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        index=tmp_path / "index", max_question_chars=50, max_body_bytes=1000, max_batch_bytes=5000, max_batch_lines=20
    )


@pytest.fixture
def fake(settings: Settings) -> FakeAssistant:
    return FakeAssistant(settings)


@pytest.fixture
def client(fake: FakeAssistant, settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(as_assistant(fake), settings), base_url=URL) as client:
        wait_ready(client)
        yield client
        fake.release.set()


def jsonl(*rows: object) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows).encode()


def made(client: TestClient | httpx.Client, *rows: object, **headers: str) -> dict[str, Any]:
    reply = client.post("/v1/batches", content=jsonl(*rows), headers={**JSONL, **headers})
    assert reply.status_code == 202, reply.text
    assert reply.headers["location"] == f"/v1/batches/{reply.json()['id']}"
    return dict(reply.json())


def until(client: TestClient | httpx.Client, id: str, state: str) -> dict[str, Any]:
    for _ in range(1000):
        status = client.get(f"/v1/batches/{id}").json()
        if status["state"] == state:
            return dict(status)
        time.sleep(0.01)
    raise AssertionError(status)


def results(client: TestClient | httpx.Client, id: str, **headers: str) -> list[dict[str, Any]]:
    reply = client.get(f"/v1/batches/{id}/results", headers=headers)
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in reply.content.split(b"\n") if line]


def code(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["error"]["code"]


def test_questions_are_answered_in_their_order(client: TestClient, fake: FakeAssistant) -> None:
    talk = [{"role": "user", "content": "有茶园吗"}, {"role": "assistant", "content": "有"}]
    rows = (
        {"id": "a", "question": "谁在种茶？"},
        {"id": "b", "messages": [*talk, {"role": "user", "content": "面积多少？"}], "grade": 2},
        "这不是 JSON",
        "",
        {"id": "d", "question": "茶" * 51},
        {"question": "最早何时开垦？"},
        {"question": "故障在哪里？"},
    )
    batch = made(client, *rows)
    assert batch["state"] == "queued"
    assert batch["total"] == 6
    assert batch["collection"] == "default"
    status = until(client, batch["id"], "done")
    assert (status["done"], status["failed"], status["refused"], status["eta"]) == (6, 3, 1, None)
    assert status["created"] <= status["finished"]
    found = results(client, batch["id"])
    assert [(r["id"], r["line"]) for r in found] == [("a", 1), ("b", 2), ("3", 3), ("d", 5), ("6", 6), ("7", 7)]
    assert [r["error"]["code"] if "error" in r else None for r in found] == [
        None, None, "malformed_json", "question_too_long", None, "internal_error",
    ]  # fmt: skip
    assert found[1]["extra"] == {"grade": 2}
    alone = client.post("/v1/chat", json={"question": "谁在种茶？"}).json()
    assert found[0]["reply"] == alone  # the very reply of /v1/chat
    assert "secret" not in json.dumps(found)
    english = results(client, batch["id"], **{"Accept-Language": "en"})
    assert "characters" in english[3]["error"]["message"]
    assert "个字" in found[3]["error"]["message"]


def test_mode_and_top_k_are_the_batchs(client: TestClient, fake: FakeAssistant) -> None:
    reply = client.post("/v1/batches?mode=extractive&top_k=3", content=jsonl({"question": "谁在种茶？"}), headers=JSONL)
    until(client, reply.json()["id"], "done")
    assert [(call["mode"], call["top_k"]) for call in fake.calls] == [("extractive", 3)]


def test_a_mode_that_cannot_be_had_is_refused_before_a_line_is_taken(client: TestClient, settings: Settings) -> None:
    reply = client.post("/v1/batches?mode=llm", content=jsonl({"question": "谁在种茶？"}), headers=JSONL)
    assert code(reply) == (409, "llm_not_configured")
    assert reply.json()["error"]["param"] == "mode"
    assert client.get("/v1/batches").json() == {"batches": []}
    assert not (settings.index / ".batches").exists()


def test_the_newest_are_listed_first(client: TestClient) -> None:
    ids = [made(client, {"question": f"第{n}问"})["id"] for n in range(3)]
    assert [batch["id"] for batch in client.get("/v1/batches").json()["batches"]] == ids[::-1]


def test_stopping_a_batch_keeps_what_was_answered(client: TestClient, fake: FakeAssistant) -> None:
    rows = [{"question": "谁在种茶？"}, *({"question": f"慢{n}"} for n in range(15))]
    id = made(client, *rows)["id"]
    for _ in range(2):
        assert fake.started.acquire(timeout=10)
    reply = client.get(f"/v1/batches/{id}/results")
    assert reply.headers["x-batch-state"] == "running"
    assert client.delete(f"/v1/batches/{id}").json()["state"] == "cancelled"
    fake.release.set()
    status = client.get(f"/v1/batches/{id}").json()
    assert status["finished"] is not None
    other = made(client, {"question": "谁在种茶？"})["id"]  # the next one is taken up
    until(client, other, "done")
    assert len(fake.calls) < 10
    assert results(client, id)[0]["reply"]["answer"]
    assert client.delete(f"/v1/batches/{other}").json()["state"] == "done"  # what is over stays so
    assert client.get(f"/v1/batches/{other}/results").headers["x-batch-state"] == "done"


def test_a_service_that_starts_again_goes_on(fake: FakeAssistant, settings: Settings) -> None:
    rows = [{"question": f"{'慢' if n == 5 else '谁'}{n}"} for n in range(12)]
    app = create_app(as_assistant(fake), settings)
    with TestClient(app, base_url=URL) as client:
        wait_ready(client)
        id = made(client, *rows)["id"]
        until_asked(fake, "慢5")
        stopper = threading.Timer(0.2, fake.release.set)
        stopper.start()
    before = [call["question"] for call in fake.calls]
    assert "慢5" in before
    assert len(before) < 12
    again = FakeAssistant(settings)
    with TestClient(create_app(as_assistant(again), settings), base_url=URL) as client:
        wait_ready(client)
        assert until(client, id, "done")["done"] == 12
        assert [r["question"] for r in results(client, id)] == [row["question"] for row in rows]
    assert sorted(before + [call["question"] for call in again.calls]) == sorted(row["question"] for row in rows)


def until_asked(fake: FakeAssistant, question: str) -> None:
    for _ in range(1000):
        if question in [call["question"] for call in fake.calls]:
            return
        time.sleep(0.01)
    raise AssertionError(fake.calls)


def test_several_workers_share_the_batches_and_none_asks_what_another_did(settings: Settings) -> None:
    fakes = [FakeAssistant(settings), FakeAssistant(settings)]
    free = settings.model_copy(update={"port": 0})
    with (
        running(free, fakes[0]) as one,
        running(free, fakes[1]) as two,
        httpx.Client(base_url=one, trust_env=False) as first,
        httpx.Client(base_url=two, trust_env=False) as second,
    ):
        for client in (first, second):
            until_ready(client)
        batches = [made(first, *({"question": f"谁{b}-{n}"} for n in range(8)))["id"] for b in range(6)]
        for id in batches:
            until(second, id, "done")
            assert results(second, id) == results(first, id)
    asked = sorted(call["question"] for fake in fakes for call in fake.calls)
    assert asked == sorted(f"谁{b}-{n}" for b in range(6) for n in range(8))


def until_ready(client: httpx.Client) -> None:
    for _ in range(1000):
        if client.get("/readyz").status_code == 200:
            return
        time.sleep(0.01)
    raise AssertionError


def test_a_batch_waits_while_somebody_asks(
    client: TestClient, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_runner, "YIELD_SECONDS", 30.0)
    own = threading.Thread(target=lambda: client.post("/v1/chat", json={"question": "慢慢答"}))
    own.start()
    assert fake.started.acquire(timeout=10)
    id = made(client, {"question": "谁在种茶？"})["id"]
    until(client, id, "running")
    assert [call["question"] for call in fake.calls] == ["慢慢答"]
    fake.release.set()
    until(client, id, "done")
    own.join()


def test_what_is_no_batch_is_one_sentence(client: TestClient, settings: Settings) -> None:
    post = lambda content, headers=JSONL: code(client.post("/v1/batches", content=content, headers=headers))  # noqa: E731
    assert post(b" \n\r\n") == (422, "batch_empty")
    assert post(b"") == (422, "batch_empty")
    assert post(b"{}", {"Content-Type": "application/json"}) == (415, "unsupported_media_type")
    assert post(b"{}\n" * 21) == (413, "too_many_lines")
    assert post(b"x" * 5001) == (413, "body_too_large")
    assert post(iter([b"x" * 3000, b"x" * 3000])) == (413, "body_too_large")
    assert code(client.post("/v1/batches?collection=none", content=b"{}", headers=JSONL)) == (
        404,
        "collection_not_found",
    )
    assert code(client.post("/v1/batches?mode=quick", content=b"{}", headers=JSONL)) == (422, "invalid_request")
    for id in ("bat_" + "0" * 24, "..", "bat_%2e%2e", "x"):
        for method, path in (("GET", ""), ("GET", "/results"), ("DELETE", "")):
            assert client.request(method, f"/v1/batches/{id}{path}").status_code in (404, 405)
    left = settings.index / batch_store.FOLDER
    assert not list(left.iterdir())  # nothing of what was refused
    # A body larger than other routes take is taken here.
    assert made(client, *({"question": "茶" * 40} for _ in range(15)))["total"] == 15


def test_a_disk_that_refuses_is_no_bug(client: TestClient, settings: Settings) -> None:
    settings.index.mkdir()
    (settings.index / batch_store.FOLDER).write_text("")  # where a folder is to be
    refused = client.post("/v1/batches", content=jsonl({"question": "谁"}), headers=JSONL)
    assert code(refused) == (503, "storage_error")
    assert str(settings.index) not in refused.text


def test_a_batch_is_found_below_another_application(fake: FakeAssistant, settings: Settings) -> None:
    with TestClient(create_app(as_assistant(fake), settings), base_url=URL, root_path="/below") as client:
        wait_ready(client)
        reply = client.post("/v1/batches", content=jsonl({"question": "谁在种茶？"}), headers=JSONL)
        assert reply.headers["location"] == f"/below/v1/batches/{reply.json()['id']}"


def test_a_repeated_request_makes_one_batch(client: TestClient) -> None:
    key = {"Idempotency-Key": "k1"}
    first = made(client, {"question": "谁在种茶？"}, **key)
    assert made(client, {"question": "谁在种茶？"}, **key)["id"] == first["id"]
    other = client.post("/v1/batches", content=jsonl({"question": "另一问"}), headers={**JSONL, **key})
    assert code(other) == (422, "idempotency_key_reused")
    assert made(client, {"question": "谁在种茶？"})["id"] != first["id"]
    unseen = client.post(
        "/v1/batches", content=jsonl({"question": "谁"}), headers={**JSONL, "Idempotency-Key": "a" * 256}
    )
    assert code(unseen) == (422, "invalid_idempotency_key")
    assert len(client.get("/v1/batches").json()["batches"]) == 2


def test_a_batch_is_seen_by_who_made_it_and_by_who_runs_the_service(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.guard import caller

    who = {"caller": caller.Caller("one", frozenset({"ask"}))}
    monkeypatch.setattr(caller, "caller_of", lambda request: who["caller"])
    id = made(client, {"question": "谁在种茶？"})["id"]
    path = f"/v1/batches/{id}"
    assert client.get(path).status_code == 200
    for other, status in (
        (caller.Caller("two", frozenset({"ask"})), 404),
        (caller.Caller("two", frozenset({"ask", "ops"})), 200),
        (caller.Caller("one", frozenset({"ask"}), ("elsewhere",)), 404),
        (caller.Caller("one", frozenset({"write"})), 403),
    ):
        who["caller"] = other
        replies = client.get(path), client.get(f"{path}/results"), client.delete(path)
        assert [reply.status_code for reply in replies] == [status] * 3
        if status != 403:
            assert len(client.get("/v1/batches").json()["batches"]) == (status == 200)


def test_too_many_unfinished_batches_are_told_to_wait(
    client: TestClient, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.batches.routes.MOST_UNFINISHED", 2)
    ids = [made(client, {"question": f"慢{n}"})["id"] for n in range(2)]
    refused = client.post("/v1/batches", content=jsonl({"question": "甲"}), headers=JSONL)
    assert code(refused) == (429, "too_many_batches")
    assert refused.headers["retry-after"]
    client.delete(f"/v1/batches/{ids[1]}")
    assert made(client, {"question": "甲"})


def test_old_batches_go_and_new_ones_stay(
    client: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = batch_store.BatchStore(settings.index)
    old = made(client, {"question": "谁在种茶？"})["id"]
    until(client, old, "done")
    half = store.upload()
    store.prune()
    assert half.exists()
    later = time.time() + batch_store.KEPT_SECONDS + 60
    monkeypatch.setattr(batch_store.time, "time", lambda: later)
    new = made(client, {"question": "谁在种茶？"})["id"]
    until(client, new, "done")
    store.prune()
    assert not half.exists()
    assert [batch["id"] for batch in client.get("/v1/batches").json()["batches"]] == [new]
    assert not (settings.index / batch_store.FOLDER / old).exists()


def test_an_index_that_cannot_answer_now_is_tried_again(
    client: TestClient, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from rag import IndexMissingError

    monkeypatch.setattr(batch_runner, "AGAIN_SECONDS", 0.05)
    ask, calls = fake.ask, list[str]()

    def missing_at_first(question: str, **more: Any) -> Answer:
        calls.append(question)
        if len(calls) == 1:
            raise IndexMissingError("gone", "没有了")
        return ask(question, **more)

    monkeypatch.setattr(fake, "ask", missing_at_first)
    id = made(client, {"question": "谁在种茶？"})["id"]
    assert until(client, id, "done")["failed"] == 0
    assert calls == ["谁在种茶？"] * 2
    assert "gone" in caplog.text


def test_a_batch_that_is_deleted_from_the_disk_harms_no_other(
    client: TestClient, fake: FakeAssistant, settings: Settings
) -> None:
    id = made(client, {"question": "慢"})["id"]
    assert fake.started.acquire(timeout=10)
    shutil.rmtree(settings.index / batch_store.FOLDER / id)
    fake.release.set()
    until(client, made(client, {"question": "谁在种茶？"})["id"], "done")


def test_lines_say_how_their_answers_were_made(client: TestClient) -> None:
    batch = made(client, {"question": "谁撰写"}, {"question": "谁退回"}, {"question": "谁中断"})
    until(client, batch["id"], "done")
    replies = [line["reply"] for line in results(client, batch["id"])]
    assert [(reply["mode"], reply["fallback"], reply["incomplete"]) for reply in replies] == [
        ("llm", None, False),
        ("extractive", "late", False),
        ("llm", None, True),
    ]
    assert len(replies[0]["repairs"]) == 3


def test_a_batch_waits_while_the_language_model_is_left_alone(client: TestClient, fake: FakeAssistant) -> None:
    answer, tries = fake.ask, iter([True])

    def ask(question: Any, **how: Any) -> Answer:
        if next(tries, False):
            raise LanguageModelError("It is left alone.", "暂不调用。", reason="paused", retry_after=0.01)
        return answer(question, **how)

    fake.ask = ask  # type: ignore[method-assign]
    batch = made(client, {"question": "谁撰写"}, {"question": "谁种茶"})
    status = until(client, batch["id"], "done")
    assert (status["done"], status["failed"]) == (2, 0)
