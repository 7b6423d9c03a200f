/* SPDX-License-Identifier: MIT */
/* Memory of one's own: anonymous mappings are all there are. */
#ifndef _SYS_MMAN_H
#define _SYS_MMAN_H

#include <sys/types.h>

#define PROT_NONE     0
#define PROT_READ     1
#define PROT_WRITE    2
#define PROT_EXEC     4
#define MAP_PRIVATE   0x02
#define MAP_ANONYMOUS 0x20
#define MAP_ANON      MAP_ANONYMOUS
#define MAP_FAILED    ((void *)-1)

/* The kernel chooses where: address is a wish that it does not hear. EINVAL for any other kind. */
void *mmap(void *address, size_t size, int access, int flags, int descriptor, off_t offset);
int munmap(void *address, size_t size);

#endif
