/* SPDX-License-Identifier: MIT */
/*
 * Processes of the shell. In an interactive shell each pipeline is a process group of its own, and
 * the terminal is told which group is in front: Ctrl-C is for that one alone. Nothing can be
 * stopped and continued, so a job runs in the background from its start or never.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sh.h"
#include "user/lib/signal_names.h"

#define JOBS     64 /* the kernel has no more processes */
#define JOB_PIDS 16

struct job {
    char *text; /* NULL: free */
    pid_t pids[JOB_PIDS];
    size_t count, running;
    int status; /* of the last one, as waitpid gives it */
};

static struct job jobs[JOBS];
bool interactive;

static int status_of(int how)
{
    return WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
}

/* What nobody asked for is told: a program that a signal ended, other than by Ctrl-C or its pipe.
 */
static void tell_end(int how)
{
    if (!WIFSIGNALED(how) || WTERMSIG(how) == SIGPIPE)
        return;
    if (WTERMSIG(how) == SIGINT)
        interrupted = true;
    else
        fprintf(stderr, "%s", strsignal(WTERMSIG(how)));
    fputc('\n', stderr);
}

pid_t job_fork(pid_t group, bool foreground)
{
    pid_t pid;

    fflush(stdout);
    pid = fork();
    if (pid == -1)
        fprintf(stderr, "sh: fork: %s\n", strerror(errno));
    if (interactive && pid != -1) {
        /* Both do it: whoever comes first. */
        setpgid(pid, group != 0 ? group : pid);
        if (foreground)
            tcsetpgrp(0, group != 0 ? group : pid != 0 ? pid : getpid());
    }
    if (pid == 0) {
        interactive = false;
        memset(jobs, 0, sizeof(jobs));
        signal(SIGINT, SIG_DFL);
        signal(SIGQUIT, SIG_DFL);
        signal(SIGTTOU, SIG_DFL);
    }
    return pid;
}

/* Notes that a process ended, if it belongs to a job. */
static void note_end(pid_t pid, int how)
{
    for (struct job *job = jobs; job < jobs + JOBS; job++)
        for (size_t i = 0; job->text != NULL && i < job->count; i++)
            if (job->pids[i] == pid) {
                job->pids[i] = 0;
                job->running--;
                if (i == job->count - 1)
                    job->status = how;
            }
}

int job_wait(const pid_t *pids, size_t count)
{
    int how = 0;

    for (size_t i = 0; i < count; i++)
        while (waitpid(pids[i], &how, 0) == -1)
            if (errno != EINTR || interrupted)
                return interrupted ? 128 + SIGINT : 127;
    for (size_t i = 0; i < count; i++)
        note_end(pids[i], how);
    if (interactive) {
        tcsetpgrp(0, getpgrp());
        tell_end(how);
    } else if (WIFSIGNALED(how) && WTERMSIG(how) != SIGINT) {
        tell_end(how);
    }
    return status_of(how);
}

void job_background(const pid_t *pids, size_t count, const char *text)
{
    for (struct job *job = jobs; job < jobs + JOBS; job++) {
        if (job->text != NULL)
            continue;
        job->text = strdup(text);
        job->count = job->running = count;
        memcpy(job->pids, pids, count * sizeof(*pids));
        if (interactive)
            printf("[%d] %d\n", (int)(job - jobs) + 1, (int)pids[count - 1]);
        return;
    }
}

static void collect(void)
{
    pid_t pid;
    int how;

    while ((pid = waitpid(-1, &how, WNOHANG)) > 0)
        note_end(pid, how);
}

static void forget(struct job *job)
{
    free(job->text);
    job->text = NULL;
}

void jobs_report(void)
{
    collect();
    for (struct job *job = jobs; job < jobs + JOBS; job++) {
        if (job->text == NULL || job->running > 0)
            continue;
        if (interactive)
            printf("[%d] ended with %d: %s\n", (int)(job - jobs) + 1, status_of(job->status),
                   job->text);
        forget(job);
    }
}

