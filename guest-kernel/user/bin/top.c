/* SPDX-License-Identifier: MIT */
/*
 * top [-n TIMES]: who uses the processor, looked at every second until a key is pressed, or so many
 * times.
 */
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "user/lib/proc.h"
#include "user/lib/tool.h"

#define ROOM 256

static struct process before[ROOM], now[ROOM];
static size_t count_before, count_now;

static unsigned long used_before(long pid)
{
    for (size_t i = 0; i < count_before; i++)
        if (before[i].pid == pid)
            return before[i].milliseconds;
    return 0;
}

static void show(void)
{
    unsigned long total, unused;

    proc_memory(&total, &unused);
    printf("\033[H\033[2J%lu processes, %lu of %lu KiB free; any key ends this\n",
           (unsigned long)count_now, unused, total);
    printf("  PID S    KIB CPU%% NAME\n");
    for (size_t i = 0; i < count_now; i++)
        printf("%5ld %c %6lu %3lu%% %s\n", now[i].pid, now[i].state, now[i].pages * 4,
               (now[i].milliseconds - used_before(now[i].pid)) / 10, now[i].name);
    fflush(stdout);
}

/* Waits a second; whether a key was pressed meanwhile. */
static bool key_pressed(void)
{
    struct termios saved, raw;
    ssize_t got;
    char key;

    if (tcgetattr(0, &saved) == -1) {
        sleep(1);
        return false;
    }
    raw = saved;
    raw.c_lflag &= ~(ICANON | ECHO);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 10;
    tcsetattr(0, TCSANOW, &raw);
    got = read(0, &key, 1);
    tcsetattr(0, TCSANOW, &saved);
    return got == 1;
}

int main(int count, char *words[])
{
    long times = -1;

    tool_begin(count, words, "top", "[-n TIMES]");
    if (count == 3 && strcmp(words[1], "-n") == 0)
        times = number_of(words[2]);
    else if (count != 1)
        return usage();
    do {
        memcpy(before, now, sizeof(before));
        count_before = count_now;
        count_now = proc_processes(now, ROOM);
        show();
    } while (--times != 0 && !key_pressed());
    return 0;
}
