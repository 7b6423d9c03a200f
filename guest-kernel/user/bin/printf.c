/* SPDX-License-Identifier: MIT */
/*
 * printf FORMAT [WORD...]: the format with the words in it: %s, %c, %d, %u, %x, %o with flags,
 * width and precision, %%; \n, \t, \\, \" and octal \NNN. It begins anew as long as words are left;
 * one that is missing is empty, or 0.
 */
#include <string.h>

#include "user/lib/tool.h"

static char **words; /* those that are left */
static int status;

static const char *next_word(void)
{
    return *words != NULL ? *words++ : NULL;
}

/* What comes after the escape at text. */
static const char *show_escape(const char *text)
{
    static const char letters[] = "ntr\\\"", meanings[] = "\n\t\r\\\"";
    const char *letter = strchr(letters, text[1]);
    int value = 0, digits = 0;

    if (text[1] != '\0' && letter != NULL) {
        putchar(meanings[letter - letters]);
        return text + 2;
    }
    for (; digits < 3 && text[1 + digits] >= '0' && text[1 + digits] <= '7'; digits++)
        value = value * 8 + text[1 + digits] - '0';
    putchar(digits > 0 ? value : '\\');
    return text + 1 + digits;
}

static void show_word(char conversion, char *format, size_t length)
{
    const char *word = next_word();

    if (strchr("sc", conversion) != NULL) {
        format[length++] = 's';
        format[length] = '\0';
        printf(format, conversion == 's' ? (word != NULL ? word : "")
                                         : (char[]){ word != NULL ? word[0] : '\0', '\0' });
        return;
    }
    format[length++] = 'l';
    format[length++] = conversion;
    format[length] = '\0';
    printf(format, word != NULL ? number_of(word) : 0l);
}

/* What comes after the conversion at text; NULL, and told: there is none. */
static const char *show_conversion(const char *text)
{
    size_t length = 1 + strspn(text + 1, "-+ #0123456789.");
    char format[40];

    if (text[1] == '%') {
        putchar('%');
        return text + 2;
    }
    if (text[length] == '\0' || strchr("scdiuxXo", text[length]) == NULL ||
        length + 3 > sizeof(format)) {
        status = complain_of(text, "not a conversion that is known");
        return NULL;
    }
    memcpy(format, text, length);
    show_word(text[length], format, length);
    return text + length + 1;
}

static void show(const char *text)
{
    while (text != NULL && *text != '\0') {
        if (*text == '\\')
            text = show_escape(text);
        else if (*text == '%')
            text = show_conversion(text);
        else
            putchar(*text++);
    }
}

int main(int count, char *all[])
{
    char **before;

    tool_begin(count, all, "printf", "FORMAT [WORD...]");
    if (count < 2)
        return usage();
    words = all + 2;
    do {
        before = words;
        show(all[1]);
    } while (*words != NULL && words != before && status == 0);
    return status;
}
