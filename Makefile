# What one does with the project. Needs make, git and a Python of at least 3.11; everything else goes into .venv.

OLD_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	command -v $$python >/dev/null 2>&1 && $$python -c '$(OLD_ENOUGH)' 2>/dev/null && echo $$python && break; done)

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Missing byte code multiplies the start of a command by three to six, and the tests start thousands.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help venv demo test test-real test-all check lint types layers sql-fresh sql docs bench bench-million soak fmt clean

help:  ## This list.
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-22s %s\n", $$1, $$2}'

venv: $(READY)  ## The virtual environment, with tix and the tools in it.

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no Python of at least 3.11 found; name one: make PYTHON=/path/to/python3"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
		{ echo "make: '$(PYTHON) -m venv' failed; on Debian and Ubuntu: apt-get install python3-venv"; exit 2; }
	@echo "Installing tix and its tools into $(VENV), once; this can take a minute or two …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
	@echo "Installed: $(CURDIR)/$(BIN)/tix"

demo: $(READY)  ## Make a demo desk with made-up tickets, and print what to try.
	@$(BIN)/tix demo

test: $(READY)  ## The tests; minutes, because commands run inside the process of their test.
	$(BIN)/python -m pytest -n auto

test-real: $(READY)  ## What people and scripts meet, with a real process for each command.
	TIX_REAL=1 $(BIN)/python -m pytest -n auto tests/cli tests/stories tests/e2e $(ALSO_REAL)

test-all: test  ## The tests, those with commands again on real processes, and the long laws; hours.
	$(MAKE) test-real ALSO_REAL='tests/conventions tests/store'
	$(MAKE) soak

check: lint types layers sql-fresh test  ## Everything that has to be green before a change goes in.

lint: $(READY)  ## Format and lint.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)  ## Types.
	$(BIN)/mypy

layers: $(READY)  ## Who may import whom.
	$(BIN)/lint-imports

sql-fresh: $(READY)  ## Is the compiled SQL what tables.py and statements.py say?
	$(BIN)/python -m tix.store.statements.compile --check

sql: $(READY)  ## Compile tables.py and statements.py to compiled.py.
	$(BIN)/python -m tix.store.statements.compile

docs: $(READY)  ## Generate docs/reference.md and docs/terminal.svg, the picture in the README.
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/picture.py

bench: $(READY)  ## Budgets at a thousand and a hundred thousand tickets.
	$(BIN)/python bench/run.py --desk 1000 --desk 100000

bench-million: $(READY)  ## Budgets at a million tickets; building that desk takes long.
	$(BIN)/python bench/run.py --desk 1000 --desk 1000000 --import 1000000

soak: $(READY)  ## The property tests with many more examples.
	TIX_SOAK=1 $(BIN)/python -m pytest -n auto tests/laws tests/soak

fmt: $(READY)  ## Format, and mend what can be mended without thinking.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:  ## Away with what can be made again.
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
