/* Number 2 of the chain. */
#define WHO 2
#define TA_FLAGS 0
#include "chain.h"
