# SPDX-License-Identifier: MIT
#
# `make coverage`: which lines of lib/ and core/ the unit tests run. They are built once more, by gcc with its counters
# beside the sanitizers, so that make test needs no others of gcc. A function of a header that no test calls is not
# compiled, so nobody counts it.

coverage-build := $(BUILD)/coverage

.PHONY: coverage coverage-programs
coverage-programs: ## Build only the unit tests that count lines
	$(Q)$(MAKE) BUILD=$(coverage-build) CC=gcc sanitizers='$(sanitizers) --coverage' unit-programs

coverage: ## Lines of lib/ and core/ that unit tests run; fails below the floor (the lines: build/coverage/lines.txt)
coverage: coverage-programs
	@$(call say,TEST,coverage)
	$(Q)find $(coverage-build) -name '*.gcda' -delete
	$(Q)for test in $(unit-programs:$(BUILD)/%=$(coverage-build)/%); do \
		$$test > $$test.log 2>&1 || { cat $$test.log; exit 1; }; done
	$(Q)gcovr $(coverage-build) --root . --object-directory $(coverage-build) \
		--filter xen-lite/lib/ --filter xen-lite/core/ \
		--txt $(coverage-build)/lines.txt --json-summary $(coverage-build)/summary.json
	$(Q)$(PYTHON) tools/checks/coverage.py $(coverage-build)/summary.json
