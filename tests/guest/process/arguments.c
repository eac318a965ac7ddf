// args: one -two --three=3
// env: LITEBOX_GUEST=a value=with signs
// Arguments and variables arrive unchanged, and lie on the stack as the ABI says.
#include "../test.h"

extern char **environ;

int main(int argc, char **argv) {
    CHECK_EQ(argc, 4);
    for (int i = 1; i < argc; i++) puts(argv[i]);
    CHECK(argv[argc] == NULL && environ == argv + argc + 1);
    CHECK_EQ(((long *)argv)[-1], argc);
    puts(getenv("LITEBOX_GUEST"));
    CHECK(argv[0][0] == '/' && access(argv[0], X_OK) == 0);
    char *last = argv[0];
    for (int i = 1; i < argc; i++) {
        CHECK(argv[i] == last + strlen(last) + 1);
        last = argv[i];
    }
    CHECK(environ[0] == last + strlen(last) + 1);
    CHECK(getenv("PATH") && getenv("HOME") && !getenv("LITEBOX_NOT_SET"));
}
