"""Fitting what the library has learned from data: ``docs/training.md``.

Unlike the rest of ``evals``, which judges the library from outside, this makes a part of it, and so reads the library's
own features. Nothing else imports it.
"""
