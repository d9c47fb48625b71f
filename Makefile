# Two commands for a stranger: `make demo` and `make test`. Each sets up what it needs.
VENV := .venv
BIN := $(VENV)/bin
FAULT ?=
.DEFAULT_GOAL := help

.PHONY: help setup demo test check bench proof attacks peers mutants lock clean
help:
	@echo "make demo   set up and play six tickets against a real back office"
	@echo "make test   set up and run the tests"
	@echo "make check  set up and run the static checks (the same as CI)"
	@echo "make bench  set up and measure against peers"
	@echo "make proof  set up and run the long proofs (hours)"

$(VENV)/.core: requirements/bootstrap.txt requirements/core.txt pyproject.toml requirements/install.py
	@python3 requirements/install.py core

$(VENV)/.dev: requirements/bootstrap.txt requirements/dev.txt pyproject.toml requirements/install.py
	@python3 requirements/install.py dev

$(VENV)/.bench: requirements/bootstrap.txt requirements/bench.txt pyproject.toml requirements/install.py
	@python3 requirements/install.py bench

setup: $(VENV)/.dev

demo: $(VENV)/.core
	@$(BIN)/croupier demo $(if $(FAULT),--fault $(FAULT))

test: $(VENV)/.dev
	@$(BIN)/python -m pytest -n 2 --cov --cov-report=term:skip-covered

check: $(VENV)/.dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/basedpyright
	@$(BIN)/lint-imports
	@$(BIN)/croupier eval run evals/tickets

bench: $(VENV)/.bench peers
	@for script in model_call outgoing rules/decide rules/analysis rules/population gate evals/replay evals/whole_runs; do $(BIN)/python bench/$$script.py || exit 1; done

proof: $(VENV)/.dev attacks mutants
	@CROUPIER_PROOF=full $(BIN)/python -m pytest tests/proof

attacks: $(VENV)/.core requirements/attacks.txt
	@python3 requirements/install.py attacks

peers: $(VENV)/.core requirements/peers.txt
	@python3 requirements/install.py peers

mutants: $(VENV)/.bench
	@$(BIN)/python bench/mutants.py

lock: $(VENV)/.dev
	@$(BIN)/python requirements/install.py lock

clean:
	@rm -rf $(VENV) .coverage .coverage.* dist
