"""The environment alone sets a language model to work: in the service and in a conversation on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.ask.test_streaming import parsed
from tests.api.live import wait_ready
from tests.api.processes import eventually, started
from tests.api.test_every_shape import hold, http, marked
from tests.api.written import own_words, pumps
from tests.suanlian.test_cli import suanlian, told

SHARE = "西河泵业的离心泵市占率是多少？"


@pytest.fixture(scope="module")
def variables(model_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a user would have set."""
    folder = tmp_path_factory.mktemp("pumps")
    settings, _ = pumps(model_dir, folder)
    return {
        "RAG_INDEX": str(settings.index),
        "RAG_MODEL_DIR": str(model_dir),
        "RAG_MODEL": settings.model,
        "RAG_LLM_PROVIDER": "fake",
        "RAG_LLM_MODEL": "wrong_number",
    }


def test_serve(variables: dict[str, str]) -> None:
    with started(["-m", "suanlian", "serve", "--port", "0"], **variables) as service, http(service.url) as client:
        wait_ready(client)
        assert client.get("/version").json()["language_model"] == "wrong_number"
        assert client.get("/v1/models/suanlian-llm").json()["available"]
        reply = client.post("/v1/chat", json={"question": SHARE}).json()
        events = parsed(client.post("/v1/chat", json={"question": SHARE, "stream": True}).text)
        for answer, left in ((reply, [reply]), (events[-1][1], [data for _, data in events])):
            marked(answer["answer"], answer["citations"])
            hold(service.url, answer["citations"])
            assert (answer["mode"], answer["fallback"], answer["usage"]["model"]) == ("llm", None, "wrong_number")
            assert [(one["kind"], one["reason"]) for one in answer["repairs"]] == [("replaced", "number")]
            assert "38%" in answer["answer"] and answer["short_answer"]["text"] == "38%"
            assert "35%" not in own_words(left) and "48%" not in own_words(left)
        eventually(lambda: '"repairs": 1' in service.log or '"repairs":1' in service.log)
        assert "市占率" not in service.log


def test_ask_in_a_conversation(variables: dict[str, str]) -> None:
    done = suanlian(Path(variables["RAG_INDEX"]), "ask", given=f"{SHARE}\n白塔水泵呢？\n", **variables)
    told(done, 0)
    first, second = done.stdout.split("confidence ")[:2]
    assert "38%" in first and "21%" in second
    assert done.stdout.count("以原文替代 1 处") == 2
    assert not [wrong for wrong in ("35%", "28%") if wrong in done.stdout], "the model says it, and it left"


def test_a_way_that_there_is_not_is_told_with_those_there_are(variables: dict[str, str]) -> None:
    wrong = {**variables, "RAG_LLM_MODEL": "wrongnumber"}
    done = suanlian(Path(variables["RAG_INDEX"]), "ask", given=f"{SHARE}\n", **wrong)
    assert "wrong_number" in told(done, 2)
