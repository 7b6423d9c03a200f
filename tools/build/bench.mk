# SPDX-License-Identifier: MIT
#
# `make bench`: what operations cost, in instructions, on xen-lite and on the real Xen. Measured is the release build.

bench-guest := $(BUILD)/tests/bench/pv64.elf
bench-objects := $(call objects,$(BUILD)/pv64,$(wildcard tests/bench/*.c tests/bench/*.S))

$(eval $(call guest-rules,tests/bench,test-guest,pv64))

$(bench-guest): $(bench-objects) $(guest-support-objects-pv64) $(test-guest-lds-pv64)
	@mkdir -p $(@D)
	@$(call say,LD,$@)
	$(Q)$(guest-link-pv64) -T $(test-guest-lds-pv64) $(bench-objects) $(guest-support-objects-pv64) -o $@

-include $(call dependencies,$(bench-objects))

.PHONY: bench bench-here
bench: ## What operations cost, in instructions, on xen-lite (release build) and on the real Xen
	$(Q)$(MAKE) BUILD=$(BUILD)/release DEBUG=0 bench-here

bench-here: hypervisor xlite $(bench-guest)
	$(Q)$(PYTHON) tests/bench/table.py $(XLITE) $(bench-guest)
