# Every target sets up what it needs: Python 3.11 or later and make are enough.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help up down demo test check audit bench lock docs site format

BIN := .venv/bin
export ADVISORIES
export RENCONTRES_TEST_BACKEND = $(or $(BACKEND),embedded)

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-8s %s\n", $$1, $$2}'

up: ## Start the whole network on this machine (ARGS="--detach" returns when it is healthy)
	@scripts/setup local
	@exec $(BIN)/rencontres up $(ARGS)

down: ## Stop it; its data stays in var/
	@scripts/setup local
	@$(BIN)/rencontres down $(ARGS)

demo: ## Drive a whole meetup through the running network: 200 people for 120 seats
	@scripts/setup local
	@$(BIN)/rencontres demo $(ARGS)

test: ## Run the tests (ARGS="-k waiting tests/unit"; BACKEND=containers takes servers from Docker)
	@scripts/setup dev
	@scripts/test $(ARGS)

check: ## Format, lint, types, import rule, lock, licences, drift of the committed documents
	@scripts/setup dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m scripts.audit lock licences
	scripts/documents --check

audit: ## What we take from others: lock, licences, bills of materials, secrets, vulnerabilities (ADVISORIES=folder)
	@scripts/setup dev
	@scripts/audit-tools
	@$(BIN)/python -m scripts.audit $(ARGS)

bench: ## Measure the figures the design promises; writes var/bench.json
	@scripts/setup dev
	@$(BIN)/python -m tests.bench $(ARGS)

docs: ## Write the committed documents anew: schemas, events, settings and licences page, AsyncAPI, OpenAPI
	@scripts/setup dev
	@scripts/documents

site: ## Make var/site, a site of all these pages to read in a browser (a dead link is an error)
	@scripts/setup dev
	@scripts/site

format: ## Format the code and fix what the linter can
	@scripts/setup dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## Resolve requirements/*.txt anew (hashed; they name no index)
	@scripts/setup dev
	@scripts/lock
