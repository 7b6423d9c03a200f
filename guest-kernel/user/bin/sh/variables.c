/* SPDX-License-Identifier: MIT */
/*
 * Variables. Those that are exported live in the environment, the others in a list.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sh.h"

struct variable {
    struct variable *next;
    char *name, *value;
};

static struct variable *variables;
int last_status;
pid_t last_job;
static char *no_parameters[] = { "sh", NULL };
char **parameters = no_parameters;

/* The place that points to the variable, or where it would be. */
static struct variable **place_of(const char *name, size_t length)
{
    struct variable **place = &variables;

    while (*place != NULL &&
           (strncmp((*place)->name, name, length) != 0 || (*place)->name[length] != '\0'))
        place = &(*place)->next;
    return place;
}

const char *variable(const char *name, size_t length)
{
    struct variable *found = *place_of(name, length);

    return found != NULL ? found->value : getenv(arena_string(name, length));
}

void variable_set(const char *name, const char *value)
{
    struct variable **place = place_of(name, strlen(name));

    if (getenv(name) != NULL) {
        setenv(name, value, 1);
        return;
    }
    if (*place == NULL) {
        *place = calloc(1, sizeof(**place));
        (*place)->name = strdup(name);
    }
    free((*place)->value);
    (*place)->value = strdup(value);
}

void variable_unset(const char *name)
{
    struct variable **place = place_of(name, strlen(name)), *gone = *place;

    unsetenv(name);
    if (gone == NULL)
        return;
    *place = gone->next;
    free(gone->name);
    free(gone->value);
    free(gone);
}

void variable_export(const char *name)
{
    struct variable *found = *place_of(name, strlen(name));
    char *value = found != NULL ? strdup(found->value) : NULL;

    if (value == NULL)
        return;
    variable_unset(name);
    setenv(name, value, 1);
    free(value);
}

void variables_show(void)
{
    for (const struct variable *v = variables; v != NULL; v = v->next)
        printf("%s=%s\n", v->name, v->value);
}

size_t assignment(const char *word)
{
    size_t length = 0;

    while (isalpha((unsigned char)word[length]) || word[length] == '_' ||
           (length > 0 && isdigit((unsigned char)word[length])))
        length++;
    return word[length] == '=' ? length : 0;
}
