# SPDX-License-Identifier: MIT
#
# The guest kernel's programs, for 64 and 32 bits: our library (user/lib) on top of newlib (newlib.mk), the programs
# (user/bin/NAME.c, or the files of user/bin/NAME/), and the ramdisk that they are packed into:
# $(BUILD)/guest-kernel/ramdisk-64.cpio and ramdisk-32.cpio. `make ramdisks` builds all of it.

user-widths := 64 32
user-folder := guest-kernel/user
libgcc32-package := build/packages/lib32gcc-12-dev/usr/lib/gcc/x86_64-linux-gnu/12/32

# Frame pointers and function names stay, so that the kernel can print a program's backtrace. There is no red zone: a
# signal's frame lies right below the stack pointer.
user-machine-64 := -m64 -mno-red-zone
user-machine-32 := -m32
# The host's gcc makes programs for Linux unless it is told that this is none.
user-code := -U__linux__ -U__linux -Ulinux -U__gnu_linux__ -Os -ffreestanding -fno-pic -fno-pie \
	-fno-stack-protector -fcf-protection=none \
	-fno-asynchronous-unwind-tables -fno-omit-frame-pointer -ffunction-sections -fdata-sections

include tools/build/newlib.mk

$(libgcc32-package):
	$(Q)tools/fetch-package.sh lib32gcc-12-dev >/dev/null

# --- our library, and programs ---
user-lib-sources := $(wildcard $(user-folder)/lib/*.c)
# The compiler takes them for the system's, which it does not write into dependency files.
user-headers := $(wildcard $(user-folder)/include/*.h $(user-folder)/include/*/*.h)
# newlib declares clocks only where it is told that there are some.
user-features := -D_POSIX_TIMERS=1 -D_POSIX_MONOTONIC_CLOCK=1
user-flags = $(user-machine-$(1)) -std=gnu11 $(user-code) $(debug-info) -I guest-kernel \
	$(call newlib-headers,$(1)) $(user-features)
# The lists of strings that POSIX's exec takes are not const.
user-warnings := $(filter-out -Wwrite-strings,$(warnings))
libgcc-64 := $(shell gcc -print-libgcc-file-name 2>/dev/null)
libgcc-32 := $(libgcc32-package)/libgcc.a
user-link-64 := -m elf_x86_64
user-link-32 := -m elf_i386
user-link = ld $(user-link-$(1)) -nostdlib -static -z noexecstack -z max-page-size=4096 --build-id=none --gc-sections \
	-T $(user-folder)/user.lds
# newlib's printf without fractions makes a program 20 KiB smaller: for all but those in whose source is a %f or %g, a
# %.3e or a printf with a %e (alone that is strftime's day).
user-small-printf := $(foreach name,printf fprintf sprintf snprintf vprintf vfprintf vsnprintf,\
	--defsym=$(name)=$(subst printf,iprintf,$(name)))
fraction := '%[-+ 0]*[0-9]*((\.[0-9*]*)?l?[fgG]|\.[0-9*]*l?[eE])|printf.*%l?[eE]'
has-fractions = $(shell grep -q -s -E $(fraction) $(1) && echo yes)
# $(call user-printf,SOURCES): for the linker.
user-printf = $(if $(call has-fractions,$(1)),,$(user-small-printf))

user-programs := $(sort $(basename $(notdir $(wildcard $(user-folder)/bin/*.c))) \
	$(notdir $(patsubst %/,%,$(dir $(wildcard $(user-folder)/bin/*/*.c)))))
