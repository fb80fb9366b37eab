# Every command of the project; `make` alone lists them. A fresh machine needs git, make and Python 3.11+.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
SERVE ?= 1
ARGS ?=

CATALOGUES := $(wildcard locale/*/LC_MESSAGES/django.po)
COMPILED := $(CATALOGUES:.po=.mo)
# The lock is complete, so pip need not resolve anything; every file is checked against its hash.
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo test lint types bench faults run openapi messages key lock

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(VENV)/installed-dev $(COMPILED) ## make .venv with everything that development needs

demo: $(VENV)/installed $(COMPILED) ## sandbox portal, sync, KPI table, site on 127.0.0.1:8000 (SERVE=0 ends after the table, PORT=…)
	@$(BIN)/python manage.py demo --port $(PORT) $(if $(filter 0,$(SERVE)),--no-serve)

test: install ## run the tests (ARGS="tests/kpis -x", DATABASE_URL=postgres://… for PostgreSQL)
	$(BIN)/python -m pytest -n auto $(ARGS)

lint: install ## check style, templates and the layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --check --lint --quiet templates
	$(BIN)/lint-imports

types: install ## check the types
	$(BIN)/mypy .

bench: install ## measure speed, memory and requests (ARGS passed on)
	@for script in tests/performance/bench_*.py; do \
		echo "== $$script"; $(BIN)/python $$script $(ARGS) || exit 1; \
	done

faults: install ## kill the mirror's processes by the hundred among all kinds of faults (ARGS="--seed 2", DATABASE_URL=…)
	$(BIN)/python -m tests.faults $(ARGS)

run: $(VENV)/installed $(COMPILED) ## migrate, then run the site, a worker and beat on your own database (PORT=…)
	@$(BIN)/python manage.py serve --port $(PORT)

openapi: $(VENV)/installed ## write the schema of the API to docs/openapi.yaml
	$(BIN)/python manage.py spectacular --urlconf config.api --lang en --validate --fail-on-warn --file docs/openapi.yaml

messages: install ## collect the strings to translate into locale/ru (needs GNU gettext)
	$(BIN)/python manage.py makemessages --locale ru --no-location --no-obsolete --ignore var --ignore tests

key: $(VENV)/installed ## print a new key for FIELD_ENCRYPTION_KEYS
	@$(BIN)/python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"

lock: install ## pin the newest versions that fit requirements*.in (UPGRADE=1), or just what changed there
	$(LOCK) $(if $(UPGRADE),--upgrade) requirements.in --output-file requirements.txt
	$(LOCK) $(if $(UPGRADE),--upgrade) requirements-dev.in --output-file requirements-dev.txt

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.txt | $(BIN)/python
	@echo "Installing what the product needs into $(VENV) …"
	@$(PIP_INSTALL) --requirement $<
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@echo "Installing what development needs into $(VENV) …"
	@$(PIP_INSTALL) --requirement $<
	@touch $@

%.mo: %.po | $(VENV)/installed
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
