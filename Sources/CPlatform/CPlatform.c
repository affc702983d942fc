#include "CPlatform.h"

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
