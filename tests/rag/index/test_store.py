import pytest

from rag.index.store import OvertakenError, retried


def test_what_was_overtaken_is_done_again_but_not_for_ever() -> None:
    tried = []

    def change(times: int) -> int:
        tried.append(times)
        if len(tried) < times:
            raise OvertakenError("Another was first.")
        return len(tried)

    assert retried(lambda: change(3)) == 3
    tried.clear()
    with pytest.raises(OvertakenError):
        retried(lambda: change(99))
    assert len(tried) == 5
