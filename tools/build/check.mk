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
check: ## All quick checks: format, style, layers, docs, headers, both compilers, static analysis, unit, abi, one boot
	$(Q)$(MAKE) -k $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) check-parts
	@echo 'check: all passed'

check-parts: check-format check-style check-layers check-docs check-headers check-static check-clang check-unit \
	check-abi check-boot

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
header-flags-xen-lite := $(filter-out -g -O2 $(stack-alignment),$(hypervisor-flags))
header-flags-abi := $(header-flags-xen-lite)
header-flags-guest-kernel := $(filter-out -g -O2 $(no-libc-idioms),$(guest-kernel-flags))
header-flags-tests := $(filter-out -g -O2 $(no-libc-idioms),$(test-guest-flags))
header-flags-tools := $(filter-out -g -O2,$(xlite-flags))
header-stamps := $(foreach compiler,gcc clang,$(patsubst %,$(BUILD)/headers/$(compiler)/%.ok,\
	$(filter-out tests/unit/% tests/fuzz/% tests/abi/%,$(headers))))
header-compiler = $(firstword $(subst /, ,$(patsubst $(BUILD)/headers/%,%,$@)))
header-part = $(firstword $(subst /, ,$<))

define header-rule
$(BUILD)/headers/$(1)/%.ok: %
	@mkdir -p $$(@D)
	$$(Q)printf '#include "%s"\n' '$$<' | $(1) $$(header-flags-$$(header-part)) -x c -fsyntax-only -I. \
		-MMD -MP -MF $$@.d -MT $$@ -
	@touch $$@
endef
$(foreach compiler,gcc clang,$(eval $(call header-rule,$(compiler))))
-include $(wildcard $(addsuffix .d,$(header-stamps)))

.PHONY: check-headers
check-headers: $(header-stamps) ## Each header compiles on its own, with gcc and with clang

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
	$(Q)$(MAKE) -k BUILD=$(BUILD)/clang CC=$(CLANG) all

# --- run something ---
.PHONY: check-unit check-abi check-boot
check-unit: $(addsuffix .passed,$(unit-programs)) ## Unit tests, each run again only when it changed

$(BUILD)/tests/unit/%.passed: $(BUILD)/tests/unit/%
	@$(call say,TEST,$*)
	$(Q)$< > $<.log 2>&1 || { cat $<.log; exit 1; }
	@touch $@

check-abi: abi-tests ## Our ABI headers against Debian's

check-boot: all ## The bundled guest boots on xen-lite under QEMU and powers off
	@$(call say,BOOT,the bundled guest)
	$(Q)$(XLITE) run --timeout 60 --kernel $(guest-images) < /dev/null > $(BUILD)/check-boot.log 2>&1 || \
		{ status=$$?; cat $(BUILD)/check-boot.log; echo "check-boot: exit status $$status"; exit 1; }
