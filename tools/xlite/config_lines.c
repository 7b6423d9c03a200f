/* SPDX-License-Identifier: MIT */
/*
 * Keys and their lines. libxlutil can be asked for the value of a key but neither for the list of
 * keys nor for their lines, and xlite must name the keys that nobody asks for. So this walks over
 * the text once more. It relies on the syntax having been checked: a statement is KEY = VALUE or
 * KEY += VALUE and ends at a newline or
 * ';' that is outside of quotes and brackets; '#' begins a comment.
 */
#include "config_lines.h"

#include "report.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct scan {
    struct bytes file;
    size_t at;
    unsigned line;
};

/* The character here, '\0' at the end. */
static char scan_char(const struct scan *scan)
{
    return scan->at < scan->file.size ? (char)scan->file.data[scan->at] : '\0';
}

/* Steps over one character and counts lines. The only place that moves, so that no newline is
 * missed. */
static void scan_next(struct scan *scan)
{
    scan->line += scan_char(scan) == '\n';
    scan->at++;
}

/* A NUL cannot be in the text (config_read() has checked), but the end must be told from one all
 * the same. */
static bool scan_at_end(const struct scan *scan)
{
    return scan->at >= scan->file.size;
}

/* Stops at the newline, which may end the statement as well. */
static void skip_comment(struct scan *scan)
{
    while (!scan_at_end(scan) && scan_char(scan) != '\n') {
        scan_next(scan);
    }
}

/* Begins at the quote and ends behind its like. A backslash takes away the meaning of what follows.
 */
static void skip_string(struct scan *scan)
{
    char quote = scan_char(scan);

    scan_next(scan);
    while (!scan_at_end(scan) && scan_char(scan) != quote) {
        if (scan_char(scan) == '\\') {
            scan_next(scan);
        }
        scan_next(scan);
    }
    scan_next(scan);
}

/* Leaves the scan behind the newline or ';' that ends the statement. */
static void skip_statement(struct scan *scan)
{
    int brackets = 0;

    while (!scan_at_end(scan)) {
        char c = scan_char(scan);

        if (c == '#') {
            skip_comment(scan);
            continue;
        }
        if (c == '\'' || c == '"') {
            skip_string(scan);
            continue;
        }
        brackets += (c == '[') - (c == ']');
        scan_next(scan);
        if (brackets <= 0 && (c == '\n' || c == ';')) {
            return;
        }
    }
}

/* The keys are few and live until the tool ends, so the list grows one by one. */
static void add_line(struct config_lines *lines, const char *key, size_t length, unsigned line)
{
    lines->list = realloc(lines->list, (lines->count + 1) * sizeof(*lines->list));
    if (lines->list == NULL) {
        fail("out of memory");
    }
    lines->list[lines->count++] = (struct config_line){ strndup(key, length), line };
}

struct config_lines config_lines_find(struct bytes file)
{
    struct scan scan = { file, 0, 1 };
    struct config_lines lines = { NULL, 0 };

    while (!scan_at_end(&scan)) {
        size_t begin;

        while (!scan_at_end(&scan) && isspace((unsigned char)scan_char(&scan))) {
            scan_next(&scan);
        }
        begin = scan.at;
        while (isalnum((unsigned char)scan_char(&scan)) || strchr("_-", scan_char(&scan)) != NULL) {
            if (scan_at_end(&scan)) {
                break;
            }
            scan_next(&scan);
        }
        if (scan.at > begin) {
            add_line(&lines, (char *)file.data + begin, scan.at - begin, scan.line);
        }
        skip_statement(&scan);
    }
    return lines;
}
