# SPDX-License-Identifier: MIT
#
# Our headers against Debian's headers of Xen (libxen-dev), and the proof that a mistake would be noticed.

abi-test-inputs := $(wildcard abi/*.h abi/*.def tests/abi/*.py)
# make CC=clang compares what clang makes of the headers.
abi-test-flags = --compiler $(CC)

.PHONY: test-abi abi-tests
test-abi: ## ABI: every number, size and offset of abi/ against /usr/include/xen
	$(Q)$(PYTHON) tests/abi/compare.py $(abi-test-flags) --scratch $(BUILD)/tests/abi
	$(Q)$(PYTHON) tests/abi/mutations.py $(abi-test-flags) --scratch $(BUILD)/tests/abi/mutations

# The comparison alone, and only when something changed: for make check.
abi-tests: $(BUILD)/tests/abi/compared.ok

$(BUILD)/tests/abi/compared.ok: $(abi-test-inputs)
	@mkdir -p $(@D)
	@$(call say,TEST,abi)
	$(Q)$(PYTHON) tests/abi/compare.py $(abi-test-flags) --scratch $(@D) > $(@D)/compare.log 2>&1 || \
		{ cat $(@D)/compare.log; exit 1; }
	@touch $@
