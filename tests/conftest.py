"""Fixtures that every test may use."""

from hypothesis import settings

pytest_plugins = ["tests.models"]

# A busy machine is no failure: what is slow is found by the benchmarks, not by a deadline.
settings.register_profile("suanlian", deadline=None)
settings.load_profile("suanlian")
