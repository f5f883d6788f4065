# Two commands need nothing but Python 3.11+ and make:  make run  and  make test.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement

.PHONY: run test check fix bench soak lock clean
.DEFAULT_GOAL := run

run: $(VENV)/.run ## start Warmup in the browser, or on the platforms that are configured
	@$(BIN)/python -m bot run

# Tracing takes half as long again, so the gate on coverage is where it must hold: in CI, or with CI=1.
COVERAGE := $(if $(CI),--cov --cov-report=term --cov-fail-under=90)

test: $(VENV)/.dev ## all tests but the long ones
	@$(BIN)/python -m pytest -n auto --dist worksteal $(COVERAGE)

check: $(VENV)/.dev ## format, lint, types, dependency rule, spelling, the question bank
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/codespell
	@$(BIN)/python -m bot questions lint

fix: $(VENV)/.dev ## mend what can be mended by itself
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.dev ## measure
	@$(BIN)/python -m pytest tests/bench -m bench -o faulthandler_timeout=0 -s --no-header -q

soak: $(VENV)/.dev ## crash and load for long
	@$(BIN)/python -m pytest tests -m soak -o faulthandler_timeout=0 -s --no-header -q

lock: $(VENV)/.dev ## bring the lock files up to date; needs uv
	@UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--no-emit-index-url --no-strip-extras --extra postgres pyproject.toml --output-file requirements.txt
	@UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--no-emit-index-url --no-strip-extras --extra postgres --extra dev --constraint requirements.txt pyproject.toml \
		--output-file requirements-dev.txt

clean: ## remove what the commands made, but not the database
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* build artifacts
	rm -rf questions/data/.cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Warmup needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12")'
	@echo "Setting up in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.made requirements.txt
	@echo "Installing what Warmup needs ..."
	@$(PIP) requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.made requirements-dev.txt
	@echo "Installing what the tests need ..."
	@$(PIP) requirements-dev.txt
	@touch $@ $(VENV)/.run
