"""Documents and collections over HTTP: what is received, the queue it goes into, what is there."""
