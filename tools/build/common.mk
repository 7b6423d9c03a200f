# SPDX-License-Identifier: MIT
#
# What all kinds of products share: how a command is shown, common warnings, and rebuilding when the flags change.

# $(call say,CC,file) prints one short line for a command; $(Q) hides the command itself unless V=1. make prints the
# line itself: a process for each would be a fiftieth of a build.
ifeq ($(V),1)
Q :=
say =
else
Q := @
tab := $(shell printf '\t')
say = $(info $()  $(1)$(tab)$(2))
endif

cc-is-clang := $(findstring clang,$(shell $(CC) --version 2>/dev/null | head -n 1))

warnings := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef \
	-Wpointer-arith -Wwrite-strings

debug-info := $(if $(filter 1,$(DEBUGINFO)),-g,-g0)

# gcc (not clang) turns the loop inside memset into a call of memset, even freestanding. Only the files that define
# the string functions need to say no.
no-libc-idioms := $(if $(cc-is-clang),,-fno-tree-loop-distribute-patterns)

dependency-flags = -MMD -MP -MF $(@:.o=.d)

# $(call remember,NAME,TEXT): a file $(BUILD)/flags/NAME that changes only when TEXT does. Objects depend on it, so
# that a change of compiler, DEBUG or flags rebuilds exactly what it touches.
define remember
$(BUILD)/flags/$(1): FORCE
	@mkdir -p $$(@D)
	@printf '%s\n' '$(subst ','\'',$(2))' | cmp -s - $$@ || printf '%s\n' '$(subst ','\'',$(2))' > $$@
endef

.PHONY: FORCE
FORCE:

# $(call objects,DIRECTORY,SOURCES): where the objects of SOURCES lie.
objects = $(patsubst %,$(1)/%.o,$(basename $(2)))

# Reads the dependency files that -MMD wrote for OBJECTS, if there are any yet.
dependencies = $(wildcard $(patsubst %.o,%.d,$(1)))
