# Two commands do everything: `make demo` shows Concord, `make test` proves it.

PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode
MARK := .venv/.installed
SQL := dbt_project/models dbt_project/tests
DBT_FOLDERS := --project-dir dbt_project --profiles-dir dbt_project --target-path ../.concord/check --log-path ../.concord/check
DBT := $(BIN)/dbt --quiet

# Nothing that runs here may call home, and nothing may ask a package index at run time.
export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := yes

.DEFAULT_GOAL := help
.PHONY: help demo test test-live check fix docs bench picture lock clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

demo: $(MARK)-run ## Build the scorecard of the demo company into out/scorecard.html
	@$(BIN)/concord run
	@mkdir -p out
	@$(BIN)/concord export --format html --output out/scorecard.html
	@echo
	@echo "The scorecard is in out/scorecard.html. Next: .venv/bin/concord serve"

test: $(MARK)-test browser ## Run every test: unit, dbt, integration on a real PostgreSQL, browser
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test-live: $(MARK)-test .venv-live/.installed request-tracker ## Test the connectors against real servers, started on loopback
	@$(BIN)/python -m pytest -m live tests/live

check: $(MARK)-test ## Run every linter and load the dbt project and the Dagster definitions
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --disable-progress-bar --processes 2 $(SQL)
	@$(BIN)/lint-imports
	@$(DBT) parse --no-partial-parse --warn-error $(DBT_FOLDERS)
	@VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/dg check defs

fix: $(MARK)-test ## Write what follows from the contract and the connectors, and fix what the linters can fix
	@$(BIN)/python -m ingestion.contract
	@$(BIN)/python -m ingestion.sources.connectors
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/sqlfluff fix --disable-progress-bar $(SQL)

docs: $(MARK)-run ## Write docs/metrics.md from the metric definitions
	@$(BIN)/python -m dashboards.scorecard.catalogue docs/metrics.md

bench: $(MARK)-test ## Print the benchmarks' ratios, taken side by side in one run
	@$(BIN)/python -m benchmarks

picture: $(MARK)-run ## Draw the scorecard into out/scorecard.png (after make demo)
	@mkdir -p out
	@$(BIN)/concord export --format png --output out/scorecard.png

lock: $(MARK)-run ## Resolve the locks anew, without index addresses
	@./.ci/lock

clean: ## Stop the warehouse and remove everything that the targets made
	@if [ -x $(BIN)/concord ]; then $(BIN)/concord stop; fi
	@rm -rf .venv .venv-live .concord out dbt_project/target dbt_project/logs

# Debian's chromium drives the browser tests; where it can't be installed they skip and say so.
.PHONY: browser
browser:
	@command -v chromium >/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null; } || \
	  echo "chromium is not here and can't be installed: browser tests will be skipped"

# Debian's Request Tracker is one of the live tests' servers; where it can't be installed they skip.
.PHONY: request-tracker
request-tracker:
	@command -v rt-setup-database-5 >/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
	  request-tracker5 rt5-standalone rt5-db-sqlite >/dev/null; } || \
	  echo "Request Tracker is not here and can't be installed: its tests will be skipped"

.venv/bin/uv: requirements-bootstrap.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Concord needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	@echo "Making .venv ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-bootstrap.lock
	@touch $@

$(MARK)-run: .venv/bin/uv requirements.lock pyproject.toml
	@echo "Installing the locked packages ..."
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(MARK)-test: $(MARK)-run requirements-test.lock
	@echo "Installing the test tools ..."
	@$(INSTALL) --require-hashes -r requirements-test.lock
	@touch $@

# They need other versions of what Concord uses, so they have an environment of their own.
.venv-live/.installed: .venv/bin/uv requirements-live.lock
	@echo "Installing the servers of the live tests ..."
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-live
	@$(BIN)/uv pip install --quiet --python .venv-live/bin/python --require-hashes -r requirements-live.lock
	@touch $@
