#include "CPlatform.h"

#include <sys/syscall.h>
#include <unistd.h>

int cplatform_affinity(void) {
  // 8192 processors, as many as Linux may be built for.
  unsigned long mask[8192 / (8 * sizeof(unsigned long))] = {0};
  long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
  int count = 0;
  for (long i = 0; i < bytes / (long)sizeof(unsigned long); i++) count += __builtin_popcountl(mask[i]);
  return count;
}
