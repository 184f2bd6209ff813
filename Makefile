# `make demo` and `make test` set up all they need in .venv, from nothing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test lint types docs bench clean

help:
	@echo "make demo    the main job on real texts: no key, no network"
	@echo "make test    every check: lint, types, tests"
	@echo "make docs    the pages of docs/, as a site in build/docs"
	@echo "make bench   the measurements of benchmarks/"

# A fresh environment whenever what it is made of has changed.
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt "pip>=25.1"
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable . --group dev --group docs
	@touch $@

demo: $(READY)
	@$(BIN)/python examples/demo.py

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy
	$(BIN)/pyright

test: $(READY) lint types
	$(BIN)/python -m pytest -n auto

docs: $(READY)
	$(BIN)/sphinx-build -E -q --fail-on-warning --keep-going docs build/docs
	@echo "open build/docs/index.html"

bench: $(READY)
	@for each in benchmarks/*.py; do echo "== $$each"; $(BIN)/python $$each || exit 1; done

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
