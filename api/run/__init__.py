"""Running it: loading, threads, processes, stopping."""
