/* SPDX-License-Identifier: MIT */
/*
 * peer send FILE, peer receive [FILE]: a pair that talks through /dev/peer, one in each of two
 * domains. One sends a file, the other keeps it (or not) and answers how much it got, with a
 * checksum; the first compares.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "user/lib/tool.h"

#define DEVICE "/dev/peer"

struct account {
    unsigned long bytes;
    unsigned sum; /* FNV-1a */
};

/* Copies `from` to `to` (-1: nowhere), and counts. 0 or -1. */
static int copy(int from, int to, struct account *account)
{
    unsigned char piece[1024];
    ssize_t count;

    while ((count = read(from, piece, sizeof(piece))) > 0) {
        for (ssize_t i = 0; i < count; i++)
            account->sum = (account->sum ^ piece[i]) * 16777619u;
        account->bytes += (unsigned long)count;
        if (to != -1 && write(to, piece, (size_t)count) != count)
            return -1;
    }
    return count < 0 ? -1 : 0;
}

static void tell(const struct account *account, char text[64])
{
    snprintf(text, 64, "%lu bytes, checksum %08x", account->bytes, account->sum);
}

/* Copies one file to another (NULL: to nobody), and says what it was. Closing tells the other end.
 */
static int copy_file(const char *from, const char *to, char text[64])
{
    struct account account = { .sum = 2166136261u };
    int in = open(from, O_RDONLY);
    int out = to ? open(to, O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;
    int failed;

    if (in == -1 || (to && out == -1))
        return complain(in == -1 ? from : to);
    failed = copy(in, out, &account);
    close(in);
    if (out != -1)
        failed |= close(out);
    if (failed)
        return complain(from);
    tell(&account, text);
    return 0;
}

static int send_file(const char *name)
{
    char text[64], answer[64] = "";
    FILE *device;

    if (copy_file(name, DEVICE, text))
        return 1;
    device = fopen(DEVICE, "r");
    if (!device)
        return complain(DEVICE);
    if (fgets(answer, sizeof(answer), device))
        answer[strcspn(answer, "\n")] = 0;
    while (getc(device) != EOF)
        ; /* the end belongs to the answer, too */
    fclose(device);
    printf("sent: %s\nanswer: %s\n", text, answer);
    return strcmp(text, answer) == 0 ? 0 : complain_of(name, "it did not arrive");
}

static int receive_file(const char *name)
{
    char text[64];
    FILE *device;

    if (copy_file(DEVICE, name, text))
        return 1;
    printf("received: %s\n", text);
    device = fopen(DEVICE, "w");
    if (!device)
        return complain(DEVICE);
    fprintf(device, "%s\n", text);
    return fclose(device) == 0 ? 0 : complain(DEVICE);
}

int main(int count, char *words[])
{
    tool_begin(count, words, "peer", "send FILE | receive [FILE]");
    if (count == 3 && strcmp(words[1], "send") == 0)
        return send_file(words[2]);
    if ((count == 2 || count == 3) && strcmp(words[1], "receive") == 0)
        return receive_file(count == 3 ? words[2] : NULL);
    return usage();
}
