// Preloaded by `abuse`: every other accept4 fails, each time in another way (accept(2), "Error handling").
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/socket.h>

int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags) {
  static int (*real)(int, struct sockaddr *, socklen_t *, int);
  static const int errors[] = {ECONNABORTED, EPROTO, EINTR, ENOBUFS, EMFILE, ENETDOWN};
  static unsigned calls;
  if (!real) real = dlsym(RTLD_NEXT, "accept4");
  unsigned call = __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
  if (call % 2 == 1) {
    errno = errors[call / 2 % (sizeof errors / sizeof *errors)];
    return -1;
  }
  return real(listener, address, length, flags);
}
