# Two commands do all set-up themselves: `make demo` and `make test`. See CONTRIBUTING.md for the rest.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PO     := $(wildcard src/bridge/locale/*/LC_MESSAGES/*.po src/bridge/sandbox/locale/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL := help
.PHONY: help demo check test coverage crash bench format catalogues contracts golden clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

$(VENV)/runtime: pyproject.toml hatch_build.py $(PO)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 ...' >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/dev: $(VENV)/runtime
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' build
	@touch $@

demo: $(VENV)/runtime  ## the main job, offline, in the sandbox; ends with links and files to look at
	@$(BIN)/bridge demo

check: $(VENV)/dev  ## lint, types, walls and the fast tests (under two minutes)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n 2 -m 'not slow'

test: $(VENV)/dev  ## everything; what CI runs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n 2

coverage: $(VENV)/dev  ## everything once more, with the lines that no test reaches; takes twice as long
	$(BIN)/python -m pytest -q -n 2 --cov --cov-report=term

KILLS  ?= 60
crash: $(VENV)/dev  ## the service killed KILLS times at random (60), on SQLite and on PostgreSQL
	BRIDGE_CRASH_KILLS=$(KILLS) $(BIN)/python -m pytest -q tests/service/test_workers.py tests/service/test_killed_with_a_site.py -k "killed_at_random or quiet_day"

bench: $(VENV)/dev  ## ratios, measured side by side in one run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python -m benchmarks

format: $(VENV)/dev  ## let ruff rewrite what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

catalogues: $(VENV)/dev  ## collect new sentences into the French catalogues, for translation
	$(BIN)/python -m tools.catalogues

contracts: $(VENV)/dev  ## write docs/contracts.md anew: what is held against Atlassian's contracts
	$(BIN)/python -m tests.contract.coverage

golden: $(VENV)/dev  ## write the golden files anew; read the difference before committing it
	$(BIN)/python -m pytest -q tests --update-golden

clean:
	rm -rf $(VENV) build dist demo-output .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
