# Two commands matter: `make demo` and `make test`. Each does its own set-up, on a fresh clone too.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help setup demo test check bench triage docs screenshots lock clean

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): requirements/dev.txt pyproject.toml
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Vetline needs Python 3.11 or newer: set PYTHON=/path/to/python3.11")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt 2>&1 | grep -v "is ignored: it is" || true
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . 2>&1 | grep -v "is ignored: it is" || true
	@$(BIN)/python -c 'import vetline, granian, pytest' && touch $(READY)

setup: $(READY) ## install everything into .venv

demo: $(READY) ## the main job, from submission to decision, on real institutions
	@$(BIN)/python examples/demo.py

test: $(READY) check ## every check and every test
	@$(BIN)/python -m pytest $(PYTEST_OPTIONS)

check: $(READY) ## lint, formatting, types, arrows between the rooms
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: $(READY) ## ratios, peers, latency, growth, pages, the worker, several processes, the sandbox
	@$(BIN)/python -m bench

triage: $(READY) ## the triage's confusion table over the labelled domains
	@$(BIN)/python -m bench.triage

docs: $(READY) ## write the generated sections of the documents anew
	@$(BIN)/python -m docs.generate

screenshots: $(READY) ## photograph every page anew (needs Chromium)
	@$(BIN)/python -m docs.screenshots

lock: ## resolve the locked versions anew (needs uv)
	uv pip compile pyproject.toml --extra sandbox --extra postgres --extra webhooks --extra telemetry --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade -o requirements/dev.txt
	uv pip compile pyproject.toml --extra sandbox --extra postgres --extra webhooks --extra telemetry --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade -o requirements/runtime.txt

clean: ## remove what set-up made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
