import pytest

from rag.llm.near import is_near


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("http://localhost:8080/v1", True),
        ("http://[::1]:8080/v1", True),
        ("http://192.168.1.5/v1", True),
        ("http://vllm:8000/v1", True),
        ("http://box.local/v1", True),
        ("https://api.example.com/v1", False),
        ("http://8.8.8.8/v1", False),
    ],
)
def test_which_servers_no_proxy_stands_before(address: str, near: bool) -> None:
    assert is_near(address) == near
