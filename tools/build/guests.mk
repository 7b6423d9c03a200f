# SPDX-License-Identifier: MIT
#
# Guest images: the bundled kernel ($(BUILD)/guest-kernel/pv64/kernel.elf, and pv32, native64, native32) and the test
# guests, one for each folder of tests/guests/ with a main.c ($(BUILD)/tests/guests/<claim>/pv64.elf and pv32.elf). The
# objects lie in $(BUILD)/pv64 and $(BUILD)/pv32: the same files compiled for each width. The kernel for the bare
# machine is made of the same objects, but for those of machine/.

test-guest-ldscript ?= tests/guests/guest.lds.S

guest-widths := pv64 pv32
kernel-builds := $(guest-widths) native64 native32
guest-machine-pv64 := -m64 -mcmodel=kernel -mno-red-zone
guest-machine-pv32 := -m32
guest-flags := -std=gnu11 $(warnings) -O2 $(debug-info) -ffreestanding -fno-pic -fno-pie \
	-mgeneral-regs-only -mno-sse -fno-strict-aliasing -fno-stack-protector -fcf-protection=none \
	-fno-asynchronous-unwind-tables -fno-omit-frame-pointer -fno-common $(no-libc-idioms) -I. $(guest-cflags)
guest-link := -nostdlib -static -z noexecstack -z max-page-size=4096 --build-id=none $(guest-ldflags)
guest-link-pv64 := $(LD) -m elf_x86_64 $(guest-link)
guest-link-pv32 := $(LD) -m elf_i386 $(guest-link)
guest-kernel-flags-pv64 := $(guest-machine-pv64) $(guest-flags) -Iguest-kernel $(guest-kernel-cflags)
guest-kernel-flags-pv32 := $(guest-machine-pv32) $(guest-flags) -Iguest-kernel $(guest-kernel-cflags)
test-guest-flags-pv64 := $(guest-machine-pv64) $(guest-flags) -Itests/guests $(test-guest-cflags)
test-guest-flags-pv32 := $(guest-machine-pv32) $(guest-flags) -Itests/guests $(test-guest-cflags)

$(foreach width,$(guest-widths),\
	$(eval $(call remember,guest-kernel-$(width),$(CC) $(guest-kernel-flags-$(width)) $(guest-link-$(width)))))
$(foreach width,$(guest-widths),\
	$(eval $(call remember,test-guest-$(width),$(CC) $(test-guest-flags-$(width)) $(guest-link-$(width)))))

# $(call guest-rules,FOLDER,NAME,WIDTH): compile C and assembly of FOLDER with NAME-flags-WIDTH.
define guest-rules
$(BUILD)/$(3)/$(1)/%.o: $(1)/%.c $(BUILD)/flags/$(2)-$(3)
	@mkdir -p $$(@D)
	@$$(call say,CC,$$<)
	$$(Q)$$(CC) $$($(2)-flags-$(3)) $$(dependency-flags) -c $$< -o $$@

$(BUILD)/$(3)/$(1)/%.o: $(1)/%.S $(BUILD)/flags/$(2)-$(3)
	@mkdir -p $$(@D)
	@$$(call say,AS,$$<)
	$$(Q)$$(CC) $$($(2)-flags-$(3)) -D__ASSEMBLY__ $$(dependency-flags) -c $$< -o $$@

$(BUILD)/$(3)/$(1)/%.lds: $(1)/%.lds.S $(BUILD)/flags/$(2)-$(3)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) -E -P -x assembler-with-cpp -D__ASSEMBLY__ $$($(2)-flags-$(3)) -MMD -MP -MF $$@.d -MT $$@ $$< -o $$@
endef

# --- the bundled kernel ---
# Linked twice, like the hypervisor: the second time with the table of its own functions, for backtraces.
# $(call guest-kernel-rules,BUILD,MACHINE,WIDTH): everything of one build.
define guest-kernel-rules
guest-kernel-objects-$(1) := $$(call objects,$(BUILD)/$(3),$(guest-kernel-sources) $(guest-kernel-sources-$(1)))
guest-lds-$(1) := $(BUILD)/$(3)/guest-kernel/machine/$(2)/$(2).lds
guest-kernel-link-$(1) = $(guest-link-$(3)) -T $$(guest-lds-$(1)) $$(guest-kernel-objects-$(1))

$(BUILD)/$(1)/guest-kernel/symbols0.S: tools/build/symbol-table.py
	@mkdir -p $$(@D)
	$$(Q)$(symbol-table) < /dev/null > $$@

$(BUILD)/$(1)/guest-kernel/symbols.S: $(BUILD)/$(1)/guest-kernel/first-link.elf tools/build/symbol-table.py
	@$$(call say,SYMS,$$@)
	$$(Q)$(NM) -n $$< | $(symbol-table) > $$@

$(BUILD)/$(1)/guest-kernel/symbols0.o $(BUILD)/$(1)/guest-kernel/symbols.o: %.o: %.S
	$$(Q)$(CC) $(guest-kernel-flags-$(3)) -c $$< -o $$@

$(BUILD)/$(1)/guest-kernel/first-link.elf: $$(guest-kernel-objects-$(1)) $(BUILD)/$(1)/guest-kernel/symbols0.o \
		$$(guest-lds-$(1))
	$$(Q)$$(guest-kernel-link-$(1)) $(BUILD)/$(1)/guest-kernel/symbols0.o -o $$@

