/* SPDX-License-Identifier: MIT */
/*
 * Help texts. docs/xlite.md says the same at more length; a test compares the lists of options.
 */
#include "options.h"

#include <stdio.h>

void help_print(void)
{
    fputs("usage: xlite run [options] GUEST.cfg...\n"
          "       xlite run [options] --kernel FILE [--ramdisk FILE] [--extra \"cmdline\"]\n"
          "                 [--memory MB] [--vcpus N] [--name NAME]\n"
          "       xlite run --help\n"
          "       xlite --help | --version\n"
          "\n"
          "Boots xen-lite under QEMU with these domains; the console is on stdin and stdout.\n",
          stdout);
}

void help_print_run(void)
{
    fputs("usage: xlite run [options] GUEST.cfg...\n"
          "       xlite run [options] --kernel FILE [domain options]\n"
          "\n"
          "Domain, instead of a GUEST.cfg in the syntax of xl.cfg(5):\n"
          "  --kernel FILE         ELF or Linux bzImage, plain or packed by gzip, xz, zstd, lz4\n"
          "  --ramdisk FILE        initial ramdisk\n"
          "  --extra \"CMDLINE\"     the guest's command line\n"
          "  --memory MB           its memory (64)\n"
          "  --vcpus N             its virtual CPUs (1)\n"
          "  --max-event-channels N  its last event channel (1023)\n"
          "  --name NAME           its name (guest)\n"
          "\n"
          "Hypervisor:\n"
          "  --hypervisor xen-lite[=FILE] | xen[=FILE] | none\n"
          "                        which one: the one built beside xlite; the real Xen (then\n"
          "                        there is one domain, its dom0); or none, for a kernel of the\n"
          "                        bare machine (Multiboot2)\n"
          "  --hypervisor-args \"...\"  more for the hypervisor's command line\n"
          "\n"
          "Machine:\n"
          "  --firmware bios|uefi  (bios)\n"
          "  --loader grub|qemu    GRUB from a boot image, or QEMU itself: quicker, no UEFI\n"
          "  --machine pc|q35      (pc)\n"
          "  --cpu MODEL           QEMU's name of the CPU model (max)\n"
          "  --cpus N              CPUs of the host (1)\n"
          "  --host-memory MB      memory of the host (512, or what the domains need)\n"
          "  --qemu-args \"...\"     more options for QEMU\n"
          "\n"
          "Run:\n"
          "  --timeout SECONDS     end with status 124 after this time\n"
          "  --ctrl-c end|guest    what this key is for (end); Ctrl-\\ always ends the run\n"
          "  --icount              count instructions: the clock advances with them, exactly\n"
          "  --gdb[=PORT]          stop before the first instruction and wait for gdb (1234)\n"
          "  --iso FILE            write the boot image, do not boot\n"
          "  --dry-run             print the command and the grub.cfg, do nothing\n"
          "\n"
          "Exit status: 0 all domains powered off; 1 one crashed or ended otherwise; 2 bad usage\n"
          "or input; 3 the hypervisor panicked or hung; 124 time-out.\n",
          stdout);
}
