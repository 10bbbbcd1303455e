"""Whether sentences carry a statement: by words, figures, names, operators and their order, never by likeness."""

from rag.entail.instructions import is_instruction
from rag.entail.judge import entailed
from rag.entail.verdict import REASONS, Source, Verdict

__all__ = ["REASONS", "Source", "Verdict", "entailed", "is_instruction"]
