/* SPDX-License-Identifier: MIT */
/* Address spaces: the same address with different contents in two of them. */
#include "tour/tour.h"
#include "lib/string.h"

#define ADDRESS 0x400000ul

/* A new space with a page that holds text at ADDRESS. */
static struct space *make_space(const char *text)
{
    char *page = kernel_page_get();
    struct space *s = page ? machine_space_create() : NULL;

    if (page)
        memcpy(page, text, strlen(text) + 1);
    if (!s || !machine_map(s, ADDRESS, page, ACCESS_READ)) {
        print("spaces: OUT OF MEMORY\n");
        machine_crash();
    }
    return s;
}

/* Goes to the space and tries to read and to write at ADDRESS. machine_copy() takes the faults, so
 * that what is not there can be told like what is. */
static void look(const char *name, struct space *s)
{
    char text[16] = "";
    bool present, writable;

    machine_space_switch(s);
    present = machine_copy(text, (const void *)ADDRESS, sizeof(text) - 1);
    writable = machine_copy((void *)ADDRESS, "over", 4);
    print("spaces: in %s, address 0x%lx is %s%s%s\n", name, ADDRESS, present ? text : "empty",
          present ? ", " : "",
          !present   ? ""
          : writable ? "WRITABLE"
                     : "read-only");
}

/* Writes back what is there: on a bare machine, where nobody forbids it, nothing changes. */
static void show_table(const void *table)
{
    uint32_t word = 0;
    bool readable = machine_copy(&word, table, sizeof(word));
    bool writable = machine_copy((void *)(uintptr_t)table, &word, sizeof(word));

    print("spaces: the page table %s be read, and %s be written\n", readable ? "can" : "CANNOT",
          writable ? "can" : "cannot");
}

void show_spaces(void)
{
    struct space *one = make_space("one"), *two = make_space("two");
    const void *table = machine_page_table(one, ADDRESS);

    look("the first space", one);
    look("the second space", two);
    look("the first space again", one);
    look("no space", NULL);
    show_table(table);

    machine_space_destroy(one, kernel_page_put);
    machine_space_destroy(two, kernel_page_put);
}
