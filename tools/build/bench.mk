# SPDX-License-Identifier: MIT
#
# `make bench`: what operations cost, in instructions, on xen-lite and on the real Xen, at both widths. Measured is the
# release build. `make bench-kernel`: what the teaching kernel's services cost, native and paravirtual.

bench-sources := $(filter-out %32.S %64.S,$(wildcard tests/bench/*.c tests/bench/*.S))
bench-sources-pv64 := tests/bench/entry64.S
bench-sources-pv32 := tests/bench/entry32.S
bench-guests := $(guest-widths:%=$(BUILD)/tests/bench/%.elf)

# $(call bench-rules,WIDTH)
define bench-rules
$(call guest-rules,tests/bench,test-guest,$(1))
bench-objects-$(1) := $$(call objects,$(BUILD)/$(1),$(bench-sources) $(bench-sources-$(1)))
$(BUILD)/tests/bench/$(1).elf: $$(bench-objects-$(1)) $(guest-support-objects-$(1)) $(test-guest-lds-$(1))
	@mkdir -p $$(@D)
	@$$(call say,LD,$$@)
	$$(Q)$(guest-link-$(1)) -T $(test-guest-lds-$(1)) $$(bench-objects-$(1)) $(guest-support-objects-$(1)) -o $$@
endef
$(foreach width,$(guest-widths),$(eval $(call bench-rules,$(width))))

-include $(call dependencies,$(guest-widths:%=$(bench-objects-%)))

.PHONY: bench bench-here
bench: ## What operations cost, in instructions, on xen-lite (release build) and on the real Xen
	$(Q)$(MAKE) BUILD=$(BUILD)/release DEBUG=0 bench-here

bench-here: hypervisor xlite $(bench-guests)
	$(Q)$(PYTHON) tests/bench/table.py $(XLITE) $(BUILD)/tests/bench build/oracle32/xen

.PHONY: bench-kernel
bench-kernel: guest xlite ramdisks ## What the teaching kernel's services cost: bare machine, xen-lite, the real Xen
	$(Q)$(MAKE) BUILD=$(BUILD)/release DEBUG=0 hypervisor
	$(Q)$(PYTHON) tests/bench/kernel_table.py $(XLITE) $(BUILD)/guest-kernel $(BUILD)/release/xen-lite.elf