$(BUILD)/guest-kernel/$(1)/kernel.elf: $$(guest-kernel-objects-$(1)) $(BUILD)/$(1)/guest-kernel/symbols.o \
		$$(guest-lds-$(1))
	@mkdir -p $$(@D)
	@$$(call say,LD,$$@)
	$$(Q)$$(guest-kernel-link-$(1)) $(BUILD)/$(1)/guest-kernel/symbols.o -o $$@
	$$(Q)$(NM) -n $$@ | $(symbol-table) | cmp -s - $(BUILD)/$(1)/guest-kernel/symbols.S || \
		{ echo '$$@: text moved between the two links: .rodata must lie behind .text' >&2; rm -f $$@; exit 1; }
endef
$(foreach width,$(guest-widths),$(eval $(call guest-rules,guest-kernel,guest-kernel,$(width))))
$(foreach width,$(guest-widths),$(eval $(call guest-kernel-rules,$(width),pv,$(width))) \
	$(eval $(call guest-kernel-rules,$(width:pv%=native%),native,$(width))))
guest-image = $(BUILD)/guest-kernel/$(1)/kernel.elf
guest-images := $(foreach width,$(guest-widths),$(call guest-image,$(width)))
native-images := $(foreach width,64 32,$(call guest-image,native$(width)))
guest-kernel-objects := $(sort $(foreach build,$(kernel-builds),$(guest-kernel-objects-$(build))))

# --- the test guests ---
# A guest is for both widths unless its head comment has a line "Widths:" that names one.
claims := $(patsubst tests/guests/%/main.c,%,$(sort $(wildcard tests/guests/*/main.c)))
only = $(shell grep -l '^ \* Widths: $(1)\>' tests/guests/*/main.c)
claims-pv64 := $(filter-out $(patsubst tests/guests/%/main.c,%,$(call only,pv32)),$(claims))
claims-pv32 := $(filter-out $(patsubst tests/guests/%/main.c,%,$(call only,pv64)),$(claims))
# $(call sources-of,CLAIM,WIDTH): its folder, where width32.c and width64.c are for one width each.
other-width-pv64 := width32.c
other-width-pv32 := width64.c
sources-of = $(filter-out %/$(other-width-$(2)),$(wildcard tests/guests/$(1)/*.c tests/guests/$(1)/*.S))

# $(call claim-rule,CLAIM,WIDTH): one test guest is its own folder's objects and the common support.
define claim-rule
claim-objects-$(1)-$(2) := $$(call objects,$(BUILD)/$(2),$$(call sources-of,$(1),$(2)))
claim-objects += $$(claim-objects-$(1)-$(2))
$(BUILD)/tests/guests/$(1)/$(2).elf: $$(claim-objects-$(1)-$(2)) $(guest-support-objects-$(2)) \
		$(test-guest-lds-$(2))
	@mkdir -p $$(@D)
	@$$(call say,LD,$$@)
	$$(Q)$(guest-link-$(2)) -T $(test-guest-lds-$(2)) $$(claim-objects-$(1)-$(2)) \
		$(guest-support-objects-$(2)) -o $$@
endef

# $(call test-guest-rules,WIDTH): everything of one width.
define test-guest-rules
$(call guest-rules,tests/guests,test-guest,$(1))
guest-support-objects-$(1) := $$(call objects,$(BUILD)/$(1),$(guest-support-sources) $(guest-support-sources-$(1)))
test-guest-lds-$(1) := $(BUILD)/$(1)/$(basename $(test-guest-ldscript))
test-guest-images += $(claims-$(1):%=$(BUILD)/tests/guests/%/$(1).elf)
endef
claim-objects :=
test-guest-images :=
$(foreach width,$(guest-widths),$(eval $(call test-guest-rules,$(width))))
$(foreach width,$(guest-widths),$(foreach claim,$(claims-$(width)),$(eval $(call claim-rule,$(claim),$(width)))))

guest-support-objects := $(foreach width,$(guest-widths),$(guest-support-objects-$(width)))
-include $(call dependencies,$(guest-kernel-objects) $(guest-support-objects) $(claim-objects))
-include $(wildcard $(guest-lds-pv64).d $(guest-lds-pv32).d $(guest-lds-native64).d $(guest-lds-native32).d \
	$(foreach width,$(guest-widths),$(test-guest-lds-$(width)).d))

# A test guest's files for one width: 64 bits, but where it is for 32 only. For a compiler whose guests nobody boots.
claim-objects-once := $(foreach claim,$(claims-pv64),$(claim-objects-$(claim)-pv64)) \
	$(foreach claim,$(filter-out $(claims-pv64),$(claims-pv32)),$(claim-objects-$(claim)-pv32)) \
	$(filter %/width32.o,$(claim-objects))

.PHONY: guest test-guests test-guests-once
guest: $(guest-images) $(native-images) ## Build only the bundled guest kernel
test-guests: $(test-guest-images) ## Build only the test guests, of both widths
test-guests-once: $(claim-objects-once) $(guest-support-objects) ## Compile each test guest for one width, and link none
