# Everyday commands. A fresh machine needs git, make, Python 3.11 or later and a network; the rest is fetched here.
#
#   make run PORT=8001 DATA_DIR=~/plumbline-data
#   make test-some ARGS="tests/quizzes -x"

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run demo test test-some test-long check bench messages lock clean

# Used in recipes alone, so that no other command waits for it.
PYTHON = $(shell for each in python3.13 python3.12 python3.11 python3 python3.14; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$each; break; }; done)
VENV := .venv/bin/python
NO_PYTHON = echo "Plumbline: Python 3.11 or later is missing. Install it (Debian, Ubuntu: sudo apt-get install python3 python3-venv), then run the command again." >&2
set_up = @python="$(PYTHON)"; [ -n "$$python" ] || { $(NO_PYTHON); exit 1; }; "$$python" -m elearning.embedded.setup

# Every process of the system would compile some three thousand files anew before it does anything: twice the time.
unexport PYTHONDONTWRITEBYTECODE

ARGS ?=

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'

run: ## set everything up, start the whole system and print its address
	$(set_up) run && exec $(VENV) -m elearning.embedded.start

demo: ## fresh demonstration data; what was there before is set aside
	$(set_up) run && exec $(VENV) -m elearning.embedded.start demo

test: ## the whole suite: SQLite, PostgreSQL, a real worker, a browser (a quarter of an hour)
	$(set_up) test && exec $(VENV) -W ignore:XDG_RUNTIME_DIR -m tests.run

test-some: ## some tests on SQLite: make test-some ARGS="tests/quizzes -x"
	$(set_up) test && exec $(VENV) -m pytest $(ARGS)

test-long: ## load, scale and six-language journeys
	$(set_up) test && exec $(VENV) -W ignore:XDG_RUNTIME_DIR -m tests.run long

check: ## style, import contracts, migrations, messages, templates, types (under a minute)
	$(set_up) test && exec $(VENV) -m tests.check

bench: ## what each kind of page costs, as a table and in build/bench.json
	$(set_up) test && exec $(VENV) -m tests.bench

messages: ## collect the texts to translate into locale/*/LC_MESSAGES/django.po
	$(set_up) run && exec $(VENV) manage.py messages update

lock: ## pin every requirement anew from requirements*.in and package.json
	$(set_up) run && $(VENV) -m elearning.embedded.lock

clean: ## remove what was fetched and built; the data stay
	rm -rf .venv node_modules build
