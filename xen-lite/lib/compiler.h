/* SPDX-License-Identifier: MIT */
/*
 * Names for what the C language leaves to the compiler: attributes, branch hints and the three
 * ways of telling the optimiser to keep its hands off memory. gcc and clang agree on all of them.
 */
#ifndef LIB_COMPILER_H
#define LIB_COMPILER_H

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define NOINLINE      __attribute__((noinline))
#define ALWAYS_INLINE inline __attribute__((always_inline))
#define NORETURN      __attribute__((noreturn))
#define PACKED        __attribute__((packed))
#define USED          __attribute__((used))
#define UNUSED        __attribute__((unused))
#define COLD          __attribute__((cold))
#define WEAK          __attribute__((weak))
#define MUST_CHECK    __attribute__((warn_unused_result))
#define ALIGNED(n)    __attribute__((aligned(n)))
#define SECTION(name) __attribute__((section(name)))

/* Argument fmt_arg is a printf format; its arguments start at first_arg (0 for a va_list). */
#define PRINTF_LIKE(fmt_arg, first_arg) __attribute__((format(printf, fmt_arg, first_arg)))

/* Memory may have changed, or must have been written, here: the compiler forgets what it cached.
 * It orders nothing for the CPU; on x86 only a store followed by a load needs more than this. */
#define barrier() __asm__ __volatile__("" ::: "memory")

/* One access, neither torn, repeated nor invented. Anything that a guest or another CPU can write
 * at the same time is read once by this, then the copy is checked and used. */
#define READ_ONCE(x)         (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value) (*(volatile __typeof__(x) *)&(x) = (value))

#endif
