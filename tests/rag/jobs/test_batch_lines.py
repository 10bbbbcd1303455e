import json

import pytest

from rag import BatchLine, batch_lines


def one(given: object) -> BatchLine:
    text = given if isinstance(given, (str, bytes)) else json.dumps(given, ensure_ascii=False)
    [line] = batch_lines([(7, text)], max_chars=20)
    return line


def test_a_question_alone_and_in_a_conversation() -> None:
    assert one({"question": "茶园多大"}).asked() == "茶园多大"
    assert one({"messages": [{"role": "user", "content": "茶园多大"}]}).asked() == "茶园多大"
    history = [{"role": "user", "content": "有茶园吗"}, {"role": "assistant", "content": "有"}]
    after = one({"question": "它多大", "history": history})
    assert after.asked() == [*history, {"role": "user", "content": "它多大"}]
    assert after.key == one({"messages": after.asked()}).key
    assert (after.question, after.number, after.id) == ("它多大", 7, "7")


def test_what_else_a_line_holds_comes_back() -> None:
    line = one({"id": 3, "question": "茶园多大", "组": "甲", "n": [1]})
    assert line.head() == {"id": "3", "line": 7, "question": "茶园多大", "extra": {"组": "甲", "n": [1]}}
    assert line.key == one({"id": "x", "question": "茶园多大"}).key  # the key is of what is asked


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("茶园多大", "malformed_json"),
        ('{"question": "茶园', "malformed_json"),
        ('{"question": "茶园", "n": NaN}', "malformed_json"),
        ("[" * 100_000, "malformed_json"),
        ('{"n": ' + "9" * 5000 + "}", "malformed_json"),
        ("茶园".encode("gb18030"), "malformed_text"),
        ('{"question": "\\ud800"}', "malformed_text"),
        (["茶园多大"], "invalid_request"),
        ({}, "invalid_request"),
        ({"question": 5}, "invalid_request"),
        ({"question": "甲", "messages": [{"role": "user", "content": "甲"}]}, "invalid_request"),
        ({"messages": "甲"}, "invalid_request"),
        ({"messages": [{"role": "user"}]}, "invalid_request"),
        ({"messages": [{"role": [], "content": "甲"}]}, "invalid_request"),
        ({"messages": [{"role": "user", "content": {}}]}, "invalid_request"),
        ({"messages": [{"role": "assistant", "content": "甲"}]}, "invalid_request"),
        ({"messages": []}, "invalid_request"),
        ({"question": "甲", "history": 3}, "invalid_request"),
        ({"question": "甲", "id": True}, "invalid_request"),
        ({"question": "甲", "filter": {}}, "invalid_request"),
        ({"question": "  "}, "question_empty"),
        ({"question": "？！"}, "question_wordless"),
        ({"question": "茶" * 21}, "question_too_long"),
        ({"question": "甲", "history": [{"role": "user", "content": "茶" * 21}]}, "question_too_long"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_line_is_told_of_it(given: object, code: str) -> None:
    line = one(given)
    assert line.error is not None
    assert line.error.code == code
    assert line.error.zh != line.error.en
    assert not line.messages


def test_blank_lines_are_no_lines_and_a_mark_at_the_beginning_is_no_part_of_it() -> None:
    given = ["\ufeff{}".encode().replace(b"{}", b'{"question": "q"}'), b" \r\n", b"{", b'{"question": "q"}\r\n']
    lines = list(batch_lines(enumerate(given, 1), max_chars=20))
    assert [(line.number, bool(line.error)) for line in lines] == [(1, False), (3, True), (4, False)]
    assert lines[0].key.split("-")[0] == lines[2].key.split("-")[0]
    assert [line.key[-2:] for line in (lines[0], lines[2])] == ["-1", "-2"]  # asked twice, answered twice
