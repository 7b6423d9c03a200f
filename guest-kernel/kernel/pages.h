/* SPDX-License-Identifier: MIT */
/* Memory for the kernel: whole pages with a count of their users, and pieces of pages. */
#ifndef GUEST_KERNEL_KERNEL_PAGES_H
#define GUEST_KERNEL_KERNEL_PAGES_H

#include <stdbool.h>
#include <stddef.h>

/* Takes over the machine's free pages, and later those of the ramdisk, from the one with the first
 * byte to the one with the last. */
void pages_init(void);
void pages_add(const void *start, size_t size);

unsigned long pages_free(void);
unsigned long pages_in_all(void);

/* A zeroed page with one user, or NULL: memory is out. (kernel_page_get of machine.h is the same.)
 */
void *page_get(void);

/* The same with the contents of another one. */
void *page_copy(const void *from);

/* One user more; one less, and with the last the page is free. NULL is allowed for page_put. */
void page_share(void *page);
void page_put(void *page);

/* Whether it has more than one user. */
bool page_is_shared(const void *page);

/* Two pieces of this size and the head that they need fill a page. */
#define HEAP_MAX 2032

/* size zeroed bytes, aligned to 16, or NULL: memory is out. At most HEAP_MAX: what is larger is
 * made of pages. heap_put takes them back; NULL is allowed. (heap.c) */
void *heap_get(size_t size);
void heap_put(void *memory);

#endif
