import inspect
import re

import pytest

from rag import errors
from rag.errors import QuestionError, SuanlianError

CLASSES = [
    member
    for member in vars(errors).values()
    if inspect.isclass(member) and issubclass(member, SuanlianError) and member.__module__ == errors.__name__
]


def drawn() -> dict[str, str]:
    """The tree in the module's docstring: error → its parent."""
    parents: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"    ((?:│   |    )*(?:├── |└── )?)(\w+)(?:\s{2,}|$)", line)
        if found:
            depth = len(found.group(1)) // 4
            path[depth:] = [found.group(2)]
            if depth:
                parents[path[depth]] = path[depth - 1]
    return parents


def test_the_tree_is_as_it_is_drawn() -> None:
    classes = {member.__name__: member.__bases__[0].__name__ for member in CLASSES if member is not SuanlianError}
    assert drawn() == classes
    assert len(classes) > 10


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [member.code for member in CLASSES if member is not QuestionError]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z_]+", code) for code in codes)


@pytest.mark.parametrize("kind", [member for member in CLASSES if member is not QuestionError])
def test_an_error_says_it_in_both_languages(kind: type[SuanlianError]) -> None:
    error = kind("It is so. Do this.", "是这样。请这样做。", param="index")
    assert str(error) == error.en == "It is so. Do this."
    assert (error.zh, error.param) == ("是这样。请这样做。", "index")
    assert kind("It is so.").zh == "It is so."
    assert kind.__doc__


def test_a_questions_error_carries_its_own_code() -> None:
    assert QuestionError("It is empty.", code="question_empty").code == "question_empty"
    assert QuestionError("It is long.", code="question_too_long").param is None
