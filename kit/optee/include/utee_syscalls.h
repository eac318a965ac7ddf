/* The calls under the API, for tests of the kernel. A TA needs none of this. */
#ifndef UTEE_SYSCALLS_H
#define UTEE_SYSCALLS_H

#include <stdint.h>

/* Call `number` with these eight words, most of which most calls ignore. */
uint32_t utee_svc(uint32_t number, const uint64_t arguments[8]);

#endif
