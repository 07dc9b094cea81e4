# Development tasks. They need make, git and Python 3.11 or newer; everything else is installed into .venv.

OLD_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	command -v $$python >/dev/null 2>&1 && $$python -c '$(OLD_ENOUGH)' 2>/dev/null && echo $$python && break; done)

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Counts the packages while pip installs them, on one line of a terminal; what pip says is shown if it fails.
PROGRESS := /^Collecting/ { n++; if (shown) { printf "\r  %d packages", n; fflush() } } \
	/^Installing collected/ { printf "\r  %d packages; installing them …\n", n; fflush() } \
	/^exit / { if ($$2 != 0) printf "\n%s", text; exit $$2 } \
	{ text = text $$0 "\n" }

# Without byte code a command takes three to six times as long to start, and the tests start thousands of them.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help venv demo test test-long test-postgresql test-real test-all check lint types layers sql-fresh sql cli-fresh cli words-fresh words docs man bench bench-import bench-server bench-postgresql bench-memory bench-million soak fmt clean

help:  ## List these tasks.
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-22s %s\n", $$1, $$2}'

venv: $(READY)  ## Create the virtual environment with tix and the development tools.

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no Python of at least 3.11 found; name one: make PYTHON=/path/to/python3"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
		{ echo "make: '$(PYTHON) -m venv' failed; on Debian and Ubuntu: apt-get install python3-venv"; exit 2; }
	@echo "Installing tix and its tools into $(VENV), once; this can take a minute or two …"
	@( $(BIN)/python -m pip install --disable-pip-version-check --no-color --progress-bar off --editable '.[dev]' 2>&1; \
		echo "exit $$?" ) | awk -v shown="$$(test -t 2 && echo 1)" '$(PROGRESS)'
	@touch $@
	@echo "Installed: $(CURDIR)/$(BIN)/tix"

demo: $(READY)  ## Make a demo desk with made-up tickets, and print what to try.
	@$(BIN)/tix demo

test: $(READY)  ## Run the tests with every command inside the test process (takes minutes).
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not long"

test-long: $(READY)  ## Run the laws over whole desks, and the trials with kills and faults of the disk.
	$(BIN)/python -m pytest -n auto --dist worksteal -m long

test-postgresql: $(READY)  ## Run tests of the store and the stories with every desk in PostgreSQL, on a server of their own.
	$(BIN)/python -m tests.postgresql.suites

test-real: $(READY)  ## Run the command-line tests with a real process for each command.
	TIX_REAL=1 $(BIN)/python -m pytest -n auto --dist worksteal -m "not long" tests/cli tests/stories tests/e2e $(ALSO_REAL)

test-all: test test-long  ## Run all tests, also with real processes, and the long property tests (takes hours).
	$(MAKE) test-real ALSO_REAL='tests/conventions tests/store'
	$(MAKE) soak

check: lint types layers sql-fresh cli-fresh words-fresh test  ## Run every check a change has to pass.

lint: $(READY)  ## Check formatting and lint.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)  ## Check types.
	$(BIN)/mypy

layers: $(READY)  ## Check which layer imports which.
	$(BIN)/lint-imports

sql-fresh: $(READY)  ## Check that store/compiled is up to date.
	$(BIN)/python -m tix.store.statements.compile --check

sql: $(READY)  ## Generate store/compiled from the schema and the statements.
	$(BIN)/python -m tix.store.statements.compile

cli-fresh: $(READY)  ## Check that the generated table of commands is up to date.
	$(BIN)/python -m tix.cli.compile --check

cli: $(READY)  ## Generate cli/compiled.py from the declarations of the commands.
	$(BIN)/python -m tix.cli.compile

words-fresh: $(READY)  ## Check that the catalogues of languages are up to date and complete.
	$(BIN)/python -m tix.words.compile --check

words: $(READY)  ## Collect what can be translated, and compile the catalogues of languages.
	$(BIN)/python -m tix.words.compile

docs: $(READY)  ## Generate docs/reference.md and docs/terminal.svg, the picture in the README.
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/picture.py

man: $(READY)  ## Generate the manual pages in man/, which the wheel installs.
	$(BIN)/python docs/man.py

bench: $(READY)  ## Measure the budgets with 1,000 and 100,000 tickets.
	$(BIN)/python bench/run.py --desk 1000 --desk 100000

bench-server: $(READY)  ## Load tix serve with wrk: requests a second, latency, CPU a request.
	$(BIN)/python bench/server.py

bench-postgresql: $(READY)  ## Measure PostgreSQL beside SQLite: commands, search, writers at once, tix serve.
	PYTHONPATH=. $(BIN)/python bench/postgresql.py

bench-memory: $(READY)  ## Send tix serve 100,000 mixed requests: its memory as it goes.
	$(BIN)/python bench/memory.py

bench-million: $(READY)  ## Measure the budgets with a million tickets (building that desk takes long).
	$(BIN)/python bench/run.py --desk 1000 --desk 1000000 --import 1000000

bench-import: $(READY)  ## Import a table of a million rows: its rate against raw executemany, and its memory.
	$(BIN)/python bench/run.py --only-table 1000000

soak: $(READY)  ## Run the property tests with many more examples.
	TIX_SOAK=1 $(BIN)/python -m pytest -n auto --dist worksteal tests/laws tests/soak

fmt: $(READY)  ## Format the code and apply automatic lint fixes.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:  ## Remove everything that can be regenerated.
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
