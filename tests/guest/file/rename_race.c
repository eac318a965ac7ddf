// While a file is replaced by rename again and again, a reader always finds one of the two, whole.
#include "../test.h"

static _Atomic int stop;

static void *reader(void *unused) {
    char text[200];
    while (!stop) {
        int fd = open("target", O_RDONLY);
        CHECK(fd >= 0);
        ssize_t got = read(fd, text, sizeof text);
        CHECK_EQ(got, 100);
        for (int i = 1; i < 100; i++) CHECK_EQ(text[i], text[0]);
        close(fd);
    }
    return unused;
}

int main(void) {
    char text[100];
    memset(text, 'a', sizeof text);
    close(file_with("target", text, sizeof text));
    pthread_t threads[2] = {spawn(reader, NULL), spawn(reader, NULL)};
    for (int i = 0; i < 1000; i++) {
        memset(text, 'a' + i % 26, sizeof text);
        close(file_with("new", text, sizeof text));
        CHECK(rename("new", "target") == 0);
    }
    stop = 1;
    join(threads[0]);
    join(threads[1]);
    puts("ok");
}
