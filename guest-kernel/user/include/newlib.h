/* SPDX-License-Identifier: MIT */
/*
 * What newlib's configure would write for a system like ours, of both widths. Its headers and its
 * sources read it.
 */
#ifndef _NEWLIB_H
#define _NEWLIB_H

/* printf and scanf know %lld, and z, j and t. */
#define _WANT_IO_LONG_LONG   1
#define _WANT_IO_C99_FORMATS 1

/* A byte is a character. */
#define _MB_LEN_MAX 1

/* Streams write several pieces at once, seek in their buffer, and write to stderr a line at a time.
 */
#define _FVWRITE_IN_STREAMIO 1
#define _FSEEK_OPTIMIZATION  1
#define _UNBUF_STREAM_OPT    1
#define _WIDE_ORIENT         1

/* More than 32 functions for the end of a program. */
#define _ATEXIT_DYNAMIC_ALLOC 1
#define HAVE_INITFINI_ARRAY   1

/* What is allocated when it is first needed, a stream's buffer or rand's state, may fail. */
#define _REENT_CHECK_VERIFY 1

/* The compiler's. */
#define _HAVE_LONG_DOUBLE                1
#define _HAVE_CC_INHIBIT_LOOP_TO_LIBCALL 1

#endif
