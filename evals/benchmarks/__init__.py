"""Public benchmarks, read from their authors' own files in a place that the user names. None of them is shipped."""
