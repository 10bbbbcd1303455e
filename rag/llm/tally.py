"""What the chunks of a reply say beside its text: the tokens it took, and why it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.types import Usage

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk

# Providers' names for the reason, and their words for an end that came before the model was done.
_REASONS = ("finish_reason", "stop_reason", "done_reason")
_CUT = frozenset(
    {"length", "max_tokens", "content_filter", "safety", "recitation", "refusal", "insufficient_system_resource"}
)


def together(*usages: Usage | None) -> Usage | None:
    """The tokens of several calls to one model; None where none of them was counted.

    >>> together(Usage("m", 9, 4), None, Usage("m", 20, 6))
    Usage(model='m', input_tokens=29, output_tokens=10)
    """
    counted = [usage for usage in usages if usage is not None]
    if not counted:
        return None
    return Usage(
        counted[0].model,
        sum(usage.input_tokens for usage in counted),
        sum(usage.output_tokens for usage in counted),
    )


class Tally:
    """Counts while the reply is read. The last word counts where a call is tried again."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._input = self._output = 0
        self._counted = False
        self._reason: str | None = None
        self._says_why = False

    def count(self, chunk: AIMessageChunk) -> None:
        """Take a chunk in."""
        facts = chunk.response_metadata
        self._reason = next((str(facts[name]) for name in _REASONS if facts.get(name)), self._reason)
        # OpenAI's protocol always says why a reply ended; of others' that is not known.
        self._says_why |= facts.get("model_provider") == "openai"
        if usage := chunk.usage_metadata:
            # LangChain's rule is that the counts of chunks add up; but servers that speak OpenAI's protocol may send the sum
            # so far with every chunk, each with the input again.
            so_far = bool(self._input and usage["input_tokens"])
            self._input = max(self._input, usage["input_tokens"])
            self._output = (
                max(self._output, usage["output_tokens"]) if so_far else self._output + usage["output_tokens"]
            )
            self._counted = True

    @property
    def usage(self) -> Usage | None:
        """The tokens; None where no chunk told any."""
        return Usage(self._model, self._input, self._output) if self._counted else None

    @property
    def cut(self) -> bool:
        """Whether the reply ended before the model was done, or without saying why where that is always said."""
        if self._reason is None:
            return self._says_why
        return self._reason.lower() in _CUT
