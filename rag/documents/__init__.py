"""File → Document → Passage."""
