// Makes one system call of a program go wrong: the Nth of a kind on files at or below a folder. Loaded by LD_PRELOAD.
//
//   FAULT_FOLDER  the folder, an absolute path without links
//   FAULT         KIND:N:ACTION, or KIND:N+:ACTION for the Nth and every later one
//   FAULT_REPORT  a file that gets a line for every fault that was made
//
// Kinds: write, sync, rename, truncate, reserve, open, unlink, mkdir, and any of these.
// Actions: ENOSPC, EIO and EACCES fail without doing anything; `short` writes the first half; `torn` writes the first
// half and kills the process; `before` and `after` kill it around the call; `lose` fails a sync with EIO and takes from
// the file what was written since the last sync, as a kernel may that could not write its pages.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FILES = 4096 };
static char kind[16], action[16], folder[4096];
static long nth, seen;
static int repeats, ready;
static off_t synced[FILES];

__attribute__((constructor)) static void configure(void) {
  const char *fault = getenv("FAULT"), *below = getenv("FAULT_FOLDER");
  char number[16] = "";
  if (!fault || !below || sscanf(fault, "%15[^:]:%15[^:]:%15s", kind, number, action) != 3) return;
  snprintf(folder, sizeof folder, "%s", below);
  nth = atol(number);
  repeats = strchr(number, '+') != NULL;
  ready = 1;
}

static int is_below(const char *path) {
  size_t length = strlen(folder);
  return strncmp(path, folder, length) == 0 && (path[length] == 0 || path[length] == '/');
}

static int is_open_below(int file) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return is_below(path);
}

static void report(const char *name) {
  const char *path = getenv("FAULT_REPORT");
  char line[64];
  int length = snprintf(line, sizeof line, "%s %ld %s\n", name, nth, action);
  int file = path ? syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT, 0600) : -1;
  if (file < 0) return;
  syscall(SYS_write, file, line, length);
  syscall(SYS_close, file);
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

// Whether this is the call; `before` has killed the process then. Afterwards `is` tells the actions apart.
static int strikes(const char *name, int below) {
  if (!ready || !below || (strcmp(kind, name) != 0 && strcmp(kind, "any") != 0)) return 0;
  long number = __atomic_add_fetch(&seen, 1, __ATOMIC_SEQ_CST);
  if (repeats ? number < nth : number != nth) return 0;
  report(name);
  if (strcmp(action, "before") == 0) die();
  return 1;
}

static int is(const char *name) { return strcmp(action, name) == 0; }

static int error_number(void) { return is("ENOSPC") ? ENOSPC : is("EIO") ? EIO : is("EACCES") ? EACCES : 0; }

// The call itself, around which `strikes` was asked.
#define PERFORM(struck, call)               \
  do {                                      \
    if (struck && error_number()) {         \
      errno = error_number();               \
      return -1;                            \
    }                                       \
    long answer = (call);                   \
    if (struck && is("after")) die();       \
    return answer;                          \
  } while (0)

ssize_t write(int file, const void *bytes, size_t count) {
  int struck = ready && strikes("write", is_open_below(file));
  if (struck && (is("short") || is("torn")) && count > 1) {
    long result = syscall(SYS_write, file, bytes, count / 2);
    if (is("torn")) die();
    return result;
  }
  PERFORM(struck, syscall(SYS_write, file, bytes, count));
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  int struck = ready && strikes("write", is_open_below(file));
  PERFORM(struck, syscall(SYS_pwrite64, file, bytes, count, offset));
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off_t offset) {
  return pwrite(file, bytes, count, offset);
}

ssize_t writev(int file, const struct iovec *pieces, int count) {
  int struck = ready && strikes("write", is_open_below(file));
  PERFORM(struck, syscall(SYS_writev, file, pieces, count));
}

// Zeroes what was written since the last sync; through another descriptor, as this one may only append.
static void lose(int file) {
  static const char zeros[4096];
  char link[64];
  struct stat status;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  int other = syscall(SYS_openat, AT_FDCWD, link, O_WRONLY, 0);
  if (other < 0 || fstat(file, &status) != 0) return;
  for (off_t offset = file < FILES ? synced[file] : 0; offset < status.st_size; offset += sizeof zeros) {
    off_t rest = status.st_size - offset;
    syscall(SYS_pwrite64, other, zeros, rest < (off_t)sizeof zeros ? rest : (off_t)sizeof zeros, offset);
  }
  syscall(SYS_close, other);
}

static void remember(int file) {
  struct stat status;
  if (ready && file >= 0 && file < FILES && fstat(file, &status) == 0) synced[file] = status.st_size;
}

static int sync_with(long call, int file) {
  int struck = ready && strikes("sync", is_open_below(file));
  if (struck && is("lose")) {
    lose(file);
    errno = EIO;
    return -1;
  }
  if (struck && error_number()) PERFORM(struck, 0);
  long result = syscall(call, file);
  if (result == 0) remember(file);
  PERFORM(struck, result);
}

int fsync(int file) { return sync_with(SYS_fsync, file); }

int fdatasync(int file) { return sync_with(SYS_fdatasync, file); }

int rename(const char *old, const char *new) {
  int struck = ready && strikes("rename", is_below(new));
  PERFORM(struck, syscall(SYS_renameat2, AT_FDCWD, old, AT_FDCWD, new, 0));
}

int renameat(int from, const char *old, int to, const char *new) {
  int struck = ready && strikes("rename", is_below(new));
  PERFORM(struck, syscall(SYS_renameat2, from, old, to, new, 0));
}

int ftruncate(int file, off_t size) {
  int struck = ready && strikes("truncate", is_open_below(file));
  PERFORM(struck, syscall(SYS_ftruncate, file, size));
}

int ftruncate64(int file, off_t size) { return ftruncate(file, size); }

int fallocate(int file, int mode, off_t offset, off_t length) {
  int struck = ready && strikes("reserve", is_open_below(file));
  PERFORM(struck, syscall(SYS_fallocate, file, mode, offset, length));
}

int fallocate64(int file, int mode, off_t offset, off_t length) { return fallocate(file, mode, offset, length); }

static int open_with(int parent, const char *path, int flags, int mode) {
  int struck = ready && strikes("open", is_below(path));
  if (struck && error_number()) PERFORM(struck, 0);
  long file = syscall(SYS_openat, parent, path, flags, mode);
  remember(file);
  PERFORM(struck, file);
}

#define MODE(flags)                             \
  int mode = 0;                                 \
  if (flags & (O_CREAT | __O_TMPFILE)) {        \
    va_list arguments;                          \
    va_start(arguments, flags);                 \
    mode = va_arg(arguments, int);              \
    va_end(arguments);                          \
  }

int open(const char *path, int flags, ...) {
  MODE(flags)
  return open_with(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  MODE(flags)
  return open_with(AT_FDCWD, path, flags, mode);
}

int openat(int parent, const char *path, int flags, ...) {
  MODE(flags)
  return open_with(parent, path, flags, mode);
}

int openat64(int parent, const char *path, int flags, ...) {
  MODE(flags)
  return open_with(parent, path, flags, mode);
}

int unlink(const char *path) {
  int struck = ready && strikes("unlink", is_below(path));
  PERFORM(struck, syscall(SYS_unlink, path));
}

int mkdir(const char *path, mode_t mode) {
  int struck = ready && strikes("mkdir", is_below(path));
  PERFORM(struck, syscall(SYS_mkdir, path, mode));
}
