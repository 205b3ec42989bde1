"""Amber Works, made once for the tests of a file that only read it."""

from tests.stakeholders.conftest import amber

__all__ = ["amber"]
