// needs: /lib/x86_64-linux-gnu/libm.so.6
// A library loaded at run time, by name, with a symbol that works.
#include "../test.h"
#include <dlfcn.h>

int main(void) {
    void *library = dlopen("libm.so.6", RTLD_NOW);
    CHECK(library);
    double (*root)(double) = (double (*)(double))dlsym(library, "cbrt");
    CHECK(root);
    printf("%.1f\n", root(27));
    CHECK(dlopen("no such library.so", RTLD_NOW) == NULL);
    CHECK(dlclose(library) == 0);
}
