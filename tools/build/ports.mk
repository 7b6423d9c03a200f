# SPDX-License-Identifier: MIT
#
# Programs that nobody here wrote, unchanged, on the guest kernel's library, as a test of both: Lua's interpreter and
# zlib's minigzip, from Debian's source packages. $(BUILD)/guest-kernel/ramdisk-ports-64.cpio, and -32, is the usual
# ramdisk with these two in it.

ports := lua minigzip
ports-folder := build/packages/sources
lua-source := $(ports-folder)/lua5.4
zlib-source := $(ports-folder)/zlib
ports-scripts := $(wildcard tests/programs/*)

$(lua-source) $(zlib-source):
	$(Q)tools/fetch-source.sh $(@F) $@

# Which files a program is made of is known only when the source is there, so a shell finds them. Its warnings are
# its authors' affair. -O0, and nothing for gdb: a third of the time of what our programs are compiled with.
lua-files := $(lua-source)/src/l*.c
lua-without := $(lua-source)/src/luac.c
# debian/rules writes a header that the source includes: where an installed Lua looks for modules.
lua-include := $(BUILD)/ports-include
lua-flags := -DLUA_COMPAT_5_3 -I$(lua-include)
lua-needs := $(lua-source) $(lua-include)/lua5.4-deb-multiarch.h
$(lua-include)/lua5.4-deb-multiarch.h:
	@mkdir -p $(@D)
	$(Q)echo '#define DEB_HOST_MULTIARCH "none"' >$@
minigzip-files := $(zlib-source)/*.c $(zlib-source)/test/minigzip.c
minigzip-without := none
minigzip-needs := $(zlib-source)
minigzip-flags := -DHAVE_UNISTD_H -DHAVE_STDARG_H -I$(zlib-source)

# $(call port-rule,NAME,WIDTH)
define port-rule
$(BUILD)/user-$(2)/ports/$(1): $$(user-lib-objects-$(2)) $(BUILD)/newlib-$(2).a $(user-folder)/user.lds \
		$(BUILD)/flags/user-$(2) | $$($(1)-needs)
	@mkdir -p $$(@D)/$(1).objects
	@$$(call say,PORT,$$@)
	$$(Q)rm -f $$(@D)/$(1).objects/*
	$$(Q)ls $$($(1)-files) | grep -v -x '$$($(1)-without)' | xargs -P $(shell nproc) -I FILE sh -c \
		'gcc $$(call user-flags,$(2)) -w -O0 -g0 $$($(1)-flags) -c FILE \
		-o $$(@D)/$(1).objects/$$$$(basename FILE .c).o'
	$$(Q)$$(call user-link,$(2)) $$(@D)/$(1).objects/*.o $$(user-lib-objects-$(2)) $$(user-archives-$(2)) \
		-o $$@.debug
	$$(Q)strip --strip-debug -o $$@ $$@.debug
endef
$(foreach width,$(user-widths),$(foreach port,$(ports),$(eval $(call port-rule,$(port),$(width)))))

# $(call ports-ramdisk-rule,WIDTH)
define ports-ramdisk-rule
$(BUILD)/guest-kernel/ramdisk-ports-$(1).cpio: $(BUILD)/guest-kernel/ramdisk-$(1).cpio $(ports-scripts) \
		$(ports:%=$(BUILD)/user-$(1)/ports/%)
	$$(Q)rm -rf $(BUILD)/user-$(1)/root-ports
	$$(Q)cp -r $(BUILD)/user-$(1)/root $(BUILD)/user-$(1)/root-ports
	$$(Q)cp $(ports:%=$(BUILD)/user-$(1)/ports/%) $(BUILD)/user-$(1)/root-ports/bin/
	$$(Q)cp $(ports-scripts) $(BUILD)/user-$(1)/root-ports/home/
	$$(Q)$$(call pack-ramdisk,$(BUILD)/user-$(1)/root-ports,$$@)
endef
$(foreach width,$(user-widths),$(eval $(call ports-ramdisk-rule,$(width))))

.PHONY: ports
ports: $(user-widths:%=$(BUILD)/guest-kernel/ramdisk-ports-%.cpio) ## Ramdisks with Lua and minigzip in them
