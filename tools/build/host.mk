# SPDX-License-Identifier: MIT
#
# Programs of the host: xlite, and the unit tests with lib/ and core/ built a second time under ASan and UBSan.
# lib/string.c is left out there: the host's libc has those functions.

host-flags := -std=gnu11 $(warnings) -O2 $(debug-info) -D_GNU_SOURCE -I.
xlite-flags := $(host-flags) -Itools $(xlite-cflags)
sanitizers := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
# clang would link the sanitizers' library itself into each program, which takes longer than to compile it.
sanitizers-link := $(sanitizers) $(if $(cc-is-clang),-shared-libsan -fuse-ld=gold \
	-Xlinker -rpath -Xlinker $(shell $(CC) --print-runtime-dir))
# -O0: the sanitizers see the program as it was written, and it compiles in half the time.
unit-flags := $(host-flags) -O0 -Ixen-lite -DABI_BOTH_WIDTHS -DCONFIG_DEBUG=1 $(sanitizers) $(unit-cflags)

$(eval $(call remember,xlite,$(CC) $(xlite-flags) $(xlite-libs)))
$(eval $(call remember,unit,$(CC) $(unit-flags) $(sanitizers-link)))

# --- xlite ---
xlite-objects := $(call objects,$(BUILD)/host,$(xlite-sources))

$(BUILD)/host/%.o: %.c $(BUILD)/flags/xlite
	@mkdir -p $(@D)
	@$(call say,CC,$<)
	$(Q)$(CC) $(xlite-flags) $(dependency-flags) -c $< -o $@

$(BUILD)/xlite: $(xlite-objects)
	@mkdir -p $(@D)
	@$(call say,LD,$@)
	$(Q)$(CC) $(xlite-objects) $(xlite-libs) -o $@

.PHONY: xlite
xlite: $(BUILD)/xlite ## Build only the host tool, build/xlite

# --- a Linux guest's program, for tests/qemu/test_linux.py; static, since nothing else is in its ramdisk ---
linux-userland := $(BUILD)/tests/linux/userland

.PHONY: linux-userland
linux-userland: $(linux-userland)

$(linux-userland): tests/linux/userland.c $(BUILD)/flags/xlite
	@mkdir -p $(@D)
	@$(call say,LD,$@)
	$(Q)$(CC) $(host-flags) -static $< -lm -o $@

# --- unit tests ---
rules-sources := $(filter-out xen-lite/lib/string.c %.S,$(lib-sources) $(core-sources))
rules-objects := $(call objects,$(BUILD)/unit,$(rules-sources))
unit-sources := $(sort $(wildcard tests/unit/test_*.c))
unit-support-objects := $(call objects,$(BUILD)/unit,\
	$(filter-out $(unit-sources) tests/unit/guest_%,$(wildcard tests/unit/*.c)))
unit-objects := $(call objects,$(BUILD)/unit,$(unit-sources))
unit-programs := $(patsubst %.c,$(BUILD)/%,$(unit-sources))

$(BUILD)/unit/%.o: %.c $(BUILD)/flags/unit
	@mkdir -p $(@D)
	@$(call say,CC,$<)
	$(Q)$(CC) $(unit-flags) $(dependency-flags) -c $< -o $@

# An archive, so that a test links only what it uses: a rule that needs half of the others shows.
$(BUILD)/unit/rules.a: $(rules-objects)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && ar rcs $@ $(rules-objects)

# The test of lib/ubsan.c does what is undefined, and is linked with that in place of the compiler's own handlers.
ubsan-test := $(BUILD)/tests/unit/test_ubsan
$(BUILD)/unit/tests/unit/test_ubsan.o: unit-flags := $(host-flags) -Ixen-lite $(ubsan-checks)
$(ubsan-test): $(BUILD)/unit/tests/unit/test_ubsan.o $(ubsan-sources) xen-lite/lib/format.c $(wildcard xen-lite/lib/*.h)
	@mkdir -p $(@D)
	@$(call say,LD,$@)
	$(Q)$(CC) $(host-flags) -Ixen-lite $(filter %.o %.c,$^) -lcmocka -o $@

# The file half of the teaching kernel is tested as a whole: its files, and stand-ins for the rest of that kernel.
# "lib/" and "kernel/" are those of guest-kernel/ there.
files-tests := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_files_*.c))
files-objects := $(call objects,$(BUILD)/unit,$(guest-kernel-files) guest-kernel/lib/print.c tests/unit/guest_files.c)
$(files-objects) $(files-tests:$(BUILD)/%=$(BUILD)/unit/%.o): \
		unit-flags := $(host-flags) -O0 -Iguest-kernel $(sanitizers) $(unit-cflags)
$(files-tests): $(BUILD)/tests/unit/%: $(BUILD)/unit/tests/unit/%.o $(files-objects)
	@mkdir -p $(@D)
	@$(call say,LD,$@)
	$(Q)$(CC) $(sanitizers-link) $^ -lcmocka -o $@

# So is its memory half, with another stand-in for the machine.
memory-tests := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_memory_*.c))
memory-objects := $(call objects,$(BUILD)/unit,$(addprefix guest-kernel/kernel/,pages.c heap.c lock.c memory.c) \
	tests/unit/guest_machine.c)
$(memory-objects) $(memory-tests:$(BUILD)/%=$(BUILD)/unit/%.o): \
		unit-flags := $(host-flags) -O0 -Iguest-kernel $(sanitizers) $(unit-cflags)
$(memory-tests): $(BUILD)/tests/unit/%: $(BUILD)/unit/tests/unit/%.o $(memory-objects) \
		$(BUILD)/unit/guest-kernel/lib/print.o
	@mkdir -p $(@D)
	@$(call say,LD,$@)
	$(Q)$(CC) $(sanitizers-link) $^ -lcmocka -o $@

$(filter-out $(ubsan-test) $(files-tests) $(memory-tests),$(unit-programs)): $(BUILD)/tests/unit/%: \
		$(BUILD)/unit/tests/unit/%.o $(unit-support-objects) $(BUILD)/unit/rules.a
	@mkdir -p $(@D)
	@$(call say,LD,$@)
	$(Q)$(CC) $(sanitizers-link) $< $(unit-support-objects) $(BUILD)/unit/rules.a -lcmocka -o $@

# The object of a test is an intermediate file for make; keep it, or each run would compile it again.
.SECONDARY: $(unit-objects)

-include $(call dependencies,$(xlite-objects) $(rules-objects) $(unit-objects) $(unit-support-objects) \
	$(files-objects) $(memory-objects))
