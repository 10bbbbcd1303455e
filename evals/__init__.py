"""The scorer: question sets, metrics and runs. Knows only ``rag``'s public names (``evals.training`` apart)."""
