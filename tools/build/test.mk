# SPDX-License-Identifier: MIT
#
# `make test`: every layer, after the same set-up as a fresh machine needs. tests/run does the work and sums up.

.PHONY: test
test: ## Set up and run every test; the last line counts (LAYERS="unit boots": builds and these)
	$(Q)tools/setup.sh test
	$(Q)$(PYTHON) tests/run --build $(BUILD) --fuzz-seconds $(FUZZ_SECONDS) $(LAYERS)

.PHONY: unit-programs unit fuzz
unit-programs: $(unit-programs) ## Build only the unit tests
unit: check-unit ## Run the unit tests

fuzz: fuzz-programs ## Run the fuzzers only: make fuzz SECONDS=600
	$(Q)$(PYTHON) tests/run --build $(BUILD) --fuzz-seconds $(FUZZ_SECONDS) fuzz

.PHONY: fuzz-guest
fuzz-guest: xlite test-guests ## Random hypercalls by two domains: make fuzz-guest CALLS=1000000000 SEED=7
	$(Q)$(MAKE) BUILD=$(BUILD)/release DEBUG=0 hypervisor
	$(Q)XLITE_BUILD=$(BUILD) $(PYTHON) tests/qemu/many_calls.py $(or $(CALLS),20000000) $(or $(SEED),1)

.PHONY: oracle-domu
oracle-domu: xlite test-guests ## All test guests as unprivileged domains on the real Xen, each judged (some minutes)
	$(Q)tools/setup.sh test
	$(Q)XLITE_BUILD=$(BUILD) $(PYTHON) tests/qemu/domu.py --all
	$(Q)if [ -e build/oracle32/xen ]; then XLITE_BUILD=$(BUILD) $(PYTHON) tests/qemu/domu.py --pv32 --all; fi
