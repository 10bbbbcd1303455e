"""The gate as a command."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from evals import baseline
from evals.gate import main
from evals.sets import Point, Question
from tests.evals.samples import question

HOUSES = {"磨坊": 1880, "铁匠铺": 1901, "学校": 1923, "邮局": 1931, "车站": 1938, "桥": 1946, "塔": 1957}


def asked(number: int, name: str, year: int) -> Question:
    points = (Point((f"{year}年",), (f"{name}建于{year}年",)),)
    return question(f"q{number}", question=f"{name}建于哪一年？", points=points)


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A question set, its documents, and a place for its baseline, as arguments."""
    monkeypatch.setenv("RAG_MODEL", "hash")
    monkeypatch.setenv("RAG_INDEX", str(tmp_path / "index"))
    monkeypatch.setenv("RAG_REFUSE_BELOW", "0")
    text = "\n\n".join(f"# {name}\n\n{name}建于{year}年。" for name, year in HOUSES.items())
    (tmp_path / "village.md").write_text(text, encoding="utf-8")
    lines = [json.dumps(asdict(asked(at, name, year))) for at, (name, year) in enumerate(HOUSES.items())]
    (tmp_path / "own.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return [
        *("--set", str(tmp_path / "own.jsonl"), "--documents", str(tmp_path / "village.md")),
        *("--baseline", str(tmp_path / "baseline.jsonl")),
    ]


def test_it_passes_on_what_was_put_down(there: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*there, "--write"]) == 0
    kept = baseline.read(tmp_path / "baseline.jsonl")
    assert [line.scores["fully_right"] for line in kept] == [1.0] * len(HOUSES)
    assert main(there) == 0
    assert "没有变差" in capsys.readouterr().out
    assert not (tmp_path / "index").exists()


def test_it_fails_on_worse_answers_and_names_them(
    there: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*there, "--write"]) == 0
    # The material loses what six questions ask for.
    (tmp_path / "village.md").write_text("# 磨坊\n\n磨坊建于1880年。\n\n# 河\n\n河水很急。", encoding="utf-8")
    assert main(there) == 1
    said = capsys.readouterr().out
    assert "✗ fully_right 1.000 → 0.143" in said
    assert "q1 q2 q3 q4 q5 q6" in said
    assert "became worse in fully_right" in said
    # Put down, the loss is told and stands.
    assert main([*there, "--write"]) == 0
    assert "变差 worse 6" in capsys.readouterr().out
    assert main(there) == 0


def test_it_passes_on_better_answers(there: list[str], tmp_path: Path) -> None:
    assert main([*there, "--write"]) == 0
    path = tmp_path / "baseline.jsonl"
    lost = [replace(line, scores={**line.scores, "fully_right": 0.0}) for line in baseline.read(path)]
    baseline.write(path, lost)
    assert main(there) == 0


def test_without_a_baseline_or_with_another_s_it_says_what_to_do(
    there: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(there) == 2
    assert "--write" in capsys.readouterr().err
    assert main([*there, "--write"]) == 0
    with (tmp_path / "own.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n" + json.dumps(asdict(asked(9, "城门", 1644))))
    assert main(there) == 2
    assert "new: q9" in capsys.readouterr().err
