# SPDX-License-Identifier: MIT
#
# What helps a person: run it, look into it, start something new.

.PHONY: setup setup-tests
setup: ## Install what is needed to build and run (Debian 12), or list it
	$(Q)tools/setup.sh run

setup-tests: ## Install what the tests need as well, and fetch the real Xen and a stock kernel
	$(Q)tools/setup.sh test

.PHONY: oracle32
oracle32: ## Build the real Xen with 32-bit guests switched on, from Debian's source: the oracle of pv32 guests
	$(Q)tools/setup.sh oracle32
	$(Q)tools/oracle32.sh build/oracle32

# A second make, because the first one may have found neither compiler nor headers.
# In the guest's shell Ctrl-C is for the program in front; Ctrl-\ ends the run.
run-shell := $(XLITE) run --ctrl-c guest

.PHONY: run run64 run-xen run-pv32 run-pv64
run: setup ## Set up, build, and boot the teaching kernel to its shell: 32-bit, kernel in ring 1, programs in ring 3
	$(Q)$(MAKE) $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) hypervisor guest xlite $(call ramdisk,32)
	$(Q)$(MAKE) run-pv32

run64: setup ## The same with the 64-bit kernel
	$(Q)$(MAKE) $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) hypervisor guest xlite $(call ramdisk,64)
	$(Q)$(MAKE) run-pv64

run-xen: setup ## The same on the real Xen
	$(Q)tools/fetch-package.sh xen-hypervisor-4.17-amd64 >/dev/null
	$(Q)$(MAKE) $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) guest xlite $(call ramdisk,64)
	$(Q)$(run-shell) --hypervisor xen --kernel $(call guest-image,pv64) --ramdisk $(call ramdisk,64)

run-pv32 run-pv64: run-pv%:
	$(Q)$(run-shell) --kernel $(call guest-image,pv$*) --ramdisk $(call ramdisk,$*)

.PHONY: run-pair
run-pair: setup ## Two teaching kernels, 64- and 32-bit, that talk to each other by a granted page and an event channel
	$(Q)$(MAKE) $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) hypervisor guest xlite ramdisks
	$(Q)$(XLITE) run --cpus 2 guest-kernel/pair/left.cfg guest-kernel/pair/right.cfg

.PHONY: run-native run-native32 run-native64
run-native: setup ## The same kernel on the bare machine, in ring 0: no hypervisor, 64-bit
	$(Q)$(MAKE) $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) xlite guest $(call ramdisk,64)
	$(Q)$(MAKE) run-native64

run-native32: setup ## The same, 32-bit
	$(Q)$(MAKE) $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) xlite guest $(call ramdisk,32)
	$(Q)$(run-shell) --hypervisor none --kernel $(call guest-image,native32) --ramdisk $(call ramdisk,32)

run-native64:
	$(Q)$(run-shell) --hypervisor none --kernel $(call guest-image,native64) --ramdisk $(call ramdisk,64)

.PHONY: debug
debug: all $(if $(RUN),ramdisks) ## Boot stopped under gdb, with all symbols (KERNEL=FILE, RUN='ls /': a program, too)
	$(Q)tools/gdb/debug.sh $(BUILD) $(or $(KERNEL),$(call guest-image,pv32)) '$(RUN)'

.PHONY: expand
expand: ## expand FILE=path.c: what the preprocessor made of it, formatted
	@test -n '$(FILE)' || { echo 'usage: make expand FILE=xen-lite/core/buddy.c'; exit 2; }
	$(Q)$(CC) $(strip $(call flags-of,$(FILE))) -E -P $(FILE) | clang-format

# $(call flags-of,FILE): the flags that FILE is compiled with.
flags-of = $(if $(filter xen-lite/% abi/%,$(1)),$(hypervisor-flags)) \
	$(if $(filter guest-kernel/%,$(1)),$(guest-kernel-flags-pv64)) \
	$(if $(filter tests/guests/%,$(1)),$(test-guest-flags-pv64)) \
	$(if $(filter tools/xlite/%,$(1)),$(xlite-flags)) \
	$(if $(filter tests/unit/% tests/abi/%,$(1)),$(unit-flags)) \
	$(if $(filter tests/fuzz/%,$(1)),$(fuzz-flags))

.PHONY: new-test
new-test: ## new-test NAME=claim: write the skeleton of a test guest
	$(Q)tools/new-test.sh '$(NAME)'

# make itself knows each command: a dry run of everything prints them, the script picks the compilations.
compile_commands.json: Makefile $(wildcard tools/build/*.mk) FORCE ## The compilation database, for clangd
	$(Q)$(MAKE) --dry-run --always-make V=1 all $(unit-programs) | $(PYTHON) tools/build/compile-commands.py > $@
