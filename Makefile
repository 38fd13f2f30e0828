# make demo   aligns the sample article, writes bitext, TMX and TSV into demo/, shows the beads
# make test   ruff, mypy and all tests
#
# make fuzz   20,000 damaged files of every format (COUNT, FIRST)
# make benchmark   accuracy on development data (DATA or ALIGNER_DEV_DATA); PEERS=galechurch,vecalign, WRITE=1
#
# Each makes its own environment in .venv; a second run finds it ready.

SHELL := /bin/sh
# The first of these that is new enough; `make PYTHON=…` names another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
# The versions that the tests run with. `make CONSTRAINTS=` takes the newest instead.
CONSTRAINTS ?= constraints.txt
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq --no-input
INSTALL = $(PIP) install $(if $(CONSTRAINTS),--constraint $(CONSTRAINTS))

SEED := seeds/002_9543e6bcbcfb8ab6.txt
DEMO := demo/002

.PHONY: help demo test lint format pytest benchmark fuzz screenshots clean
.DELETE_ON_ERROR:

help:
	@echo "make demo     align the sample article into demo/ and show the beads"
	@echo "make test     ruff, mypy and all tests"
	@echo "make lint     ruff and mypy"
	@echo "make format   lay the code out with ruff"
	@echo "make benchmark   accuracy on development data, printed"
	@echo "make fuzz     damaged files of every format, none of which may do harm"
	@echo "make screenshots   the pictures in docs/images, of the editor in Chromium"
	@echo "make clean    remove the environment, demo/ and caches"

demo: $(VENV)/.core
	@mkdir -p demo
	@$(BIN)/aligner align --quiet $(SEED) -o $(DEMO).bitext.jsonl
	@$(BIN)/aligner export --quiet $(DEMO).bitext.jsonl --format tmx -o $(DEMO).tmx
	@$(BIN)/aligner export --quiet $(DEMO).bitext.jsonl --format tsv -o $(DEMO).tsv
	@$(BIN)/aligner export $(DEMO).bitext.jsonl --format table
	@echo
	@echo "The article $(SEED), aligned:"
	@echo "  $(DEMO).bitext.jsonl   every bead with its confidence and evidence"
	@echo "  $(DEMO).tmx            translation memory, for OmegaT and other CAT tools"
	@echo "  $(DEMO).tsv            the same beads as a table"

test: lint pytest

pytest: $(VENV)/.dev
	@$(BIN)/python -m pytest -q

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "Lay the code out with 'make format'."; exit 1; }
	@$(BIN)/mypy

format: $(VENV)/.dev
	@$(BIN)/ruff format .

benchmark: $(VENV)/.dev
	@$(if $(PEERS),$(PIP) install --requirement benchmarks/requirements.txt)
	@$(BIN)/python -m benchmarks.accuracy $(DATA) $(if $(PEERS),--peers $(PEERS)) $(if $(WRITE),--write-docs)

fuzz: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.fuzz --count $(or $(COUNT),20000) --seed $(or $(FIRST),0)

screenshots: $(VENV)/.dev
	@$(BIN)/python tools/screenshots.py

clean:
	rm -rf $(VENV) demo .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/.made:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "aligner needs Python 3.11 or newer, and found none."; \
	  echo "Install one, and name it if it has another name: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; \
	  exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "This Python cannot make environments: install its venv module"; \
	  echo "(Debian, Ubuntu: sudo apt-get install python3-venv), then run make again."; exit 1; }
	@echo "Making the environment in $(VENV) (once) ..."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@touch $@

# Installing also compiles the loops, where there is a C compiler.
LOOPS := tools/build_compiled.py src/aligner/compiled/loops.c

$(VENV)/.core: $(VENV)/.made pyproject.toml constraints.txt $(LOOPS)
	@echo "Installing aligner and what it needs into $(VENV) ..."
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.made pyproject.toml constraints.txt $(LOOPS)
	@echo "Installing aligner and what its tests need into $(VENV) ..."
	@$(INSTALL) --editable '.[dev]'
	@touch $@ $(VENV)/.core
