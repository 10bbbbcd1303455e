"""Batches of questions over HTTP: kept on disk below the index, worked on behind the service's own questions."""
