#include "CPlatform.h"

#ifdef __GLIBC__
#include <malloc.h>

void cplatform_trim_memory(void) { malloc_trim(0); }

#else

void cplatform_trim_memory(void) {}

#endif

int cplatform_epoll_wait(
    int epoll, uint64_t *tokens, uint32_t *events, int capacity, int timeout_milliseconds) {
  struct epoll_event ready[256];
  if (capacity > 256) capacity = 256;
  int count = epoll_wait(epoll, ready, capacity, timeout_milliseconds);
  for (int i = 0; i < count; i++) {
    tokens[i] = ready[i].data.u64;
    events[i] = ready[i].events;
  }
  return count;
}

#if defined(__x86_64__)

int cplatform_has_crc32c(void) { return __builtin_cpu_supports("sse4.2"); }

__attribute__((target("sse4.2"))) uint32_t cplatform_crc32c(
    uint32_t state, const void *bytes, size_t count) {
  const unsigned char *next = bytes;
  uint64_t crc = state;
  for (; count >= 8; count -= 8, next += 8) {
    uint64_t word;
    __builtin_memcpy(&word, next, 8);
    crc = __builtin_ia32_crc32di(crc, word);
  }
  for (; count > 0; count--, next++) crc = __builtin_ia32_crc32qi((uint32_t)crc, *next);
  return (uint32_t)crc;
}

#else

int cplatform_has_crc32c(void) { return 0; }

uint32_t cplatform_crc32c(uint32_t state, const void *bytes, size_t count) { return state; }

#endif
