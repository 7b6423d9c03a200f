/* SPDX-License-Identifier: MIT */
/*
 * Small objects; see core/slab.h. A page's free objects are linked through their own first word.
 * A page goes back to where it came from as soon as it is empty, unless it is the class's only
 * page with room: an object that comes and goes alone must not move a page each time.
 */
#include "core/slab.h"

#include "lib/assert.h"
#include "lib/string.h"

#define SLAB_MAGIC  0x51ab0b1e
#define FREE_FILL   0xdb
#define HEADER_SIZE 32

/* The header at the start of each page. Free objects are chained by 16-bit offsets in the page,
 * which leaves almost all of a free object to the pattern. */
struct slab_page {
    struct list_node link;
    uint16_t first_free; /* offset in the page; 0 = none */
    uint8_t class;
    uint8_t used;
    uint32_t magic;
};
static_assert(sizeof(struct slab_page) <= HEADER_SIZE, "the page header fits its room");

/* Chosen so that whole objects fill what the header leaves of a page; multiples of 16. */
static const uint16_t class_size[SLAB_CLASSES] = { 32, 64, 128, 256, 496, 1008, 2016 };

/* Pages are page-aligned and an object never spans two. */
static struct slab_page *page_of(const void *object)
{
    return (struct slab_page *)((uintptr_t)object & PAGE_MASK);
}

static uint16_t *link_of(struct slab_page *page, unsigned int offset)
{
    return (uint16_t *)(void *)((char *)page + offset);
}

/* What a free object must still look like behind its link. */
static void fill_free(void *object, size_t size)
{
    memset((char *)object + sizeof(uint16_t), FREE_FILL, size - sizeof(uint16_t));
}

/* False: somebody wrote to the object after it was freed. */
static bool fill_is_intact(const void *object, size_t size)
{
    const uint8_t *bytes = object;

    for (size_t i = sizeof(uint16_t); i < size; i++) {
        if (bytes[i] != FREE_FILL)
            return false;
    }
    return true;
}

void slab_init(struct slab *slab, struct slab_pages pages, bool checks)
{
    *slab = (struct slab){ .pages = pages, .checks = checks };
    for (unsigned int i = 0; i < SLAB_CLASSES; i++)
        list_init(&slab->classes[i].partial);
}

/* A new page for a class, cut into free objects. NULL if there is no page to be had. */
static struct slab_page *add_page(struct slab *slab, unsigned int class)
{
    struct slab_page *page = slab->pages.alloc_page(slab->pages.ctx);
    size_t size = class_size[class];

    if (page == NULL)
        return NULL;
    *page = (struct slab_page){ .class = (uint8_t) class, .magic = SLAB_MAGIC };
    for (size_t offset = HEADER_SIZE; offset + size <= PAGE_SIZE; offset += size) {
        *link_of(page, offset) = page->first_free;
        page->first_free = (uint16_t)offset;
        if (slab->checks)
            fill_free(link_of(page, offset), size);
    }
    list_add_first(&slab->classes[class].partial, &page->link);
    slab->classes[class].pages++;
    return page;
}

/* At most SLAB_CLASSES steps to find the class; taking the object is constant work, except for the
 * comparison that the checks make. */
void *slab_alloc(struct slab *slab, size_t size)
{
    unsigned int class = 0;

    if (size == 0 || size > SLAB_MAX_SIZE)
        return NULL;
    while (class_size[class] < size)
        class ++;

    struct slab_page *page =
        list_first_entry(&slab->classes[class].partial, struct slab_page, link);

    if (page == NULL)
        page = add_page(slab, class);
    if (page == NULL)
        return NULL;

    void *object = link_of(page, page->first_free);

    BUG_ON(slab->checks && !fill_is_intact(object, class_size[class]));
    page->first_free = *link_of(page, page->first_free);
    page->used++;
    if (page->first_free == 0)
        list_remove(&page->link);
    slab->classes[class].objects++;
    return object;
}

/* Whether offset is where an object that is handed out begins. At most 127 steps. */
static bool offset_is_in_use(struct slab_page *page, unsigned int offset)
{
    if (offset < HEADER_SIZE || (offset - HEADER_SIZE) % class_size[page->class] != 0)
        return false;
    for (unsigned int free = page->first_free; free != 0; free = *link_of(page, free)) {
        if (free == offset)
            return false;
    }
    return true;
}

/* The magic number is looked at always: freeing what did not come from here must stop at once, in a
 * release build too, before it corrupts something. */
void slab_free(struct slab *slab, void *object)
{
    if (object == NULL)
        return;

    struct slab_page *page = page_of(object);
    unsigned int offset = (unsigned int)((uintptr_t)object & ~PAGE_MASK);

    BUG_ON(page->magic != SLAB_MAGIC);
    BUG_ON(slab->checks && !offset_is_in_use(page, offset));

    struct slab_class *class = &slab->classes[page->class];

    if (slab->checks)
        fill_free(object, class_size[page->class]);
    if (page->first_free == 0)
        list_add_first(&class->partial, &page->link);
    *link_of(page, offset) = page->first_free;
    page->first_free = (uint16_t)offset;
    page->used--;
    class->objects--;

    bool only_page = class->partial.next == class->partial.prev;

    if (page->used == 0 && !only_page) {
        list_remove(&page->link);
        page->magic = 0;
        class->pages--;
        slab->pages.free_page(slab->pages.ctx, page);
    }
}

size_t slab_object_size(const void *object)
{
    return class_size[page_of(object)->class];
}

uint32_t slab_count_objects(const struct slab *slab)
{
    uint32_t count = 0;

    for (unsigned int i = 0; i < SLAB_CLASSES; i++)
        count += slab->classes[i].objects;
    return count;
}

uint32_t slab_count_pages(const struct slab *slab)
{
    uint32_t count = 0;

    for (unsigned int i = 0; i < SLAB_CLASSES; i++)
        count += slab->classes[i].pages;
    return count;
}
