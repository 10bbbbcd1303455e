"""Fixtures of the service's tests: a fake assistant and a client of its application."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api import create_app
from rag import Settings
from tests.api.fake import FakeAssistant, as_assistant
from tests.api.live import EXAMPLES, URL, wait_ready


@pytest.fixture
def fake() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def client(fake: FakeAssistant) -> Iterator[TestClient]:
    """A client of a service that is ready."""
    app = create_app(as_assistant(fake), Settings(max_body_bytes=5000, max_question_chars=50), examples=EXAMPLES)
    with TestClient(app, base_url=URL) as client:
        wait_ready(client)
        yield client
