# SPDX-License-Identifier: MIT
#
# The host tool, in reading order. The readers of images come first: the fuzzer links just those. What a kernel image
# must be is judged by the hypervisor's own code in xen-lite/lib/.

xlite-reader-sources := \
	tools/xlite/report.c \
	tools/xlite/bytes.c \
	tools/xlite/unpack.c \
	tools/xlite/bzimage.c \
	tools/xlite/kernel_image.c

xlite-lib-sources := \
	xen-lite/lib/span.c \
	xen-lite/lib/text.c \
	xen-lite/lib/format.c \
	xen-lite/lib/problem.c \
	xen-lite/lib/elf.c \
	xen-lite/lib/xen_notes.c \
	xen-lite/lib/xen_layout.c

xlite-sources := \
	$(xlite-lib-sources) \
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

xlite-cflags := -Ixen-lite
xlite-reader-libs := -lz -llzma -lzstd -llz4
xlite-libs := -lxlutil $(xlite-reader-libs)
