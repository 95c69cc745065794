# Two commands: `make demo` to try Marsad, `make test` to check it.
# Needed: python3 (3.11 to 3.14), make, and a package registry that pip reaches.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
DEMO := .demo

.PHONY: demo test clean

demo: $(VENV)/.installed
	$(BIN)/marsad index corpus/data --index $(DEMO)/index --quarantine $(DEMO)/refused.jsonl
	$(BIN)/marsad serve --index $(DEMO)/index --port $(PORT)

test: $(VENV)/.installed-dev
	$(BIN)/python tests/browser/find_chromium.py --install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) $(DEMO) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .screens
