# SPDX-License-Identifier: MIT
#
# The host tool, in reading order. The readers of images come first: the fuzzer links
# just those.

xlite-reader-sources := \
	tools/xlite/problem.c \
	tools/xlite/bytes.c \
	tools/xlite/elf.c \
	tools/xlite/xen_notes.c \
	tools/xlite/unpack.c \
	tools/xlite/bzimage.c \
	tools/xlite/kernel_image.c

xlite-sources := \
	$(xlite-reader-sources) \
	tools/xlite/words.c \
	tools/xlite/tempdir.c \
	tools/xlite/domain.c \
	tools/xlite/config_lines.c \
	tools/xlite/config.c \
	tools/xlite/help.c \
	tools/xlite/options.c \
	tools/xlite/plan.c \
	tools/xlite/child.c \
	tools/xlite/image.c \
	tools/xlite/qemu.c \
	tools/xlite/terminal.c \
	tools/xlite/verdict.c \
	tools/xlite/console.c \
	tools/xlite/main.c

xlite-reader-libs := -lz -llzma -lzstd -llz4
xlite-libs := -lxlutil $(xlite-reader-libs)
