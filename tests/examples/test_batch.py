"""The example runs as it is given, over the bundled corpus, with a model that is made of nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_it_answers_its_questions_in_their_order(tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    given = (ROOT / "examples" / "questions.jsonl").read_bytes()
    questions.write_bytes(given + b"no JSON\n")
    there = {"RAG_INDEX": str(tmp_path / "index"), "RAG_MODEL": "hash", "RAG_REFUSE_BELOW": "0"}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "examples" / "batch.py"), str(questions)],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**clean, **there, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    asked = [json.loads(line) for line in given.decode().splitlines()]
    found = [json.loads(line) for line in (tmp_path / "questions.answers.jsonl").read_text("utf-8").splitlines()]
    assert [r["id"] for r in found] == [*(row["id"] for row in asked), str(len(asked) + 1)]
    assert found[0]["reply"]["citations"]
    assert found[4]["extra"] == {"note": asked[4]["note"]}
    assert found[5]["error"]["code"] == "malformed_json"
    assert f"{len(found)}/{len(found)}" in done.stderr
    assert done.stdout.count("\n") >= len(found)
    assert not list(tmp_path.glob("*.part*"))
