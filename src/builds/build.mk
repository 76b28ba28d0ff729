# How a package is made: installed by hash, without what is of this machine, listed, and compiled.
#
# SAM's own builder ships sources alone. Lambda's folders cannot be written to, so that they would
# be compiled at every cold start. `checked-hash`: by its date a .pyc is of no use after it was
# zipped, and one that nobody checks would go on to run after its source was mended in the console.
PIP = $(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
	--no-deps --no-compile --only-binary=:all: $(WHEELS)

# A seed, as two builds shall give the same bytes.
COMPILE = PYTHONHASHSEED=0 $(PYTHON) -m compileall -q --invalidation-mode checked-hash
REPORT = $(ARTIFACTS_DIR)/installed.json

build-%:
	@$(PIP) --require-hashes --requirement $(REQUIREMENTS) --report "$(REPORT)" --target "$(TARGET)"
	@$(PYTHON) -m builds.scripts "$(TARGET)"
	@$(if $(OURS),cp -R $(OURS) "$(TARGET)")
	@find "$(TARGET)" -name __pycache__ -prune -exec rm -rf {} +
	@$(PYTHON) -m builds.sbom "$(TARGET)" $(REQUIREMENTS) "$(REPORT)"
	@rm "$(REPORT)"
	@$(COMPILE) -s "$(TARGET)" -p $(ON_LAMBDA) "$(TARGET)"
	@chmod -R u=rwX,go=rX "$(ARTIFACTS_DIR)"
