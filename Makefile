# Everything here sets itself up. It needs Python 3.11 or newer with pip, and a package index.
# A recipe takes what somebody gives (PAIRS=, DIR= ...) from its environment, where make puts it: as
# one word for the shell, whatever is in it. ARGS alone are words.
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
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

.PHONY: demo
demo: environments ## See a failover from alarm to notification, on this machine (KEEP=1: leave it running)
	@$(IN_VENV) -m local.demo $(if $(KEEP),--keep)

.PHONY: inbox
inbox: environments ## Show what an embedded AWS sends as a page of mails (make demo KEEP=1, or make aws)
	@$(IN_VENV) -m local.inbox $(ARGS)

.PHONY: drill
drill: environments ## Play outages against pair documents, write drill-report.html (PAIRS=DIR, ARGS="--help")
	@PYTHONPATH=src $(IN_VENV) -m local.drill $(if $(PAIRS),--pairs "$$PAIRS") $(ARGS)

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
	@# A region of each partition, and Europe: all regions take minutes.
	$(VENV)-sam/bin/cfn-lint -r us-east-1 eu-central-1 cn-north-1 us-gov-west-1 -- template.yaml
	$(VENV)-sam/bin/cfn-lint smn/template.yaml
	$(VENV)-sam/bin/sam validate --lint
	@$(EXPORT) --no-dev | diff src/requirements.txt - \
		&& $(EXPORT) --only-group smn | diff src/builds/cryptography.txt - \
		|| { echo "The locked requirements are stale: make requirements"; exit 1; }

.PHONY: simulate
simulate: environments ## Judge many simulated histories (N=2000 SEED=0)
	@PYTHONPATH=src $(IN_VENV) -m local.simulation -n "$${N:-2000}" --seed "$${SEED:-0}" $(if $(BUG),--bug "$$BUG")

.PHONY: chaos
chaos: environments ## Let outages happen with faults on every side, on the deployed stack (N=60 SEED=0, ARGS="--help")
	@PYTHONPATH=src $(IN_VENV) -m local.chaos -n "$${N:-60}" --seed "$${SEED:-0}" $(ARGS)

.PHONY: load
load: environments ## Send as many alarms as the deployed stack handles, and see what they cost (ARGS="--help")
	@PYTHONPATH=src $(IN_VENV) -m local.load $(ARGS)

.PHONY: mutants
mutants: environments ## Change the rules a little, one change at a time, and see tests notice (ONLY=gates, ARGS="--help")
	@PYTHONPATH=src $(IN_VENV) -m local.mutants $(if $(ONLY),--only "$$ONLY") $(ARGS)

.PHONY: fuzz
fuzz: environments ## Mutate the events of tests/corpus (N=5000 SEED=0)
	@PYTHONPATH=src $(IN_VENV) -m local.fuzzing -n "$${N:-5000}" --seed "$${SEED:-0}"

.PHONY: bench
bench: environments ## Measure beside the official SDK, write docs/performance.md (QUICK=1, BEFORE=REVISION)
	@UV="$(abspath $(UV))" $(IN_VENV) -m benchmarks $(if $(QUICK),--quick) \
		$(if $(BEFORE),--before "$$BEFORE") $(ARGS)

.PHONY: bench-reading
bench-reading: environments ## Measure how long the largest events take to be read
	@PYTHONPATH=src $(IN_VENV) -m benchmarks.parsing

.PHONY: pictures
pictures: environments ## Draw the state machines anew into docs/statemachines.md
	@$(IN_VENV) -m local.pictures

.PHONY: goldens
goldens: environments ## Write the golden files of notices and docs/notifications.md anew
	@$(IN_VENV) -m pytest -q -n0 tests/unit/test_goldens.py --write-goldens $(ARGS)

.PHONY: dashboard-pictures
dashboard-pictures: environments ## Draw the dashboard's widget anew into docs/pictures
	@PICTURES=docs/pictures $(IN_VENV) -m pytest -q -n0 tests/function/test_widget_in_browser.py -k picture

.PHONY: emulator
emulator: environments ## Start the DWS emulator alone (ARGS="--help" for its options)
	@$(IN_VENV) -m local.dws $(ARGS)

.PHONY: aws
aws: environments ## Start the embedded AWS alone (ARGS="--help" for its options)
	@$(IN_VENV) -m local.aws $(ARGS)

.PHONY: check-pairs
check-pairs: environments ## Check pairs' documents offline, one file each (DIR=pairs)
	@PYTHONPATH=src $(IN_VENV) -m failoverctl check "$${DIR:-pairs}"

.PHONY: check-build
check-build: ## Compare what sam build made with what would be deployed (CONFIG= ENV=default)
	@$(PYTHON) -m local.built --config-file "$${CONFIG:-samconfig.local.toml}" --config-env "$${ENV:-default}"

BUILT = $(addprefix .aws-sam/build/,FailoverFunction DashboardFunction SmnApplication/SmnFunction \
	SmnApplication/SmnCryptographyLayer)

.PHONY: digest
digest: ## Print the digest of each package that sam build made (ARGS="a folder or a zip file ...")
	@PYTHONPATH=src $(PYTHON) -m builds.digest $(or $(ARGS),$(BUILT))

EXPORT = $(UV) export --quiet --frozen --no-emit-project --no-header \
	--format requirements-txt

.PHONY: requirements
requirements: $(UV) ## Write what sam build installs anew from uv.lock
	@$(EXPORT) --no-dev > src/requirements.txt
	@$(EXPORT) --only-group smn > src/builds/cryptography.txt

.PHONY: generated
generated: environments ## Write anew what is generated: botocore's models, authorities, checks of schemas
	@$(IN_VENV) -m local.generated.models
	@$(IN_VENV) -m local.generated.authorities
	@PYTHONPATH=src $(IN_VENV) -m local.generated.validators

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
