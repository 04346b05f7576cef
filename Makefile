# Colloquy: `make run` serves the blog, `make test` runs the tests. README.md says the rest.

PYTHON ?= python3
export HOST ?= 127.0.0.1
export PORT ?= 8000
export DATA ?= var

.PHONY: run test check bench lock

run: .venv/installed
	@exec .venv/bin/python manage.py serve

test: .venv/installed-for-tests .tools/installed
	@exec .venv/bin/python -m pytest -n auto --dist loadfile $(ARGS)

check: .venv/installed-for-tests
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/djade --check --target-version 5.2 $$(find templates -name '*.html')
	.venv/bin/mypy
	.venv/bin/python manage.py makemigrations --check --dry-run
	SITE_URL=https://blog.example TRUSTED_PROXIES=1 .venv/bin/python manage.py check --deploy --fail-level WARNING

# A million comments, on SQLite and where DATABASE_URL names PostgreSQL there; ARGS=--keep for more.
# Then pages and comments a second, beside the machine's own floors (needs wrk).
bench: .venv/installed
	.venv/bin/python -m benchmarks.desk $(ARGS)
	.venv/bin/python -m benchmarks.serving

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Colloquy needs Python 3.11 or newer and did not find it as “$(PYTHON)”. Install it, or name it: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Colloquy needs Python’s venv module. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	@echo "Installing what the blog needs …"
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/installed-for-tests: requirements-dev.txt .venv/installed
	@echo "Installing what the tests need …"
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# The checkers of pages come from npm; without it their tests are skipped and say so.
.tools/installed: Makefile
	@mkdir -p .tools
	@if command -v npm >/dev/null; then \
	  npm install --prefix .tools --no-save --no-package-lock --no-audit --no-fund --ignore-scripts --silent axe-core@4.14.1 vnu-jar@26.9.27; \
	else echo "npm is not here: the tests of axe-core and the Nu checker will be skipped." >&2; fi
	@touch $@

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-strip-extras -o requirements.txt pyproject.toml
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-strip-extras -c requirements.txt --group dev -o requirements-dev.txt
