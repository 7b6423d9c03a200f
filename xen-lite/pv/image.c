/* SPDX-License-Identifier: MIT */
/*
 * What is known of a kernel's file beyond what its domains are built of: its symbols, in order, for
 * messages and reports. They are put in order at boot, when nobody waits, and not with each domain
 * that is built from the file.
 */
#include "hv/alloc.h"
#include "lib/problem.h"
#include "pv/build.h"
#include "pv/pv.h"

/* Of all symbols, as looking through the guest's own table for each address would take as long as
 * the guest likes. False: there is no memory. */
static bool index_symbols(struct elf_index *index)
{
    struct elf_key *keys;

    index->count = elf_index_count(&index->symbols);
    index->order = hv_alloc(index->count * sizeof(index->order[0]));
    keys = hv_alloc(index->count * sizeof(keys[0]));
    if (index->order != NULL && keys != NULL)
        elf_index_sort(index, keys);
    hv_free(keys);
    return index->order != NULL && keys != NULL;
}

void pv_forget_image(struct image *image)
{
    if (image == NULL)
        return;
    hv_free(image->symbols.order);
    hv_free(image);
}

struct image *pv_study_image(struct span kernel)
{
    struct image *image = hv_alloc(sizeof(*image));
    struct problem problem;
    struct elf elf;

    if (image == NULL)
        return NULL;
    if (elf_open(&elf, kernel, &problem) && elf_find_symbols(&elf, &image->symbols.symbols)) {
        elf_index_segments(&image->symbols, &elf);
        if (index_symbols(&image->symbols))
            return image;
    }
    pv_forget_image(image);
    return NULL;
}
