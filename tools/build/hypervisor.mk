# SPDX-License-Identifier: MIT
#
# The hypervisor: $(BUILD)/xen-lite.elf. Linked twice: the first image has an empty symbol table; its text symbols
# become symbols.S, which the second link puts in .rodata, behind the text. So the addresses stay as they were; the
# rule checks it.

hypervisor-sources := $(lib-sources) $(core-sources) $(x86-sources) $(hv-sources) $(domain-sources) $(pv-sources) \
	$(hypercall-sources) $(top-sources) $(if $(filter 1,$(UBSAN)),$(ubsan-sources))
hypervisor-objects := $(call objects,$(BUILD),$(hypervisor-sources))

# The entry code leaves the stack 8-byte aligned, which is enough without SSE.
stack-alignment := $(if $(cc-is-clang),-mstack-alignment=8,-mpreferred-stack-boundary=3)
# All that gcc and clang can check of C. Nothing returns from a report: lib/ubsan.c panics.
ubsan-checks := -fsanitize=undefined -fno-sanitize-recover=all
# -fpie: the image runs wherever boot maps it. Frame pointers are for backtraces. No SSE: the registers are the
# guests'.
# The checks of undefined behaviour are half of that build: -O1 makes a quarter less work of them.
hypervisor-flags := -std=gnu11 $(warnings) $(if $(filter 1,$(UBSAN)),-O1,-O2) $(debug-info) \
	-ffreestanding -fpie -fvisibility=hidden -mno-red-zone \
	-mgeneral-regs-only -mno-sse -fno-strict-aliasing -fno-stack-protector -fcf-protection=none \
	-fno-asynchronous-unwind-tables -fno-omit-frame-pointer -fno-common \
	$(if $(filter 1,$(DEBUG)),-fno-optimize-sibling-calls,-momit-leaf-frame-pointer) $(stack-alignment) \
	$(if $(filter 1,$(UBSAN)),$(ubsan-checks)) \
	-I. -Ixen-lite -DABI_BOTH_WIDTHS -DCONFIG_DEBUG=$(DEBUG) $(hypervisor-cflags)
hypervisor-link := $(LD) -m elf_x86_64 -nostdlib -static -z noexecstack -z max-page-size=4096 --build-id=none \
	$(hypervisor-ldflags)

$(eval $(call remember,hypervisor,$(CC) $(hypervisor-flags) $(hypervisor-link)))

$(BUILD)/xen-lite/%.o: xen-lite/%.c $(BUILD)/flags/hypervisor
	@mkdir -p $(@D)
	@$(call say,CC,$<)
	$(Q)$(CC) $(hypervisor-flags) $(file-flags) $(dependency-flags) -c $< -o $@

$(BUILD)/xen-lite/%.o: xen-lite/%.S $(BUILD)/flags/hypervisor
	@mkdir -p $(@D)
	@$(call say,AS,$<)
	$(Q)$(CC) $(hypervisor-flags) -D__ASSEMBLY__ $(file-flags) $(dependency-flags) -c $< -o $@

$(BUILD)/xen-lite/lib/string.o: file-flags := $(no-libc-idioms)
$(BUILD)/xen-lite/lib/ubsan.o: file-flags := -fno-sanitize=all

hypervisor-lds := $(BUILD)/xen-lite/xen-lite.lds

$(hypervisor-lds): xen-lite/xen-lite.lds.S $(BUILD)/flags/hypervisor
	@mkdir -p $(@D)
	@$(call say,LDS,$<)
	$(Q)$(CC) -E -P -x assembler-with-cpp -D__ASSEMBLY__ -I. -Ixen-lite -MMD -MP -MF $@.d -MT $@ $< -o $@

symbols-directory := $(BUILD)/xen-lite
symbol-table := $(PYTHON) tools/build/symbol-table.py

$(symbols-directory)/symbols0.S: tools/build/symbol-table.py
	@mkdir -p $(@D)
	$(Q)$(symbol-table) < /dev/null > $@

$(symbols-directory)/symbols.S: $(BUILD)/xen-lite/first-link.elf tools/build/symbol-table.py
	@$(call say,SYMS,$@)
	$(Q)$(NM) -n $< | $(symbol-table) > $@

$(symbols-directory)/symbols%.o: $(symbols-directory)/symbols%.S
	$(Q)$(CC) $(hypervisor-flags) -c $< -o $@

$(symbols-directory)/symbols.o: $(symbols-directory)/symbols.S
	$(Q)$(CC) $(hypervisor-flags) -c $< -o $@

$(BUILD)/xen-lite/first-link.elf: $(hypervisor-objects) $(symbols-directory)/symbols0.o $(hypervisor-lds)
	$(Q)$(hypervisor-link) -T $(hypervisor-lds) $(hypervisor-objects) $(symbols-directory)/symbols0.o -o $@

$(BUILD)/xen-lite.elf: $(hypervisor-objects) $(symbols-directory)/symbols.o $(hypervisor-lds)
	@$(call say,LD,$@)
	$(Q)$(hypervisor-link) -T $(hypervisor-lds) $(hypervisor-objects) $(symbols-directory)/symbols.o -o $@
	$(Q)$(NM) -n $@ | $(symbol-table) | cmp -s - $(symbols-directory)/symbols.S || \
		{ echo '$@: text moved between the two links: .rodata must lie behind .text' >&2; rm -f $@; exit 1; }

-include $(call dependencies,$(hypervisor-objects)) $(wildcard $(hypervisor-lds).d)

.PHONY: hypervisor hypervisor-objects
hypervisor-objects: $(hypervisor-objects) ## Compile the hypervisor without linking it
hypervisor: $(BUILD)/xen-lite.elf ## Build only the hypervisor