user-program-sources = $(wildcard $(user-folder)/bin/$(1).c $(user-folder)/bin/$(1)/*.c)
user-files := $(wildcard $(user-folder)/etc/*)
# A file or program that is gone makes the ramdisks anew, too.
$(eval $(call remember,ramdisk,$(user-programs) $(user-files)))

# $(call user-program-rule,NAME,WIDTH)
define user-program-rule
$(BUILD)/user-$(2)/debug/$(1): $$(call objects,$(BUILD)/user-$(2),$$(call user-program-sources,$(1))) \
		$$(user-lib-objects-$(2)) $(BUILD)/newlib-$(2).a $(user-folder)/user.lds
	@mkdir -p $$(@D)
	$$(Q)$$(call user-link,$(2)) $$(call user-printf,$$(call user-program-sources,$(1))) $$(filter %.o,$$^) \
		$$(user-archives-$(2)) -o $$@
$(BUILD)/user-$(2)/bin/$(1): $(BUILD)/user-$(2)/debug/$(1)
	@mkdir -p $$(@D)
	$$(Q)strip --strip-debug -o $$@ $$<
user-objects += $$(call objects,$(BUILD)/user-$(2),$$(call user-program-sources,$(1)))
endef

# $(call pack-ramdisk,FOLDER,ARCHIVE). The files' times are the same in every build, so that a listing of them is, too.
pack-ramdisk = cd $(1) && find . -exec touch -d '2026-01-01 00:00:00Z' {} + && \
	find . -mindepth 1 | LC_ALL=C sort | cpio --quiet -o -H newc --reproducible --owner 0:0 >../ramdisk.cpio && \
	mv ../ramdisk.cpio $(abspath $(2))

# $(call user-rules,WIDTH): everything of one width.
define user-rules
$(call remember,user-$(1),$(call user-flags,$(1)) $(call user-link,$(1)))
user-archives-$(1) := --start-group $(BUILD)/newlib-$(1).a $(libgcc-$(1)) --end-group
user-lib-objects-$(1) := $$(call objects,$(BUILD)/user-$(1),$(user-folder)/lib/start$(1).S \
	$(user-folder)/lib/call$(1).S $(user-lib-sources))
user-objects += $$(user-lib-objects-$(1))

$(BUILD)/user-$(1)/%.o: %.c $(BUILD)/flags/user-$(1) $(newlib-unpacked) $(user-headers)
	@mkdir -p $$(@D)
	@$$(call say,CC,$$<)
	$$(Q)gcc $$(call user-flags,$(1)) $(user-warnings) $$(dependency-flags) -c $$< -o $$@

$(BUILD)/user-$(1)/%.o: %.S $(BUILD)/flags/user-$(1)
	@mkdir -p $$(@D)
	@$$(call say,AS,$$<)
	$$(Q)gcc $(user-machine-$(1)) -c $$< -o $$@

user-root-$(1) := $(BUILD)/user-$(1)/root
$(BUILD)/guest-kernel/ramdisk-$(1).cpio: $(user-programs:%=$(BUILD)/user-$(1)/bin/%) $(user-files) \
		$(BUILD)/flags/ramdisk
	@mkdir -p $$(@D)
	@$$(call say,CPIO,$$@)
	$$(Q)rm -rf $$(user-root-$(1))
	$$(Q)mkdir -p $$(addprefix $$(user-root-$(1))/,bin etc home tmp)
	$$(Q)cp $(user-programs:%=$(BUILD)/user-$(1)/bin/%) $$(user-root-$(1))/bin/
	$$(Q)cp $(user-files) $$(user-root-$(1))/etc/
	$$(Q)$$(call pack-ramdisk,$$(user-root-$(1)),$$@)
endef
user-objects :=
$(foreach width,$(user-widths),$(eval $(call user-rules,$(width))))
$(foreach width,$(user-widths),$(foreach program,$(user-programs),\
	$(eval $(call user-program-rule,$(program),$(width)))))
$(user-lib-objects-32) $(foreach program,$(user-programs),$(BUILD)/user-32/debug/$(program)): | $(libgcc32-package)
-include $(call dependencies,$(user-objects))

ramdisk = $(BUILD)/guest-kernel/ramdisk-$(1).cpio
ramdisks := $(foreach width,$(user-widths),$(call ramdisk,$(width)))
.PHONY: ramdisks
ramdisks: $(ramdisks) ## Build newlib, the guest kernel's programs, and the ramdisks with them
