// needs: /bin/sh /bin/cat
// popen and pclose: output read, input written, the status, and several at once.
#include "../test.h"

int main(void) {
    char line[64];
    FILE *stream = popen("echo one; echo two; exit 5", "r");
    CHECK(stream);
    CHECK(fgets(line, sizeof line, stream) && strcmp(line, "one\n") == 0);
    CHECK(fgets(line, sizeof line, stream) && strcmp(line, "two\n") == 0);
    CHECK(!fgets(line, sizeof line, stream));
    CHECK_EQ(pclose(stream), 5 << 8);
    stream = popen("cat > written; exit 6", "w");
    CHECK(stream && fputs("text\n", stream) >= 0);
    CHECK_EQ(pclose(stream), 6 << 8);
    CHECK(read_text("written", line, sizeof line) == 5 && strcmp(line, "text\n") == 0);
    FILE *first = popen("cat", "w"), *second = popen("read line; echo got $line", "w");
    CHECK(first && second);
    CHECK_EQ(pclose(first), 0);
    CHECK(fputs("it\n", second) >= 0);
    fflush(stdout);
    CHECK_EQ(pclose(second), 0);
    stream = popen("kill -KILL $$", "r");
    CHECK(stream);
    CHECK_EQ(pclose(stream), SIGKILL);
    puts("ok");
}
