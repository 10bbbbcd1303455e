"""Many questions at once, in Python: run it, stop it with Ctrl-C, run it again: it goes on where it stopped.

    python examples/batch.py [QUESTIONS.jsonl] [ANSWERS.jsonl]

The same from the command line: ``suanlian batch questions.jsonl``; over HTTP: see docs/batches.md.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rag import Assistant, BatchJournal, BatchProgress, batch_lines, run_batch


def show(now: BatchProgress) -> None:
    """How far it is, on stderr."""
    print(f"\r{now.done}/{now.total}  refused {now.refused}  failed {now.failed}", end="", file=sys.stderr)


def main(questions: Path, answers: Path) -> None:
    """Answer each line of ``questions``; ``answers`` gets a line each, in the same order."""
    assistant = Assistant.open()  # the bundled corpus's index; built if there is none
    with questions.open("rb") as file:
        lines = list(batch_lines(enumerate(file, 1), max_chars=assistant.settings.max_question_chars))
    with BatchJournal(answers.with_suffix(".part")) as journal:
        run_batch(lines, lambda line: assistant.ask(line.asked()).as_dict(), journal, workers=2, progress=show)
        print(file=sys.stderr)
        answers.write_bytes(b"".join(result + b"\n" for result in journal.results(lines)))
    journal.remove()

    for line in answers.read_text(encoding="utf-8").splitlines():
        result = json.loads(line)
        said = result["reply"]["answer"] if "reply" in result else result["error"]["message"]
        print(f"{result['id']}: {said}")


if __name__ == "__main__":
    here = Path(__file__).parent
    questions = Path(sys.argv[1]) if len(sys.argv) > 1 else here / "questions.jsonl"
    main(questions, Path(sys.argv[2]) if len(sys.argv) > 2 else questions.with_suffix(".answers.jsonl"))
