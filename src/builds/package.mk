# What `sam build` runs for each function, in a copy of src/: what is installed, ours, both compiled.
#
# All packages are pure, so that any machine builds for either architecture; pip refuses others.
TARGET = $(ARTIFACTS_DIR)
ON_LAMBDA = /var/task
REQUIREMENTS = requirements.txt
WHEELS = --platform any --implementation py --abi none
OURS = handler
include builds/build.mk
