// ends: exit 255
// exit(-1) gives 255.
#include "../test.h"

int main(void) {
    _exit(-1);
}
