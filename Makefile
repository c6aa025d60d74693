# The two commands: `make reports` and `make test`. Both set up .venv first; the second time they are quick.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PEERS := .venv-bench

.DEFAULT_GOAL := help
.PHONY: help setup sample reports test check peers bench lab messages lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## set up .venv from requirements.lock

$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "fanops needs Python 3.11 or newer, and '$(PYTHON)' is not here. Install it, or say: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "fanops needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -V). Say: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) (once; a few minutes)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock || { echo "The libraries could not be installed: is a package index reachable?"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

sample: $(READY) ## make the simulated brand's exports and import them
	@$(BIN)/fanops sample
	@$(BIN)/fanops import data/sample/raw -w sample

reports: sample ## run the demo plan and print where its index lies
	@$(BIN)/fanops run notebooks/plans/demo.yml -w sample

test: $(READY) ## run all tests, the notebooks included
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist loadfile  # workers share the cores; libraries must not

check: $(READY) ## lint, types and the notebook contract
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/fanops check -w sample

peers: $(PEERS)/.ready ## set up what the benchmarks compare with, in an environment of its own

$(PEERS)/.ready: benchmarks/peers.txt
	@echo "Setting up $(PEERS) (once)"
	@$(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/peers.txt || { echo "The peers could not be installed: is a package index reachable?"; exit 1; }
	@touch $@

bench: sample $(PEERS)/.ready ## run the benchmarks in their quick sizes (all of them with FULL=1: a night) and write one page of them
	@$(BIN)/python benchmarks/page.py $(if $(FULL),--full)

lab: $(READY) ## open the notebooks in JupyterLab
	@$(BIN)/fanops lab -w sample

messages: $(READY) ## bring the catalogues of all languages up to date with the messages in code, notebooks and templates
	@$(BIN)/python -m fanops_utils.text.update

lock: ## write requirements.lock anew (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --upgrade --output-file requirements.lock

clean: ## delete what runs have written; registers and raw files of your own brands stay
	rm -rf data/sample/raw data/sample/warehouse data/sample/truth.json reports/sample
