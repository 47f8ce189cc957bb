# Bare `make` lists the targets. Set-up is done once and again when a file it depends on changes.
.DEFAULT_GOAL := help
.PHONY: help build site test test-slow test-all lab lint bench bench-coding learn fuzz mutants lock clean

PYTHON ?= $(shell python3.11 -c "" 2>/dev/null && echo python3.11 || echo python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTEST := $(BIN)/python -m pytest -n auto --dist
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

export PYTHONUTF8 := 1
export SOURCE_DATE_EPOCH := 0

help:  ## List the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 16

build: $(READY)  ## Make every table, figure, brief and notebook anew
	$(BIN)/egdata build

site: $(READY)  ## Write notebooks, figures and tables as a website that needs no network
	$(BIN)/egdata site

# Notebooks choose their own backend: under Agg a kernel shows no charts. Both runs always happen. A worker that has
# nothing left takes tests from another, but the cells of a notebook stay together.
test: $(READY)  ## Run the tests, then check every notebook against its saved output
	@status=0; \
	MPLBACKEND=Agg $(PYTEST) worksteal -p no:nbval -m "not slow and not browser" || status=$$?; \
	env -u MPLBACKEND $(PYTEST) loadfile --nbval --nbval-current-env notebooks || status=$$?; \
	exit $$status

test-slow: $(READY)  ## Run the slow tests: in a browser, killed and parallel runs, packages, the README's code, patterns in linear time
	MPLBACKEND=Agg $(PYTEST) worksteal -p no:nbval -m "slow or browser"

test-all: test test-slow  ## Run all tests

lab: $(READY)  ## Open the notebooks in JupyterLab
	$(BIN)/python -m jupyterlab --notebook-dir=notebooks --LabApp.default_url=/lab/tree/index.ipynb

lint: $(READY)  ## Check style, formatting, and that packages import one way only
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	PYTHONPATH=. $(BIN)/lint-imports --no-logo

bench: $(READY)  ## Time the pipeline, whole corpora and networks, as ratios in one run, and the keys of the reader
	$(BIN)/python tests/bench_pipeline.py
	$(BIN)/python tests/bench_networks.py
	$(BIN)/python tests/bench_reader.py

bench-coding: $(READY)  ## Score the rules on every coded set that is not sealed; how many phrases there are, and are not needed
	$(BIN)/egdata score --all
	$(BIN)/egdata codebook check --unneeded

learn: $(READY)  ## Learn the weights of the bundled codebook anew, when its rules or coded sentences have changed
	$(BIN)/egdata codebook learn data/codebook tests/sentences.tsv

fuzz: $(READY)  ## Feed egdata damaged reports and codebooks for ten minutes
	$(BIN)/python tests/fuzz_reports.py

mutants: $(READY)  ## Change the rules' code line by line and list the changes that no test notices (twenty minutes; not on Windows)
	rm -rf mutants
	$(BIN)/mutmut run
	$(BIN)/mutmut results

lock:  ## Pin requirements.txt anew (needs uv)
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --fork-strategy fewest \
		--generate-hashes --no-emit-index-url --custom-compile-command 'make lock' \
		--upgrade --quiet --output-file requirements.txt

clean:  ## Remove the environment, caches and packages; tables, figures, brief and notebooks stay
	rm -rf $(VENV) build dist mutants .pytest_cache .ruff_cache .hypothesis
	find . -name .git -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("egdata needs Python 3.11 or later, and $(PYTHON) is older: make PYTHON=/path/to/python")'
	@echo "Setting up $(VENV) (once, a few minutes)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@
