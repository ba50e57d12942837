# `make demo` and `make test` do all the set-up: a virtual environment, the locked packages, the project itself.
# Without make, or on Windows: the README has the same steps by hand.

.DEFAULT_GOAL := help
.PHONY: help demo test test-all slow postgres mutate kill crashes laws fuzz clients lint bench docs lock wheel load clean

VENV := .venv
PYTHONS := python3.11 python3.12 python3.13 python3.14
TOOLS := .venv-lock
BIN := $(VENV)/bin
# The lock is complete, so pip may not add to it; building from source uses the locked tools, not others.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation
COMPILE := $(TOOLS)/bin/uv pip compile pyproject.toml --quiet --no-config --upgrade --universal --generate-hashes \
	--python-version 3.11 --no-annotate --no-emit-package pip --custom-compile-command 'make lock'

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.ready-run  ## install what it needs and run the main job (ARGS="--seed 7" and the like)
	$(BIN)/syncdrill demo $(ARGS)

test: $(VENV)/.ready-dev  ## install what it needs and run the tests (ARGS="-k orders")
	$(BIN)/pytest --numprocesses auto --dist worksteal $(ARGS)

slow: $(VENV)/.ready-dev  ## the tests that take minutes (most scenarios, crashes and restarts, 48 hours of world time, a load run)
	$(BIN)/pytest --numprocesses auto --dist worksteal -m slow $(ARGS)

postgres: $(VENV)/.ready-dev  ## the sync core's tests and some scenarios with the ledger on a PostgreSQL (SYNCDRILL_POSTGRES=URL, or a scratch one)
	$(BIN)/pytest --numprocesses auto --dist worksteal --ledger postgres -m 'postgres or not slow' \
		tests/sync_core/test_requirements.py tests/sync_core/test_shell_*.py tests/scenarios/test_library.py \
		tests/kill/test_two_workers.py $(ARGS)

mutate: $(VENV)/.ready-dev  ## break a dozen rules on purpose, one by one, and see their scenarios turn red
	$(BIN)/pytest tests/mutations -m slow --quiet --capture no $(ARGS)

kill: $(VENV)/.ready-dev  ## kill -9 the real sync core at random moments and recount both sides (KILLS=10 for few)
	KILLS=$(or $(KILLS),200) $(BIN)/pytest tests/kill/kill.py --quiet --capture no $(ARGS)

crashes: $(VENV)/.ready-dev  ## end the sync core at every point of a day where something lasts: each day converges (20 minutes)
	CRASHES=all $(BIN)/pytest tests/sync_core/test_crash_at_every_point.py -m slow --numprocesses 2 $(ARGS)

laws: $(VENV)/.ready-dev  ## histories under random loss, delay and repetition of webhooks (LAW_EXAMPLES=100)
	LAW_EXAMPLES=$(or $(LAW_EXAMPLES),100) $(BIN)/pytest tests/sync_core/test_law_webhooks.py -m slow --numprocesses auto $(ARGS)

fuzz: $(VENV)/.ready-dev  ## five minutes of odd requests to both fakes (FUZZ_SECONDS=60 for one)
	$(BIN)/pytest tests/fuzz/fuzz.py $(ARGS)

clients: $(VENV)/.ready-dev  ## foreign programs, unmodified, against the fakes over TLS (ARGS="tap-shopify" for one)
	$(BIN)/python tests/foreign/run.py $(ARGS)

test-all:  ## the tests on every Python from 3.11 on that is found
	@for python in $(PYTHONS); do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			$(MAKE) --no-print-directory test VENV=".venv-$$(basename "$$python")" PYTHON="$$python" || exit 1; \
		fi; \
	done

lint: $(VENV)/.ready-dev  ## linter, formatter, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.ready-dev  ## calls, time and share within ten minutes against what is possible (ARGS="schedule --count 1000")
	$(BIN)/python -m scenarios.bench $(ARGS)

docs: $(VENV)/.ready-run  ## write the reference in docs/reference anew, from the tables
	$(BIN)/python -m scenarios.reference

load: $(VENV)/.ready-dev  ## a short load test (ARGS="--users 50 --time 300")
	$(BIN)/syncdrill load $(ARGS)

wheel: $(VENV)/.ready-dev  ## build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation

lock: $(TOOLS)/bin/uv  ## write both lock files anew, with the newest versions that pyproject.toml allows
	$(COMPILE) --group build --all-extras --output-file requirements-dev.txt
	$(COMPILE) --group build --constraints requirements-dev.txt --output-file requirements.txt
	@for list in tests/foreign/*/requirements.in; do \
		$(subst pyproject.toml,"$$list",$(COMPILE)) --output-file "$${list%.in}.txt" || exit 1; \
	done

clean:  ## remove all that was installed, built or cached
	rm -rf $(VENV) $(TOOLS) .clients build dist out .pytest_cache .hypothesis .ruff_cache .mypy_cache *.egg-info
	find simulator sync_core scenarios loadtests tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.ready-dev: $(VENV)/.ready-run requirements-dev.txt
	$(INSTALL) --require-hashes --requirement requirements-dev.txt
	@touch $@

$(VENV)/.ready-run: requirements.txt pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes --requirement requirements.txt
	$(INSTALL) --editable .
	@touch $@

$(BIN)/python:
	@$(call make_venv,$(VENV))

$(TOOLS)/bin/uv:
	@$(call make_venv,$(TOOLS))
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check uv

# A name may stand for an older Python or for nothing at all, so each is asked; PYTHON=... is asked alone.
define make_venv
for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
	if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		echo "$$python -m venv $(1)"; exec "$$python" -m venv $(1); \
	fi; \
done; \
echo "syncdrill needs Python 3.11 or newer: install it, or say where it is: make PYTHON=/path/to/python3.11" >&2; exit 1
endef
