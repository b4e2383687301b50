/* Files that are replaced as a whole: whoever reads one sees the old one or the new one. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *path_beside(const char *path, const char *more)
{
    size_t len = strlen(path), end = strlen(more);
    char *beside = malloc(len + end + 1);
    if (!beside) {
        fprintf(stderr, "berm: out of memory\n");
        return NULL;
    }
    memcpy(beside, path, len);
    memcpy(beside + len, more, end + 1);
    return beside;
}

static bool write_all(int file, berm_str bytes)
{
    while (bytes.len > 0) {
        ssize_t step = write(file, bytes.ptr, bytes.len);
        if (step < 0 && errno == EINTR) continue;
        if (step <= 0) return false;
        bytes.ptr += step;
        bytes.len -= (size_t)step;
    }
    return true;
}

/* The new file is on the disk before it takes the old one's name, and its mode; errno says why
   not. */
static bool write_beside(const char *path, const char *beside, berm_str bytes)
{
    struct stat old;
    int file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0) return false;
    bool written = stat(path, &old) || fchmod(file, old.st_mode & 0777) == 0;
    written = written && write_all(file, bytes) && fsync(file) == 0;
    int why = errno;
    if (close(file) && written) written = false, why = errno;
    if (written && rename(beside, path)) written = false, why = errno;
    if (!written) unlink(beside);
    errno = why;
    return written;
}

/* Devices and pipes cannot be replaced. */
static bool write_into(const char *path, berm_str bytes)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return false;
    bool written = write_all(file, bytes);
    int why = errno;
    if (close(file) && written) written = false, why = errno;
    errno = why;
    return written;
}

static bool replace_regular(const char *path, berm_str bytes)
{
    char ending[32];
    snprintf(ending, sizeof ending, ".%ld.tmp", (long)getpid());
    char *target = realpath(path, NULL); /* what a link leads to is replaced, not the link */
    char *beside = path_beside(target ? target : path, ending);
    bool written = beside && write_beside(target ? target : path, beside, bytes);
    int why = errno;
    free(beside);
    free(target);
    errno = why;
    return written;
}

int replace_file(const char *path, berm_str bytes)
{
    struct stat st;
    bool written;
    if (strcmp(path, "-") == 0) written = write_all(STDOUT_FILENO, bytes);
    else if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) written = write_into(path, bytes);
    else written = replace_regular(path, bytes);
    if (written) return EXIT_PASSED;
    fprintf(stderr, "berm: %s: %s\n", path, strerror(errno));
    return EXIT_BROKEN;
}
