# SPDX-License-Identifier: MIT
#
# `make check`: what every commit passes, in under a minute. Each check is a target of its own and says file:line.
# The checks keep stamps, so a second run looks only at what changed; tests/checks proves that each of them can fail.

# $(call sources-like,*.c): every such file of the tree that git would take, or, in a tree without git, every one.
sources-like = $(shell git ls-files -co --exclude-standard '$(1)' 2>/dev/null || \
	find abi xen-lite guest-kernel tools tests -name '$(1)')
c-files = $(wildcard $(call sources-like,*.c) $(call sources-like,*.h))
# Pieces that are included once a width do not stand alone; abi/asm.h is for the assembler.
pieces := abi/struct_%.h abi/asm.h
headers := $(filter-out $(pieces),$(wildcard $(call sources-like,*.h)))

.PHONY: check check-parts
check: ## All quick checks: format, style, layers, docs, headers, both compilers, static analysis, unit, abi, a boot
	$(Q)$(MAKE) -k $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) check-parts
	@echo 'check: all passed'

# The boot comes first: it waits for QEMU while the others compute.
check-parts: check-boot check-abi check-static check-format check-style check-layers check-docs check-tested \
	check-headers check-clang check-unit

.PHONY: check-format format
check-format: ## Is every C file as clang-format writes it?
	@$(call say,CHECK,format)
	$(Q)clang-format --dry-run -Werror $(c-files)

format: ## Let clang-format rewrite the C files
	$(Q)clang-format -i $(c-files)

.PHONY: check-style check-layers
check-style: ## Lengths of lines, functions and files, licence lines, no #if in .c files
	@$(call say,CHECK,style)
	$(Q)$(PYTHON) tools/checks/style.py

check-layers: ## A file includes only its own folder and those above it; no circles
	@$(call say,CHECK,layers)
	$(Q)$(PYTHON) tools/checks/layers.py

# --- each header compiles on its own, with both compilers ---
# Where there is a .c file of the same name, it includes the header first (check-style sees to that), so compiling the
# tree shows it. The others are compiled here by themselves: one run for each part and compiler, since most of the
# cost is the compiler's start. clang takes a header that it is given for a file that should use all it defines.
header-flags-xen-lite := $(filter-out $(debug-info) -O2 $(stack-alignment),$(hypervisor-flags))
header-flags-abi := $(header-flags-xen-lite)
header-flags-guest-kernel := $(filter-out $(debug-info) -O2 $(no-libc-idioms),$(guest-kernel-flags-pv64))
header-flags-tests := $(filter-out $(debug-info) -O2 $(no-libc-idioms),$(test-guest-flags-pv64))
header-flags-tools := $(filter-out $(debug-info) -O2,$(xlite-flags))
lone-headers := $(foreach header,$(filter-out tests/unit/% tests/fuzz/% tests/abi/%,$(headers)),\
	$(if $(wildcard $(header:.h=.c)),,$(header)))
header-parts := $(sort $(foreach header,$(lone-headers),$(firstword $(subst /, ,$(header)))))

define header-rule
$(BUILD)/headers/$(1)-$(2).ok: $(headers) $(wildcard abi/*)
	@mkdir -p $$(@D)
	$$(Q)$(1) $$(header-flags-$(2)) -Wno-unused-function -fsyntax-only -x c-header $(filter $(2)/%,$(lone-headers))
	@touch $$@
endef
$(foreach compiler,gcc clang,$(foreach part,$(header-parts),$(eval $(call header-rule,$(compiler),$(part)))))

.PHONY: check-headers
check-headers: ## Each header compiles on its own, with gcc and with clang
check-headers: $(header-parts:%=$(BUILD)/headers/gcc-%.ok) $(header-parts:%=$(BUILD)/headers/clang-%.ok)

# --- each rule and reader has its own unit test ---
untested := $(strip $(foreach source,$(lib-sources) $(core-sources),$(if \
	$(wildcard tests/unit/test_$(basename $(notdir $(source))).c),,$(source))))
.PHONY: check-tested
check-tested: ## Each file of lib/ and core/ has a unit test of its name
	@$(call say,CHECK,tested)
	$(Q)for source in $(untested); do \
		echo "$$source: error: there is no tests/unit/test_$$(basename $$source .c).c" >&2; done
	$(Q)test -z '$(untested)'

# --- static analysis ---
# cppcheck's own reading of the code: null and uninitialised uses, bounds, leaks, over all paths. Seconds for the
# tree. It does not know _Noreturn.
analysed := xen-lite tools/xlite guest-kernel
.PHONY: check-static
check-static: ## Static analysis (cppcheck)
	@$(call say,CHECK,static)
	@mkdir -p $(BUILD)/cppcheck
	$(Q)cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 --platform=unix64 -j$(shell nproc) \
		--enable=warning,portability --cppcheck-build-dir=$(BUILD)/cppcheck \
		--suppressions-list=tools/checks/cppcheck.txt -I. -Ixen-lite -Iguest-kernel \
		-D__x86_64__ '-D_Noreturn=__attribute__((noreturn))' \
		-DABI_BOTH_WIDTHS -DCONFIG_DEBUG=1 $(wildcard $(analysed))

.PHONY: check-clang
check-clang: ## Everything compiles with clang as well, without a warning
	$(Q)$(MAKE) -k BUILD=$(BUILD)/clang CC=$(CLANG) DEBUGINFO=0 guest-cflags=-O0 hypervisor guest xlite \
		test-guests-once

# --- run something ---
.PHONY: check-unit check-abi check-boot
check-unit: $(addsuffix .passed,$(unit-programs)) ## Unit tests, each run again only when it changed

$(BUILD)/tests/unit/%.passed: $(BUILD)/tests/unit/%
	@$(call say,TEST,$*)
	$(Q)$< > $<.log 2>&1 || { cat $<.log; exit 1; }
	@touch $@

check-abi: abi-tests ## Our ABI headers against Debian's

check-boot: all ## The bundled guest boots on xen-lite under QEMU and powers off, at both widths
	@$(call say,BOOT,the bundled guest)
	$(Q)log=$(BUILD)/check-boot.log; for image in $(guest-images); do \
		$(XLITE) run --timeout 60 --kernel $$image < /dev/null > $$log 2>&1 || \
		{ status=$$?; cat $$log; echo "check-boot: $$image: exit status $$status"; exit 1; }; done
