/* Number 3 of the chain. */
#define WHO 3
#define TA_FLAGS 0
#include "chain.h"
