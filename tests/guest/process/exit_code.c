// ends: exit 3
// The exit code is the low eight bits: 259 gives 3.
#include "../test.h"

int main(void) {
    exit(259);
}
