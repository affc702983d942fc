#ifndef CPLATFORM_H
#define CPLATFORM_H

// Declarations that Swift's Glibc module hides: GNU and Linux calls, and macros with casts.

#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <sys/types.h>
#include <sys/un.h>

extern int accept4(int, struct sockaddr *, socklen_t *, int);
extern int fallocate(int, int, off_t, off_t);
extern ssize_t getrandom(void *, size_t, unsigned int);
extern void *memmem(const void *, size_t, const void *, size_t);

/// accept4(2) with SOCK_NONBLOCK | SOCK_CLOEXEC.
static inline int cplatform_accept(int listener, struct sockaddr *address, socklen_t *length) {
  return accept4(listener, address, length, 02000000 | 04000);
}

/// socket(2), non-blocking and close-on-exec.
static inline int cplatform_stream_socket(int family) {
  return socket(family, 1 | 02000000 | 04000, 0);
}

/// fallocate(2) with FALLOC_FL_KEEP_SIZE: reserves blocks, leaves the file's size alone.
static inline int cplatform_reserve(int file, off_t offset, off_t length) {
  return fallocate(file, 0x01, offset, length);
}

/// getsockopt(2) with SO_PEERCRED: the user behind a connected unix socket. Returns 0, or -1 if the kernel does not
/// report it.
static inline int cplatform_peer_user(int descriptor, uint32_t *user) {
  struct { pid_t pid; uid_t uid; gid_t gid; } credentials;
  socklen_t length = sizeof credentials;
  if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return -1;
  *user = credentials.uid;
  return 0;
}

/// prctl(2) with PR_SET_DUMPABLE 0: no core dump, also where a program takes them, and no other process of the same user
/// can read the memory.
static inline int cplatform_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

/// malloc_trim(3): gives free memory back to the system. Does nothing with other C libraries.
void cplatform_trim_memory(void);

/// memmem(3): the first place of `needle` in `haystack`, or NULL.
static inline const void *cplatform_find(
    const void *haystack, size_t count, const void *needle, size_t needle_count) {
  return memmem(haystack, count, needle, needle_count);
}

/// epoll_ctl(2) with the event spelled out; `operation` is one of the constants below.
static inline int cplatform_epoll_control(
    int epoll, int operation, int descriptor, uint32_t events, uint64_t token) {
  struct epoll_event event;
  event.events = events;
  event.data.u64 = token;
  return epoll_ctl(epoll, operation, descriptor, &event);
}

static const int CPLATFORM_EPOLL_ADD = 1;
static const int CPLATFORM_EPOLL_DELETE = 2;
static const int CPLATFORM_EPOLL_MODIFY = 3;
static const uint32_t CPLATFORM_EPOLLIN = 0x001;
static const uint32_t CPLATFORM_EPOLLOUT = 0x004;
static const uint32_t CPLATFORM_EPOLLERR = 0x008;
static const uint32_t CPLATFORM_EPOLLHUP = 0x010;
static const uint32_t CPLATFORM_EPOLLRDHUP = 0x2000;
static const uint32_t CPLATFORM_EPOLLEXCLUSIVE = 1u << 28;
static const uint32_t CPLATFORM_EPOLLET = 1u << 31;

/// Whether this processor has instructions for `cplatform_crc32c`.
int cplatform_has_crc32c(void);

/// The Castagnoli CRC of more bytes, without the complements before and after.
uint32_t cplatform_crc32c(uint32_t state, const void *bytes, size_t count);

/// Whether this processor has instructions for `cplatform_sha256`.
int cplatform_has_sha256(void);

/// Compresses whole blocks of 64 bytes into the eight words of the state (FIPS 180-4 §6.2.2).
void cplatform_sha256(uint32_t *state, const void *bytes, size_t blocks);

/// How many processors are in the affinity mask of this thread (sched_getaffinity(2)); 0 if it is unknown.
int cplatform_affinity(void);

/// epoll_wait(2); tokens and events go to two plain arrays, so that no packed struct crosses into Swift.
int cplatform_epoll_wait(
    int epoll, uint64_t *tokens, uint32_t *events, int capacity, int timeout_milliseconds);

/// adjtimex(2): 0 if the clock is synchronised, 1 if it is not, -1 if that is unknown.
static inline int cplatform_clock_state(void) {
  struct timex state = {0};
  int result = adjtimex(&state);
  return result < 0 ? -1 : (state.status & STA_UNSYNC) != 0;
}

#endif
