"""Doctests: every example of a docstring is run, under the names that are installed."""

import doctest
from importlib import import_module

import pytest

from tests.test_layering import MODULES, dotted

WITH_EXAMPLES = [dotted(path) for path in MODULES if ">>> " in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_module_are_true(name: str) -> None:
    result = doctest.testmod(import_module(name))

    assert result.attempted > 0
    assert result.failed == 0
