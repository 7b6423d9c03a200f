# SPDX-License-Identifier: MIT
#
# libFuzzer targets: tests/fuzz/fuzz_*.c, one program each, with lib/ and core/ built a third time, by clang, for
# coverage.

FUZZ_SECONDS := $(or $(SECONDS),30)
fuzz-flags := -std=gnu11 $(warnings) -O1 -g -D_GNU_SOURCE -I. -Ixen-lite -DABI_BOTH_WIDTHS -DCONFIG_DEBUG=1 \
	-fno-omit-frame-pointer -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
$(eval $(call remember,fuzz,$(CLANG) $(fuzz-flags)))

fuzz-sources := $(sort $(wildcard tests/fuzz/fuzz_*.c))
fuzz-support := $(filter-out $(fuzz-sources),$(wildcard tests/fuzz/*.c))
fuzz-programs := $(patsubst %.c,$(BUILD)/%,$(fuzz-sources))
fuzz-objects := $(call objects,$(BUILD)/fuzz,$(rules-sources) $(fuzz-support))
# xlite's readers of kernel files, which rely on lib/.
fuzz-xlite-objects := $(call objects,$(BUILD)/fuzz,$(xlite-reader-sources))
fuzz-main-objects := $(call objects,$(BUILD)/fuzz,$(fuzz-sources))

$(BUILD)/fuzz/%.o: %.c $(BUILD)/flags/fuzz
	@mkdir -p $(@D)
	@$(call say,FUZZ,$<)
	$(Q)$(CLANG) $(fuzz-flags) $(dependency-flags) -c $< -o $@

$(BUILD)/fuzz/rules.a: $(fuzz-objects)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && ar rcs $@ $(fuzz-objects)

$(BUILD)/fuzz/xlite.a: $(fuzz-xlite-objects)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && ar rcs $@ $(fuzz-xlite-objects)

# The second decoder.
$(BUILD)/tests/fuzz/fuzz_decode_zydis: fuzz-libs := -lZydis

$(fuzz-programs): $(BUILD)/tests/fuzz/%: $(BUILD)/fuzz/tests/fuzz/%.o $(BUILD)/fuzz/xlite.a $(BUILD)/fuzz/rules.a
	@mkdir -p $(@D)
	@$(call say,LD,$@)
	$(Q)$(CLANG) $(fuzz-flags) $(filter %.o %.a,$^) $(xlite-reader-libs) $(fuzz-libs) -o $@

.SECONDARY: $(fuzz-main-objects)
-include $(call dependencies,$(fuzz-objects) $(fuzz-xlite-objects) $(fuzz-main-objects))

.PHONY: fuzz-programs
fuzz-programs: $(fuzz-programs) ## Build only the fuzzers
