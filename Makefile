# Everything here sets itself up. It needs Python 3.11 or newer with pip, and a package index.
PYTHON ?= python3
VENV ?= .venv

UV_VERSION := 0.13.9
UV := .cache/uv-$(UV_VERSION)/bin/uv
IN_VENV := $(VENV)/bin/python

export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON_PREFERENCE := only-system
export SAM_CLI_TELEMETRY := 0

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

.PHONY: demo
demo: environments ## See a failover from alarm to notification, on this machine
	@$(IN_VENV) -m local.demo

# Tests wait more than they compute: three processes are right even for two cores.
.PHONY: test
test: environments ## Run all tests side by side (ARGS="tests/unit/test_x.py -k y"; -n0: in one process)
	@$(IN_VENV) -m pytest -n 3 $(ARGS)

.PHONY: test-fast
test-fast: environments ## Run the tests that need nothing but Python, in seconds
	@$(IN_VENV) -m pytest -q -n0 tests/unit $(ARGS)

.PHONY: lint
lint: environments ## Check style, types, imports, the template and the locked requirements
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	PYTHONPATH=src $(VENV)/bin/lint-imports --no-logo
	$(VENV)-sam/bin/cfn-lint -r ALL_REGIONS -- template.yaml
	$(VENV)-sam/bin/cfn-lint smn/template.yaml
	$(VENV)-sam/bin/sam validate --lint
	@$(EXPORT) --no-dev | diff src/requirements.txt - \
		&& $(EXPORT) --only-group smn | diff smn/cryptography/requirements.txt - \
		|| { echo "The locked requirements are stale: make requirements"; exit 1; }

.PHONY: simulate
simulate: environments ## Judge many simulated histories (N=2000 SEED=0)
	@PYTHONPATH=src $(IN_VENV) -m local.simulation -n $(or $(N),2000) --seed $(or $(SEED),0) $(if $(BUG),--bug "$(BUG)")

.PHONY: fuzz
fuzz: environments ## Mutate the events of tests/corpus (N=5000 SEED=0)
	@PYTHONPATH=src $(IN_VENV) -m local.fuzzing -n $(or $(N),5000) --seed $(or $(SEED),0)

.PHONY: bench
bench: environments ## Measure event to POST beside the official SDK, reconcile, and reading
	@$(IN_VENV) -m benchmarks
	@$(IN_VENV) -m benchmarks.pairs
	@PYTHONPATH=src $(IN_VENV) -m benchmarks.parsing

.PHONY: pictures
pictures: environments ## Draw the state machines anew into docs/statemachines.md
	@$(IN_VENV) -m local.pictures

.PHONY: emulator
emulator: environments ## Start the DWS emulator alone (ARGS="--help" for its options)
	@$(IN_VENV) -m local.dws $(ARGS)

.PHONY: aws
aws: environments ## Start the embedded AWS alone (ARGS="--help" for its options)
	@$(IN_VENV) -m local.aws $(ARGS)

.PHONY: check-build
check-build: ## Compare what sam build made with what would be deployed (CONFIG= ENV=default)
	@$(PYTHON) -m local.built --config-file $(or $(CONFIG),samconfig.local.toml) --config-env $(or $(ENV),default)

EXPORT = $(UV) export --quiet --frozen --no-emit-project --no-header \
	--format requirements-txt

.PHONY: requirements
requirements: $(UV) ## Write what sam build installs anew from uv.lock
	@$(EXPORT) --no-dev > src/requirements.txt
	@$(EXPORT) --only-group smn > smn/cryptography/requirements.txt

.PHONY: environments
environments: $(UV) ## Make the virtual environments: tools, what Lambda holds, the SAM CLI
	@UV_PROJECT_ENVIRONMENT=$(VENV) $(UV) sync --quiet --frozen --python "$(BASE_PYTHON)"
	@UV_PROJECT_ENVIRONMENT=$(VENV)-lambda $(UV) sync --quiet --frozen --python "$(BASE_PYTHON)" \
		--only-group lambda
	@UV_PROJECT_ENVIRONMENT=$(VENV)-sam $(UV) sync --quiet --frozen --python "$(BASE_PYTHON)" \
		--only-group sam

BASE_PYTHON = $(shell $(PYTHON) -c 'import sys; print(sys.executable)')

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3 ..."; exit 1; }
	@echo "Setting up, once ..."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
		--target .cache/uv-$(UV_VERSION) uv==$(UV_VERSION)

.PHONY: clean
clean: ## Remove everything that make has made
	rm -rf .venv .venv-* .cache .aws-sam .hypothesis .mypy_cache .pytest_cache .ruff_cache
	rm -rf .import_linter_cache
