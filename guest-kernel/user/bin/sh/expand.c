/* SPDX-License-Identifier: MIT */
/*
 * From words as they were written to the fields that a command gets: ~, $NAME, $(command) and
 * $((expression)) are replaced; what is not quoted is split at blanks, and then taken as a pattern
 * of file names.
 *
 * While a field grows, each character that was quoted has the byte QUOTED before it, so that later
 * steps know that it means itself.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

struct expansion {
    bool split;          /* whether blanks of values begin new fields */
    char *field;         /* the one that grows */
    size_t length, room; /* of it */
    bool started;        /* it exists, though it may be empty */
    char **fields;       /* those that are complete */
    size_t count, fields_room;
};

static void add_character(struct expansion *e, char character, bool quoted)
{
    if (e->length + 3 > e->room) {
        e->room = e->room * 2 + 32;
        e->field = arena_larger(e->field, e->length, e->room);
    }
    if (quoted)
        e->field[e->length++] = QUOTED;
    e->field[e->length++] = character;
    e->field[e->length] = '\0';
    e->started = true;
}

static void add_field(struct expansion *e, char *field)
{
    if (e->count + 1 >= e->fields_room) {
        e->fields_room = e->fields_room * 2 + 8;
        e->fields =
            arena_larger(e->fields, e->count * sizeof(char *), e->fields_room * sizeof(char *));
    }
    e->fields[e->count++] = field;
    e->fields[e->count] = NULL;
}

static void found_path(void *context, char *path)
{
    add_field(context, path);
}

/* The field is complete. A pattern that matches nothing stays as it is. */
static void end_field(struct expansion *e)
{
    if (!e->started)
        return;
    if (e->length == 0)
        add_field(e, arena_string("", 0));
    else if (!e->split || glob_paths(e->field, found_path, e) == 0)
        add_field(e, without_marks(e->field));
    e->field = NULL;
    e->length = e->room = 0;
    e->started = false;
}

static void add_value(struct expansion *e, const char *value, bool quoted)
{
    for (; *value != '\0'; value++) {
        if (!quoted && e->split && isspace((unsigned char)*value))
            end_field(e);
        else
            add_character(e, *value, quoted);
    }
}

/* ---- What a dollar stands for ---- */

static void add_number(struct expansion *e, long number, bool quoted)
{
    char text[24];

    snprintf(text, sizeof(text), "%ld", number);
    add_value(e, text, quoted);
}

/* "$@" is one field for each parameter; all else is the parameters with blanks between. */
static void add_parameters(struct expansion *e, bool apart, bool quoted)
{
    for (char **parameter = parameters + 1; parameters[0] != NULL && *parameter != NULL;
         parameter++) {
        if (quoted)
            e->started = true;
        add_value(e, *parameter, quoted);
        if (parameter[1] == NULL)
            break;
        if (apart && quoted && e->split)
            end_field(e);
        else
            add_value(e, " ", quoted);
    }
}

static void add_special(struct expansion *e, const char *name, bool quoted)
{
    int count = 0, number = atoi(name);

    while (parameters[0] != NULL && parameters[count + 1] != NULL)
        count++;
    switch (*name) {
    case '?': add_number(e, last_status, quoted); break;
    case '$': add_number(e, getpid(), quoted); break;
    case '!': add_number(e, last_job, quoted); break;
    case '#': add_number(e, count, quoted); break;
    case '@':
    case '*': add_parameters(e, *name == '@', quoted); break;
    default:
        if (number <= count && parameters[0] != NULL)
            add_value(e, parameters[number], quoted);
    }
}

/* How many characters the name at text has: a variable's, a parameter's number, or one like $?. */
static size_t name_length(const char *text)
{
    size_t length = 0;

    if (*text != '\0' && strchr("?$!#@*", *text) != NULL)
        return 1;
    if (isdigit((unsigned char)*text))
        return strspn(text, "0123456789");
    while (isalnum((unsigned char)text[length]) || text[length] == '_')
        length++;
    return length;
}

/* The value of any of these names, NULL if it has none. */
static const char *value_of(const char *name, size_t length)
{
    struct expansion e = { .split = false };

    if (isalpha((unsigned char)name[0]) || name[0] == '_')
        return variable(name, length);
    add_special(&e, name, false);
    end_field(&e);
    return e.count > 0 ? e.fields[0] : NULL;
}

