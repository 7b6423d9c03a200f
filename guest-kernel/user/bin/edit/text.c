/* SPDX-License-Identifier: MIT */
/* The text: an array of lines, each an array of bytes that is as long as it must be. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edit.h"

/* Memory that grows or shrinks; the editor ends when there is none: what was typed is lost then. */
static void *resized(void *old, size_t size)
{
    void *memory = realloc(old, size);

    if (memory == NULL) {
        screen_close();
        fprintf(stderr, "edit: out of memory\n");
        exit(1);
    }
    return memory;
}

static void add_line(struct text *text, size_t at, const char *bytes, size_t length)
{
    struct line *line;

    text->lines = resized(text->lines, (text->count + 1) * sizeof(*text->lines));
    line = text->lines + at;
    memmove(line + 1, line, (text->count - at) * sizeof(*line));
    line->bytes = memcpy(resized(NULL, length + 1), bytes, length);
    line->bytes[length] = '\0';
    line->length = length;
    text->count++;
}

bool text_load(struct text *text, const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t length = 0;
    bool fine;
    int c = EOF;

    memset(text, 0, sizeof(*text));
    if (file == NULL && errno != ENOENT)
        return false;
    while (file != NULL && ((c = getc(file)) != EOF || length > 0)) {
        if (c != '\n' && c != EOF) {
            line = resized(line, length + 1);
            line[length++] = (char)c;
            continue;
        }
        add_line(text, text->count, line != NULL ? line : "", length);
        length = 0;
    }
    free(line);
    fine = file == NULL || !ferror(file); /* errno: why the last read failed */
    if (file != NULL)
        fclose(file);
    if (text->count == 0)
        add_line(text, 0, "", 0);
    return fine;
}

bool text_save(struct text *text, const char *path)
{
    FILE *file = fopen(path, "w");
    bool fine;

    if (file == NULL)
        return false;
    for (size_t i = 0; i < text->count; i++)
        fprintf(file, "%s\n", text->lines[i].bytes);
    fine = !ferror(file);
    fine = fclose(file) == 0 && fine;
    text->changed = text->changed && !fine;
    return fine;
}

void text_insert(struct text *text, size_t line, size_t column, char c)
{
    struct line *l = &text->lines[line];

    l->bytes = resized(l->bytes, l->length + 2);
    memmove(l->bytes + column + 1, l->bytes + column, l->length - column + 1);
    l->bytes[column] = c;
    l->length++;
    text->changed = true;
}

void text_split(struct text *text, size_t line, size_t column)
{
    struct line *l = &text->lines[line];

    add_line(text, line + 1, l->bytes + column, l->length - column);
    l = &text->lines[line]; /* the array may have moved */
    l->length = column;
    l->bytes[column] = '\0';
    text->changed = true;
}

void text_remove_line(struct text *text, size_t line)
{
    free(text->lines[line].bytes);
    text->count--;
    memmove(text->lines + line, text->lines + line + 1,
            (text->count - line) * sizeof(*text->lines));
    if (text->count == 0)
        add_line(text, 0, "", 0);
    text->changed = true;
}

void text_erase(struct text *text, size_t line, size_t column)
{
    struct line *l = &text->lines[line];

    if (column < l->length) {
        memmove(l->bytes + column, l->bytes + column + 1, l->length - column);
        l->length--;
    } else if (line + 1 < text->count) {
        l->bytes = resized(l->bytes, l->length + l[1].length + 1);
        memcpy(l->bytes + l->length, l[1].bytes, l[1].length + 1);
        l->length += l[1].length;
        text_remove_line(text, line + 1);
    }
    text->changed = true;
}
