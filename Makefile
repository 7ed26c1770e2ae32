# claimaudit: two commands on a fresh machine with Python 3.11 or newer, pip and make:
#   make audit    audits sample_data/claims into out/sample/ and prints the numbers that matter
#   make test     runs the whole test suite
# Another Python: make PYTHON=python3.12 audit

PYTHON ?= python3
VENV ?= .venv
AIRFLOW_VENV ?= .venv-airflow
PYTEST_ARGS ?= -n auto --dist loadfile

BIN := $(VENV)/bin
PIP_INSTALL = -m pip install --quiet --disable-pip-version-check
UV_VERSION := 0.13.9
UV_COMPILE := .venv-lock/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-annotate --custom-compile-command "make lock"

# Where Chromium is, if anywhere; the same names as in tests/conftest.py.
CHROMIUM = $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.PHONY: audit test lock install-test-tools missing-test-tools python
.DELETE_ON_ERROR:

audit: $(VENV)/.package
	@$(BIN)/claimaudit run sample_data/claims --out out --db out/claimaudit.duckdb --run-key sample

test: $(VENV)/.test missing-test-tools
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

missing-test-tools:
	@test -n "$(CHROMIUM)" || echo "The browser tests are skipped, as Chromium is missing: make install-test-tools"
	@test -e $(AIRFLOW_VENV)/.airflow || echo "The Airflow tests are skipped, as Airflow is missing: make install-test-tools"

# Programs that only some tests need: Chromium from Debian's packages, Airflow in an environment of its own.
install-test-tools: $(AIRFLOW_VENV)/.airflow
	@test -n "$(CHROMIUM)" || { \
	  if [ "$$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi; \
	  $$sudo apt-get update -qq && \
	  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium; }

# Regenerates the lock files, which name neither an index nor this machine. Pins that still fit stay; remove a file for newer
# ones.
lock: | python
	@test -x .venv-lock/bin/uv || $(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python $(PIP_INSTALL) uv==$(UV_VERSION)
	@$(UV_COMPILE) pyproject.toml --group backend --output-file requirements/runtime.txt
	@$(UV_COMPILE) pyproject.toml --group backend --extra test --extra browser \
	  --constraint requirements/runtime.txt --output-file requirements/test.txt
	@$(UV_COMPILE) --group pyproject.toml:airflow --output-file requirements/airflow.txt

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "claimaudit needs Python 3.11 or newer and $(PYTHON) is not; name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) has no venv module; on Debian: apt-get install python3-venv" >&2; exit 1; }

# An environment is complete when its stamp is there, and is made anew when its requirements change.
$(VENV)/.runtime: requirements/runtime.txt | python
	@echo "Making $(VENV) from $< (about a minute, only once)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python $(PIP_INSTALL) --require-hashes -r $<
	@touch $@

$(VENV)/.package: pyproject.toml $(VENV)/.runtime
	@$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.package
	@echo "Adding the test tools of $<"
	@$(BIN)/python $(PIP_INSTALL) --require-hashes -r $<
	@touch $@

$(AIRFLOW_VENV)/.airflow: requirements/airflow.txt | python
	@echo "Making $(AIRFLOW_VENV) from $<"
	@$(PYTHON) -m venv --clear $(AIRFLOW_VENV)
	@$(AIRFLOW_VENV)/bin/python $(PIP_INSTALL) --require-hashes -r $<
	@touch $@