/* ${NAME}, ${#NAME}, ${NAME-word}, ${NAME:-word}; text is what is between the braces. */
static void add_braced(struct expansion *e, const char *text, size_t length, bool quoted)
{
    bool counts = text[0] == '#' && length > 1;
    const char *value, *name = text + counts;
    size_t end = counts + name_length(name);
    bool empty_too = text[end] == ':';
    const char *otherwise = text + end + empty_too;

    if (end == (size_t)counts || (end != length && (counts || *otherwise != '-'))) {
        fprintf(stderr, "sh: ${%.*s}: not understood\n", (int)length, text);
        return;
    }
    value = value_of(name, end - counts);
    if (counts)
        add_number(e, value != NULL ? strlen(value) : 0, quoted);
    else if (end != length && (value == NULL || (empty_too && value[0] == '\0')))
        add_value(e, expand_word(arena_string(otherwise + 1, text + length - otherwise - 1)),
                  quoted);
    else if (name[0] == '@' || name[0] == '*')
        add_parameters(e, name[0] == '@', quoted);
    else if (value != NULL)
        add_value(e, value, quoted);
}

/* $(command), with what it printed but for newlines at the end, or $((expression)). */
static void add_output(struct expansion *e, const char *text, size_t length, bool quoted)
{
    if (text[0] == '(' && text[length - 1] == ')')
        add_number(e, arithmetic(expand_word(arena_string(text + 1, length - 2))), quoted);
    else
        add_value(e, output_of(text, length), quoted);
}

/* Replaces what begins with the dollar at text. What comes after it. */
static const char *add_dollar(struct expansion *e, const char *text, bool quoted)
{
    const char *end = text + 1;

    if (*end == '(' || *end == '{') { /* closed, or it would not have been parsed */
        end = after_closing(text + 2, *end == '(' ? ')' : '}');
        if (text[1] == '(')
            add_output(e, text + 2, end - text - 3, quoted);
        else
            add_braced(e, text + 2, end - text - 3, quoted);
        return end;
    }
    if (isdigit((unsigned char)*end) || (*end != '\0' && strchr("?$!#@*", *end) != NULL)) {
        add_special(e, (char[]){ *end, '\0' }, quoted);
        return end + 1;
    }
    while (isalnum((unsigned char)*end) || *end == '_')
        end++;
    if (end == text + 1) {
        add_character(e, '$', true);
    } else {
        const char *value = variable(text + 1, end - text - 1);

        add_value(e, value != NULL ? value : "", quoted);
    }
    return end;
}

/* ---- Words ---- */

/* \X is X itself, and a newline is no character at all. What comes after it. */
static const char *add_escaped(struct expansion *e, const char *text)
{
    if (text[1] != '\n')
        add_character(e, text[1], true);
    return text + 2;
}

/* `command`, from the character after the first ` on: like $(command), but \` \\ \$ mean the second
 * character. What comes after the closing one. */
static const char *add_backticks(struct expansion *e, const char *text, bool quoted)
{
    const char *end = after_closing(text, '`');
    char *command = arena_take(end - text);
    size_t length = 0;

    for (; text < end - 1; text++) {
        if (text[0] == '\\' && strchr("`\\$", text[1]) != NULL)
            text++;
        command[length++] = *text;
    }
    add_value(e, output_of(command, length), quoted);
    return end;
}

/* From the character after a quotation mark on. What comes after the closing one. */
static const char *add_quotation(struct expansion *e, const char *text)
{
    e->started = true;
    while (*text != '"') {
        if (*text == '$') {
            text = add_dollar(e, text, true);
            continue;
        }
        if (*text == '`') {
            text = add_backticks(e, text + 1, true);
            continue;
        }
        if (text[0] == '\\' && strchr("$\"\\`\n", text[1]) != NULL)
            text = add_escaped(e, text);
        else
            add_character(e, *text++, true);
    }
    return text + 1;
}

static void expand(struct expansion *e, const char *word)
{
    const char *home = getenv("HOME");

    if (word[0] == '~' && (word[1] == '\0' || word[1] == '/') && home != NULL) {
        add_value(e, home, true);
        word++;
    }
    while (*word != '\0') {
        if (*word == '\'') {
            e->started = true;
            for (word++; *word != '\''; word++)
                add_character(e, *word, true);
            word++;
        } else if (*word == '"') {
            word = add_quotation(e, word + 1);
        } else if (*word == '$') {
            word = add_dollar(e, word, false);
        } else if (*word == '`') {
            word = add_backticks(e, word + 1, false);
        } else if (*word == '\\' && word[1] != '\0') {
            word = add_escaped(e, word);
        } else {
            add_character(e, *word++, false);
        }
    }
    end_field(e);
}

char **expand_words(char *const *words)
{
    struct expansion e = { .split = true };

    e.fields = arena_take(sizeof(char *));
    for (; *words != NULL; words++)
        expand(&e, *words);
    return e.fields;
}

char *expand_word(const char *word)
{
    struct expansion e = { .split = false };

    expand(&e, word);
    return e.count > 0 ? e.fields[0] : arena_string("", 0);
}
