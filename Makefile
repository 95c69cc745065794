# Two commands: `make demo` to try Marsad, `make test` to check it.
# Needed: python3 (3.11 to 3.14), make, and a package registry that pip reaches.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
DEMO := .demo
OTHERS := $(VENV)/whoosh/Whoosh-2.7.4 $(VENV)/whoosh/Whoosh-Reloaded-2.7.5

.PHONY: demo test test-oldest typed bench clean

demo: $(VENV)/.installed
	$(BIN)/marsad index corpus/data --index $(DEMO)/index --quarantine $(DEMO)/refused.jsonl
	$(BIN)/marsad serve --index $(DEMO)/index --port $(PORT)

test: $(VENV)/.installed-dev typed $(OTHERS)
	$(BIN)/python tests/browser/find_chromium.py --install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	cd $(VENV)/typed && ../bin/mypy --config-file ../../pyproject.toml
	$(BIN)/python -m pytest

# The oldest versions of dependencies that pyproject.toml allows, in an environment of their own.
OLDEST := $(VENV)/oldest

test-oldest:
	$(PYTHON) -m venv $(OLDEST)
	$(OLDEST)/bin/python -m pip install --quiet --constraint tests/constraints/oldest.txt --editable '.[dev,parquet]'
	$(OLDEST)/bin/python -m pytest tests/*.py tests/contract tests/web --ignore tests/contract/test_whoosh_versions.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@ $(VENV)/.installed

# mypy follows no import hook of an editable install: it reads the tree as it is installed.
typed: | $(VENV)/bin/python
	mkdir -p $(VENV)/typed/marsad
	ln -sfn ../../tests $(VENV)/typed/tests
	cd $(VENV)/typed/marsad && ln -sfn ../../../corpus ../../../indexer ../../../webui ../../../marsad/*.* .

# Other packages of the name `whoosh`, each in a folder of its own, for tests/contract.
$(VENV)/whoosh/Whoosh-2.7.4: | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --no-deps --target $@ Whoosh==2.7.4

$(VENV)/whoosh/Whoosh-Reloaded-2.7.5: | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --target $@ Whoosh-Reloaded==2.7.5

# make bench N=31000 SOURCE=articles.jsonl.gz; with JAR=..., Lucene too (a jar of pyserini has it).
N ?= 31000
SOURCE ?= ../shared/eval/news/ant.jsonl.gz
BENCH ?= .bench

bench: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	$(BIN)/python -m tests.benchmarks.run --articles $(N) --source $(SOURCE) --work $(BENCH) $(if $(JAR),--jar $(JAR))

clean:
	rm -rf $(VENV) $(DEMO) $(BENCH) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .screens
