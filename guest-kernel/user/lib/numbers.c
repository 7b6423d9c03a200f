/* SPDX-License-Identifier: MIT */
/*
 * What is the same number for kernel and C library needs no translation: here the compiler sees to
 * it that it is the same. There is no code in this file.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include "api/api.h"

#define ERRNO(name, number) _Static_assert((name) == (number), #name);
#include "api/errno.def"
#undef ERRNO

#define SAME(name) _Static_assert((name) == (API_##name), #name)
SAME(O_RDONLY);
SAME(O_WRONLY);
SAME(O_RDWR);
SAME(O_APPEND);
SAME(O_CREAT);
SAME(O_TRUNC);
SAME(O_EXCL);
SAME(O_NONBLOCK);
SAME(O_CLOEXEC);
SAME(O_DIRECTORY);
SAME(SIGHUP);
SAME(SIGINT);
SAME(SIGQUIT);
SAME(SIGILL);
SAME(SIGTRAP);
SAME(SIGABRT);
SAME(SIGFPE);
SAME(SIGKILL);
SAME(SIGBUS);
SAME(SIGSEGV);
SAME(SIGPIPE);
SAME(SIGALRM);
SAME(SIGTERM);
SAME(SIGCHLD);
SAME(SIG_SETMASK);
SAME(SIG_BLOCK);
SAME(SIG_UNBLOCK);
SAME(WNOHANG);
SAME(PROT_READ);
SAME(PROT_WRITE);
SAME(PROT_EXEC);
_Static_assert(NSIG == API_SIGNALS, "signals");
_Static_assert(S_IFDIR == API_S_DIRECTORY && S_IFREG == API_S_REGULAR, "kinds of files");
_Static_assert(S_IFCHR == API_S_CHARACTER && S_IFIFO == API_S_FIFO, "kinds of files");
_Static_assert(sizeof(struct dirent) == sizeof(struct api_dirent), "directory entries");
_Static_assert(sizeof(struct utsname) == sizeof(struct api_uname), "names");