int builtin_jobs(char **words)
{
    (void)words;
    collect();
    for (struct job *job = jobs; job < jobs + JOBS; job++)
        if (job->text != NULL && job->running > 0)
            printf("[%d] running: %s\n", (int)(job - jobs) + 1, job->text);
    return 0;
}

/* The job that %N names; without a word the newest. NULL, and an error told: there is none. */
static struct job *job_named(const char *word)
{
    int number = word != NULL && word[0] == '%' ? atoi(word + 1) : 0;

    for (int i = JOBS; word == NULL && number == 0 && i > 0; i--)
        if (jobs[i - 1].text != NULL)
            number = i;
    if (number >= 1 && number <= JOBS && jobs[number - 1].text != NULL)
        return &jobs[number - 1];
    fprintf(stderr, "sh: %s: no such job\n", word != NULL ? word : "fg");
    return NULL;
}

/* By Ctrl-C while the job is in the background only the waiting ends. */
static int wait_for_job(struct job *job)
{
    int how, status;

    for (size_t i = 0; i < job->count; i++) {
        if (job->pids[i] > 0 && waitpid(job->pids[i], &how, 0) > 0)
            note_end(job->pids[i], how);
        if (interrupted)
            return 128 + SIGINT;
    }
    status = status_of(job->status);
    forget(job);
    return status;
}

int builtin_fg(char **words)
{
    struct job *job = job_named(words[1]);
    pid_t group = job != NULL && job->running > 0 ? getpgid(job->pids[job->count - 1]) : -1;
    int status;

    if (job == NULL)
        return 1;
    printf("%s\n", job->text);
    fflush(stdout);
    if (interactive && group > 0)
        tcsetpgrp(0, group);
    status = wait_for_job(job);
    if (interactive)
        tcsetpgrp(0, getpgrp());
    interrupted = status == 128 + SIGINT;
    return status;
}

/* Without a word: for all. */
int builtin_wait(char **words)
{
    int status = 0;
    struct job *job;

    if (words[1] != NULL && words[1][0] != '%') {
        pid_t pid = atoi(words[1]);

        if (pid <= 0) {
            fprintf(stderr, "sh: wait: %s: neither a process nor a job\n", words[1]);
            return 2;
        }
        return job_wait(&pid, 1);
    }
    if (words[1] != NULL)
        return (job = job_named(words[1])) != NULL ? wait_for_job(job) : 127;
    for (job = jobs; job < jobs + JOBS && !interrupted; job++)
        if (job->text != NULL)
            status = wait_for_job(job);
    return status;
}

static bool kill_process(const char *word, int number)
{
    char *end;
    long pid = strtol(word, &end, 10);

    if (end == word || *end != '\0')
        fprintf(stderr, "kill: %s: neither a process nor a job\n", word);
    else if (kill(pid, number) == -1)
        fprintf(stderr, "kill: %s: %s\n", word, strerror(errno));
    else
        return true;
    return false;
}

/* kill [-SIGNAL] pid | %job ...: what /bin/kill cannot know are the jobs. */
int builtin_kill(char **words)
{
    int number = SIGTERM, status = 0;

    if (words[1] != NULL && strcmp(words[1], "-l") == 0) {
        signal_list();
        return 0;
    }
    if (words[1] != NULL && words[1][0] == '-')
        number = signal_number(*++words + 1);
    if (words[1] == NULL || number < 0 || number >= NSIG) {
        fprintf(stderr, "usage: kill [-SIGNAL] PID | %%JOB ...\n");
        return 2;
    }
    for (words++; *words != NULL; words++) {
        struct job *job = (*words)[0] == '%' ? job_named(*words) : NULL;

        if ((*words)[0] == '%' && job == NULL) {
            status = 1;
            continue;
        }
        for (size_t i = 0; job != NULL && i < job->count; i++)
            if (job->pids[i] > 0)
                kill(job->pids[i], number);
        if (job == NULL && !kill_process(*words, number))
            status = 1;
    }
    return status;
}
