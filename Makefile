# Needs Python 3.11 to 3.14 (what the lock has wheels for) with venv, make and git; everything else goes into .venv.

BIN := .venv/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
# The first Python that will do; `make PYTHON=...` overrides.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null && { echo $$p; break; }; done)

.PHONY: help setup run examples test lint format bench mutants crashes docs lock clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(BIN)/.ready ## make .venv, once (again when the lock or pyproject.toml changes)

$(BIN)/.ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Grondslag needs Python 3.11 to 3.14; python3 here is: $$(python3 -V 2>&1)." \
		"Install one, or name it: make setup PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Setting up .venv with $$($(PYTHON) -V) ..."
	@$(PYTHON) -m venv .venv || { echo "'$(PYTHON) -m venv' does not work: install it (Debian: python3-venv)." >&2; exit 1; }
	@$(PIP) install --require-hashes --no-deps --no-compile -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@# Where Python may not write bytecode, each process would compile all of it again.
	@$(BIN)/python -m compileall -q -j 0 .venv/lib >/dev/null 2>&1 || true
	@touch $@

run: setup ## the example: a web shop asks whom it may write to
	$(BIN)/python examples/online_retail/run.py

examples: setup ## a shop and a bank, by e-mail, post and telephone, before and after 1 July 2026
	$(BIN)/python examples/channels.py

test: lint ## lint, then every test
	$(BIN)/pytest

lint: setup ## style, types, and which module may import which
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: setup ## put the code in the house style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: setup ## measure decisions and screening, beside other engines
	@$(PIP) install --require-hashes --no-deps --no-compile -r tools/bench/requirements.lock
	$(BIN)/python -m tools.bench $(BENCH)

mutants: setup ## change the law a little, everywhere: which change does no test notice?  (docs/mutation.md)
	@$(PIP) install --require-hashes --no-deps --no-compile -r tools/mutants/requirements.lock
	PYTHONHASHSEED=0 $(BIN)/python -m tools.mutants $(MUTANTS)

crashes: setup ## kill the register 1,200 times while it is at work: is everything there, once?
	$(BIN)/python -m tests.anomaly.crashing $(CRASHES)

docs: setup ## regenerate the generated pages
	$(BIN)/python tools/docs.py

# uv resolves for every platform and Python at once; it lives apart, so that it is no part of the lock.
lock: ## choose new versions of everything: rewrites the locks
	@test -x build/lock/bin/uv || { $(PYTHON) -m venv build/lock && build/lock/bin/pip install --quiet uv; }
	@for part in dev=requirements.lock bench=tools/bench/requirements.lock mutants=tools/mutants/requirements.lock; do \
		build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --upgrade \
			--generate-hashes --extra $${part%%=*} --no-emit-index-url --no-emit-find-links --no-annotate \
			--custom-compile-command "make lock" pyproject.toml -o $${part#*=} || exit 1; done

clean: ## remove what was made
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests tools examples -name __pycache__ -prune -exec rm -rf {} +
