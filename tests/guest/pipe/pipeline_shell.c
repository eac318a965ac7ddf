// needs: /bin/sh /bin/cat /usr/bin/sort /usr/bin/head /usr/bin/tr /usr/bin/yes /usr/bin/wc /bin/sleep
// Pipelines, subshells, background jobs and command substitution of the shell.
#include "../test.h"

static void expect(const char *command, const char *wanted) {
    char text[256] = {0};
    FILE *stream = popen(command, "r");
    CHECK(stream);
    size_t length = fread(text, 1, sizeof text - 1, stream);
    text[length] = 0;
    CHECK_EQ(pclose(stream), 0);
    if (strcmp(text, wanted) != 0) FAIL("%s gives %s, wanted %s", command, text, wanted);
}

int main(void) {
    expect("printf 'b\\na\\nc\\n' | sort | head -n 2 | tr a-z A-Z", "A\nB\n");
    expect("yes | head -n 3 | wc -l | tr -d ' '", "3\n");
    expect("(exit 3); echo $?", "3\n");
    expect("sleep 0.01 & wait $!; echo done", "done\n");
    expect("echo $(echo inner $(echo most))", "inner most\n");
    expect("for i in 1 2 3; do echo $i; done | while read n; do echo n$n; done", "n1\nn2\nn3\n");
    expect("false | true; echo $?", "0\n");
    expect("{ sh -c 'kill -TERM $$'; echo $?; } 2>/dev/null", "143\n");
    expect("trap 'echo trapped' USR1; kill -USR1 $$; echo after", "trapped\nafter\n");
    expect("x=1; (x=2; echo $x); echo $x", "2\n1\n");
    expect("cat <<END\nhere\nEND\n", "here\n");
    puts("ok");
}
