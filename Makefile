# Everything a newcomer needs; each target makes what it stands on. Python 3.11 or newer is enough.
PYTHON ?= python3
JOBS ?= 2
PORT ?= 8000

VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
UV := 0.13.9

.PHONY: demo serve test faults bench lint format types contracts messages clean

# The demo: a portal with five areas, ready to look at on http://localhost:$(PORT)/.
# SERVE=0 ends after the summary.
demo: export HTTPS = 0
demo: $(VENV)/runtime
	@$(MANAGE) compilemessages
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) demo
	@test "$(SERVE)" = 0 || $(MAKE) --no-print-directory serve

serve: export HTTPS = 0
serve: $(VENV)/runtime
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) work & worker=$$!; trap "kill $$worker 2>/dev/null" EXIT; \
	echo "http://localhost:$(PORT)/"; \
	$(BIN)/gunicorn config.wsgi --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --log-level warning

# On the server that DATABASE_URL names, else on the portal's own.
test: $(VENV)/dev
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

faults: $(VENV)/dev
	$(BIN)/python -m pytest -m faults

bench: $(VENV)/dev
	$(BIN)/python -m tests.bench.engine

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/dev
	$(BIN)/mypy

contracts: $(VENV)/dev
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/test_contracts.py

# What the Chinese catalogue lacks, ready to be pasted into it.
messages: $(VENV)/dev
	@$(MANAGE) untranslated

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

# uv installs in a quarter of pip's time; where there is none for the machine, pip does.
$(VENV)/python: Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, not " + sys.version.split()[0])'
	@echo "making $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV) || echo "going on with pip"
	@touch $@

$(VENV)/runtime: $(VENV)/python requirements.txt
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/dev: $(VENV)/runtime requirements-dev.txt
	@$(call install,requirements-dev.txt)
	@touch $@

define install
echo "installing $(1)" && if test -x $(BIN)/uv; \
then $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --requirement $(1); \
else $(BIN)/pip install --quiet --disable-pip-version-check --requirement $(1); fi
endef
