# SPDX-License-Identifier: MIT
#
# Guest images: the bundled kernel ($(BUILD)/guest-kernel/pv64/kernel.elf) and the test guests, one for each folder
# of tests/guests/ with a main.c ($(BUILD)/tests/guests/<claim>/pv64.elf). The objects of each variant lie under its
# name, so that further variants (pv32, native) compile the same files with other flags.

guest-ldscript ?= guest-kernel/pv64/kernel.lds.S
test-guest-ldscript ?= tests/guests/guest.lds.S

guest-flags := -std=gnu11 $(warnings) -O2 -g -ffreestanding -fno-pic -fno-pie -mcmodel=kernel -mno-red-zone \
	-mgeneral-regs-only -mno-sse -fno-strict-aliasing -fno-stack-protector -fcf-protection=none \
	-fno-asynchronous-unwind-tables -fno-omit-frame-pointer -fno-common $(no-libc-idioms) -I. $(guest-cflags)
guest-kernel-flags := $(guest-flags) -Iguest-kernel $(guest-kernel-cflags)
test-guest-flags := $(guest-flags) -Itests/guests $(test-guest-cflags)
guest-link := $(LD) -m elf_x86_64 -nostdlib -static -z noexecstack -z max-page-size=4096 --build-id=none \
	$(guest-ldflags)

$(eval $(call remember,guest-kernel,$(CC) $(guest-kernel-flags) $(guest-link)))
$(eval $(call remember,test-guest,$(CC) $(test-guest-flags) $(guest-link)))

guest-kernel-objects := $(call objects,$(BUILD)/pv64,$(guest-kernel-sources))
guest-support-objects := $(call objects,$(BUILD)/pv64,$(guest-support-sources))
claims := $(patsubst tests/guests/%/main.c,%,$(sort $(wildcard tests/guests/*/main.c)))
claim-sources := $(foreach claim,$(claims),$(wildcard tests/guests/$(claim)/*.c tests/guests/$(claim)/*.S))
claim-objects := $(call objects,$(BUILD)/pv64,$(claim-sources))
guest-images := $(BUILD)/guest-kernel/pv64/kernel.elf
test-guest-images := $(patsubst %,$(BUILD)/tests/guests/%/pv64.elf,$(claims))

# $(call guest-rules,FOLDER,NAME): compile C and assembly of FOLDER with NAME-flags.
define guest-rules
$(BUILD)/pv64/$(1)/%.o: $(1)/%.c $(BUILD)/flags/$(2)
	@mkdir -p $$(@D)
	@$$(call say,CC,$$<)
	$$(Q)$$(CC) $$($(2)-flags) $$(dependency-flags) -c $$< -o $$@

$(BUILD)/pv64/$(1)/%.o: $(1)/%.S $(BUILD)/flags/$(2)
	@mkdir -p $$(@D)
	@$$(call say,AS,$$<)
	$$(Q)$$(CC) $$($(2)-flags) -D__ASSEMBLY__ $$(dependency-flags) -c $$< -o $$@

$(BUILD)/pv64/$(1)/%.lds: $(1)/%.lds.S $(BUILD)/flags/$(2)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) -E -P -x assembler-with-cpp -D__ASSEMBLY__ $$($(2)-flags) -MMD -MP -MF $$@.d -MT $$@ $$< -o $$@
endef
$(eval $(call guest-rules,guest-kernel,guest-kernel))
$(eval $(call guest-rules,tests/guests,test-guest))

guest-lds := $(BUILD)/pv64/$(basename $(guest-ldscript))
test-guest-lds := $(BUILD)/pv64/$(basename $(test-guest-ldscript))

$(BUILD)/guest-kernel/pv64/kernel.elf: $(guest-kernel-objects) $(guest-lds)
	@mkdir -p $(@D)
	@$(call say,LD,$@)
	$(Q)$(guest-link) -T $(guest-lds) $(guest-kernel-objects) -o $@

# $(call claim-rule,CLAIM): one test guest is its own folder's objects and the common support.
define claim-rule
claim-objects-$(1) := $$(call objects,$(BUILD)/pv64,$$(wildcard tests/guests/$(1)/*.c tests/guests/$(1)/*.S))
$(BUILD)/tests/guests/$(1)/pv64.elf: $$(claim-objects-$(1)) $(guest-support-objects) $(test-guest-lds)
	@mkdir -p $$(@D)
	@$$(call say,LD,$$@)
	$$(Q)$(guest-link) -T $(test-guest-lds) $$(claim-objects-$(1)) $(guest-support-objects) -o $$@
endef
$(foreach claim,$(claims),$(eval $(call claim-rule,$(claim))))

-include $(call dependencies,$(guest-kernel-objects) $(guest-support-objects) $(claim-objects))
-include $(wildcard $(guest-lds).d $(test-guest-lds).d)

.PHONY: guest test-guests test-guest-objects
guest: $(guest-images) ## Build only the bundled guest kernel
test-guests: $(test-guest-images) ## Build only the test guests
test-guest-objects: $(claim-objects) $(guest-support-objects) ## Compile the test guests without linking them
