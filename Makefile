# SPDX-License-Identifier: MIT
#
# xen-lite: the one Makefile. `make help` lists what it can do.
#
# How it works: every part names its files in a plain list, <part>/sources.mk, in reading order. This file includes
# the lists, and tools/build/*.mk have the rules, one file for each kind of product. Nothing recurses except "the
# same again with other settings" (BUILD=build/clang CC=clang), so make sees the whole dependency graph and -j is
# safe. All products are in $(BUILD); a file's object lies there under the file's own path.

MAKEFLAGS += --no-builtin-rules --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

# Settings, all of them overridable on the command line.
# 1: the hypervisor reports undefined behaviour and panics, built beside the usual one.
UBSAN ?= 0
BUILD ?= $(if $(filter 1,$(UBSAN)),build/ubsan,build)
# 1: ASSERT and lock-order checks are compiled in, and domains are audited when they end. 0: the release build, for
# measuring, which audits only if the option `audit` asks for it.
DEBUG ?= 1
# 1: the compilers write debug information for gdb, a fifth of their time. It changes no instruction.
DEBUGINFO ?= $(DEBUG)
# 1: print commands as they are run.
V ?= 0
PYTHON ?= /usr/bin/python3
ifeq ($(origin CC),default)
CC := gcc
endif
CLANG ?= clang
LD := ld
NM := nm
OBJCOPY := objcopy
XLITE := $(BUILD)/xlite

# Lists of sources, in the order of the layers.
include abi/sources.mk
include xen-lite/sources.mk
include guest-kernel/sources.mk
include tools/xlite/sources.mk
include tests/guests/sources.mk

include tools/build/common.mk
include tools/build/hypervisor.mk
include tools/build/guests.mk
include tools/build/user.mk
include tools/build/ports.mk
include tools/build/exercises.mk
include tools/build/host.mk
include tools/build/fuzz.mk
include tools/build/developer.mk
include tests/abi/abi.mk
include tools/docs/docs.mk
include tools/build/check.mk
include tools/build/test.mk
include tools/build/coverage.mk
include tools/build/bench.mk

.PHONY: all
all: hypervisor guest xlite test-guests linux-userland ## Build everything: hypervisor, xlite, all guests (the default)

.PHONY: clean
clean: ## Remove everything that was built (what was fetched stays: build/packages, build/oracle32)
	$(Q)if [ -d $(BUILD) ]; then \
		find $(BUILD) -mindepth 1 -maxdepth 1 ! -name packages ! -name oracle32 -exec rm -rf {} +; fi
	$(Q)rm -f compile_commands.json

.PHONY: help
help: ## This list
	@echo 'usage: make [TARGET] [DEBUG=0|1] [UBSAN=0|1] [DEBUGINFO=0|1] [CC=gcc|clang] [V=1]'
	@awk -F':.*## ' '/^[a-z0-9_.-]+:.*## /{printf "  %-24s %s\n", $$1, $$2}' $(MAKEFILE_LIST) | sort -u
