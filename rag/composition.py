"""An answer that a language model writes: asked for, checked statement by statement, told as it grows.

Whether the material answers at all has been decided before the model is asked, as for every answer; the model words what is
there. Each citation is held against the stored text before its statement leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rag.answer.cite import Writer
from rag.answer.consider import Considered
from rag.answer.draft import Draft
from rag.answer.found_again import is_of, item, items, short_answer
from rag.answer.generate import ABSENT, CIRCLING, Checked, Written, checked, written
from rag.answer.numbered import Numbered, numbered
from rag.answer.statements import Claim, claims
from rag.errors import LanguageModelError
from rag.events import Heading, Piece
from rag.llm.model import LanguageModel, Message
from rag.llm.prompts import answer_prompt
from rag.llm.tally import together
from rag.llm.writing import Writing
from rag.opened import Opened
from rag.reply import Reply, hold
from rag.text.wording import BROKEN, script_of
from rag.types import Answer, Fallback, Mode, Repair, Usage

Witness = Callable[[Written], None]


def composed(
    reply: Reply,
    considered: Sequence[Considered],
    opened: Opened,
    model: LanguageModel,
    mode: Mode,
    witness: Witness | None = None,
    spent: Usage | None = None,
) -> Answer | Composition:
    """An answer of which the model has written the first statement; the extractive one, which says why, where it has not.

    Args:
        spent: tokens that putting the question into words has taken.

    Raises:
        LanguageModelError: ``mode`` is ``llm``, and the model failed or was late.
    """
    said, _ = reply.parted(considered)
    if not said:
        return reply.answer(considered, usage=spent)  # refused, whoever words it
    if not can_be_written(said):
        return reply.answer(considered, fallback="computed", usage=spent)
    made = Composition(reply, considered, opened, model, witness, spent)
    fallback: Fallback | None
    try:
        fallback = made.begin(first=reply.settings.llm_first_seconds if mode == "auto" else None)
    except LanguageModelError as error:
        made.close()
        if mode == "llm":
            raise
        fallback = error.reason
    except BaseException:
        made.close()
        raise
    if fallback is None:
        return made
    made.close()
    reply.clock.lap("write")
    return reply.answer(considered, fallback=fallback, usage=made.usage)


def can_be_written(said: Sequence[Considered]) -> bool:
    """Whether a language model is asked to word the answer: not where it is computed from lists, nor where documents contradict
    one another and each account stands under its document."""
    return not any(c.draft is not None and (c.draft.summaries or c.draft.disagreeing) for c in said)


class Composition:
    """One answer in the making. :meth:`begin` first; then :meth:`pieces` to their end; then :meth:`answer`.

    Args:
        considered: the parts of the question, at least one of them answered surely enough.
        witness: told of each statement of the model and what became of it.
    """

    def __init__(
        self,
        reply: Reply,
        considered: Sequence[Considered],
        opened: Opened,
        model: LanguageModel,
        witness: Witness | None = None,
        spent: Usage | None = None,
    ) -> None:
        self._reply = reply
        self._spent = spent
        self._said, self._left = reply.parted(considered)
        self._opened = opened
        self._model = model
        self._witness = witness
        self._facts = reply.facts(considered, mode="llm")
        self._writer = Writer()
        self._repairs: list[Repair] = []
        self._told: list[str] = []  # the pieces of the text, as they left
        self._broken = False
        self._writing: Writing | None = None
        self._next: Checked | None = None
        self._checking: Iterator[Checked] = iter(())

    @property
    def usage(self) -> Usage | None:
        """Tokens that it took, where the model's server counts them."""
        return together(self._spent, self._writing.usage if self._writing is not None else None)

    @property
    def heading(self) -> Heading:
        """What a stream says of it before its first words."""
        return Heading(self._facts["id"], "llm", self._facts["standalone_question"])

    def begin(self, *, first: float | None = None) -> Fallback | None:
        """Ask the model and wait for the first statement that may leave.

        Args:
            first: how long it is waited for, in seconds; None: as long as the whole answer may take.

        Returns:
            Why there is none: ``declined`` or ``unsupported``; None where there is one.

        Raises:
            LanguageModelError: it failed or was late before that.
        """
        settings = self._reply.settings
        question = " ".join(c.query.text for c in self._said)
        sentences = numbered(self._said, settings.llm_evidence_chars)
        messages: list[Message] = [*answer_prompt(question, sentences.shown())]
        writing = self._writing = self._model.write(messages, seconds=settings.llm_seconds, first=first)
        self._checking = checked(
            claims(writing),
            sentences,
            self._opened.lexicon,
            cut=lambda: writing.cut,
            witness=self._telling(question, sentences),
        )
        for made in self._checking:
            if made.quotes:
                self._next = made
                writing.in_time()
                return None
            self._repair(made)
        return "declined" if {repair.reason for repair in self._repairs} == {ABSENT} else "unsupported"

    def pieces(self) -> Iterator[Piece]:
        """The text as it is checked. A model that fails now ends it; what has left stays."""
        held = 0
        while self._next is not None:
            made, self._next = self._next, None
            yield self._piece(made, held)
            held = len(self._writer.citations.all())
            try:
                for made in self._checking:
                    if made.quotes:
                        self._next = made
                        break
                    self._repair(made)
            except LanguageModelError:
                self._broken = True
        self._broken = self._broken or bool(self._writing and self._writing.cut)
        yield from self._completed()
        if tail := self._tail():
            self._told.append(tail)
            yield Piece(tail)

    def answer(self) -> Answer:
        """The whole answer, once the last piece has left."""
        self._reply.clock.lap("write")  # the model's time, and that of the check
        self._reply.clock.lap("answer")
        citations = self._writer.citations.all()
        statements = self._writer.statements
        return Answer(
            text="".join(self._told),
            refused=False,
            incomplete=self._broken,
            statements=tuple(statements),
            items=items(self._drafts(), statements, citations),
            short_answer=short_answer(self._drafts(), statements, citations),
            citations=citations,
            timings=self._reply.clock.laps(),
            repairs=tuple(self._repairs),
            usage=self.usage,
            **self._facts,
        )

    def whole(self) -> Answer:
        """The answer, waited for."""
        for _ in self.pieces():
            pass
        return self.answer()

    def close(self) -> None:
        """Let the model go."""
        if self._writing is not None:
            self._writing.close()

    def _piece(self, made: Checked, held: int) -> Piece:
        if made.text:
            self._writer.say_of(made.text, made.quotes)
        else:
            self._writer.say(made.quotes[0])
        self._repair(made)
        return self._last_piece(held)

    def _last_piece(self, held: int) -> Piece:
        """The statement that was made last, as it leaves; ``held`` citations have been held against the text before."""
        citations = self._writer.citations.all()
        hold(self._opened.view, citations[held:])
        script = script_of(self._reply.asked)
        text = self._writer.marked[-1] + ("." if script == "en" else "。")
        text = f" {text}" if script == "en" and self._told else text
        self._told.append(text)
        used = set(self._writer.statements[-1].citations)
        return Piece(text, tuple(citation for citation in citations if citation.id in used))

    def _repair(self, made: Checked) -> None:
        self._broken = self._broken or made.reason == CIRCLING
        if made.repair is not None:
            self._repairs.append(
                Repair(made.repair, made.reason, len(self._writer.statements) - 1 if made.quotes else None)
            )

    def _completed(self) -> Iterator[Piece]:
        """What the model left out of what was asked for: of a list, the quotes whose names are lacking; of several parts of a
        question, those of which nothing was said."""
        for draft in [] if self._broken else self._drafts():
            for at, quote in enumerate(draft.quotes):
                if self._lacks(draft, at):
                    held = len(self._writer.citations.all())
                    self._writer.say(quote)
                    self._repairs.append(Repair("added", "", len(self._writer.statements) - 1))
                    yield self._last_piece(held)

    def _lacks(self, draft: Draft, at: int) -> bool:
        """Whether the answer so far lacks what one quote of a draft says."""
        statements, citations = self._writer.statements, self._writer.citations.all()
        if names := [name for name, of in draft.items if of == at]:
            return not all(item(name, draft.quotes[at], statements, citations) for name in names)
        if draft.items or len(self._said) == 1:
            return False
        return not any(is_of(citation, quote) for citation in citations for quote in draft.quotes)

    def _drafts(self) -> list[Draft]:
        return [c.draft for c in self._said if c.draft is not None]

    def _tail(self) -> str:
        return BROKEN[script_of(self._reply.asked)] * self._broken + self._reply.left_open(self._left)

    def _telling(self, question: str, sentences: Numbered) -> Callable[[Claim, Checked], None] | None:
        witness = self._witness
        return None if witness is None else lambda claim, made: witness(written(question, claim, made, sentences))
