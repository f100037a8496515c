# Two commands do everything on a machine with Python 3.11 or newer: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RIVALS := .venv-rivals
CORPUS ?= corpus
OUTPUT ?= output

.PHONY: run test check bench accuracy format clean

run: $(VENV)/run
	$(BIN)/hkextract run $(CORPUS) -o $(OUTPUT)

test: $(VENV)/dev
	$(BIN)/python -m pytest

check: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

bench: $(VENV)/run $(RIVALS)/tried
	$(BIN)/hkextract bench --rivals $(RIVALS) --write docs

accuracy: $(VENV)/run
	$(BIN)/python docs/compare/compare.py --write docs/accuracy.md

format: $(VENV)/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) $(RIVALS) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(RIVALS)/tried: $(VENV)/bin/python
	$(BIN)/python -m venv $(RIVALS)
	-$(RIVALS)/bin/python -m pip install --quiet --disable-pip-version-check jionlp ms-recognizers-text-suite trafilatura lxml_html_clean
	@touch $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "hkextract needs Python 3.11 or newer; say which one with: make run PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@echo "Preparing the rules (once) ..."
	@$(BIN)/python -c 'from hkextract.api import pipeline; pipeline()'
	@touch $@

$(VENV)/dev: $(VENV)/run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
