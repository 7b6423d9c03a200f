# SPDX-License-Identifier: MIT
#
# `make exercise N=3`: has the reader solved exercise 3 of docs/exercises.md? The tests are programs for the guest
# kernel, guest-kernel/exercises/N-NAME.c; each goes as /bin/exercise into a ramdisk of its own, and says "solved", or
# "not yet" and why. A line "Options:" in a test is for xlite run. Nothing of this is built otherwise.

exercise-folder := guest-kernel/exercises
exercises := $(sort $(basename $(notdir $(wildcard $(exercise-folder)/[0-9]*.c))))
exercise-numbers := $(shell printf '%s\n' $(exercises) | sed 's/-.*//' | sort -n)
exercise-kernel := $(BUILD)/guest-kernel/pv64/kernel.elf
exercise-ramdisk = $(BUILD)/exercises/$(1)/test.cpio

exercise-objects = $(call objects,$(BUILD)/user-64,$(exercise-folder)/$(1).c $(exercise-folder)/exercise.c)

# $(call exercise-rule,NAME)
define exercise-rule
$(BUILD)/exercises/$(1)/exercise: $(call exercise-objects,$(1)) $(user-lib-objects-64) $(BUILD)/newlib-64.a \
		$(user-folder)/user.lds
	@mkdir -p $$(@D)
	$$(Q)$(call user-link,64) $(user-small-printf) $$(filter %.o,$$^) $(user-archives-64) -o $$@
$(call exercise-ramdisk,$(1)): $(BUILD)/exercises/$(1)/exercise $(BUILD)/guest-kernel/ramdisk-64.cpio
	$$(Q)rm -rf $$(@D)/root && cp -r $(user-root-64) $$(@D)/root && cp $$< $$(@D)/root/bin/exercise
	$$(Q)$$(call pack-ramdisk,$$(@D)/root,$$@)
endef
$(foreach name,$(exercises),$(eval $(call exercise-rule,$(name))))
-include $(call dependencies,$(foreach name,$(exercises),$(call exercise-objects,$(name))))

.PHONY: exercise $(exercise-numbers:%=exercise-%)
exercise: ## Is the exercise solved? N=3: that one of docs/exercises.md; without N: each of them
	$(Q)$(MAKE) -j1 $(patsubst %,exercise-%,$(or $(N),$(exercise-numbers)))

# $(call exercise-run-rule,NUMBER,NAME)
define exercise-run-rule
exercise-$(1): $(exercise-kernel) $(call exercise-ramdisk,$(2)) $(XLITE) hypervisor
	$$(Q)tools/exercise.sh $(2) $(XLITE) $(exercise-kernel) $(call exercise-ramdisk,$(2))
endef
$(foreach name,$(exercises),$(eval $(call exercise-run-rule,$(firstword $(subst -, ,$(name))),$(name))))
