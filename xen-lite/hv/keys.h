/* SPDX-License-Identifier: MIT */
/*
 * Debug keys: what a person at the console can ask the hypervisor, a letter each.
 */
#ifndef XEN_LITE_HV_KEYS_H
#define XEN_LITE_HV_KEYS_H

/* At boot: gives a letter its function. what: for the list that 'h' prints. */
void keys_register(char key, const char *what, void (*function)(void));

/* A key was typed while the console's input goes to the hypervisor. No lock held. */
void keys_press(char key);

/* At boot: the keys of this layer. */
void keys_init(void);

#endif
