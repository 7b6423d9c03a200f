/* SPDX-License-Identifier: MIT */
/* clear: clears the terminal. */
#include <stdio.h>

int main(void)
{
    printf("\033[H\033[2J");
    return 0;
}
