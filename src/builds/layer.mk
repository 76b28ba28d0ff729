# What `sam build` runs for the layer of SMN's function: cryptography, for one machine's processor.
#
# SAM's own builder downloads what is for another processor than the builder's by name and version
# alone, and compares no hash.
TARGET = $(ARTIFACTS_DIR)/python
ON_LAMBDA = /opt/python
REQUIREMENTS = builds/cryptography.txt
OURS =
# As much of glibc as the runtime has: Amazon Linux 2 for 3.11, 2023 from 3.12 on.
GLIBC = manylinux2014 manylinux_2_17 $(if $(findstring 3.11,$(PYTHON)),,manylinux_2_28 manylinux_2_34)
WHEELS = $(foreach one,$(GLIBC),--platform $(one)_$(MACHINE)) --implementation cp \
	--python-version $(PYTHON:python%=%) --abi cp$(subst .,,$(PYTHON:python%=%))
include builds/build.mk
