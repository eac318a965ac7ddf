// A FIFO carries data between processes that only share its name; it can be opened again after its end; open is interrupted.
#include "../test.h"

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
}

int main(int argc, char **argv) {
    if (argc > 1) {
        int fd = open("fifo", O_WRONLY);
        CHECK(fd >= 0);
        CHECK_EQ(write(fd, argv[1], strlen(argv[1])), strlen(argv[1]));
        return 0;
    }
    char text[16], *words[] = {"first", "second", "third"};
    CHECK(mkfifo("fifo", 0600) == 0);
    for (size_t i = 0; i < COUNT(words); i++) {
        pid_t child = fork_child();
        if (child == 0) {
            execl(argv[0], argv[0], words[i], NULL);
            _exit(99);
        }
        int fd = open("fifo", O_RDONLY);
        CHECK(fd >= 0);
        CHECK_EQ(read(fd, text, sizeof text), strlen(words[i]));
        CHECK(memcmp(text, words[i], strlen(words[i])) == 0);
        CHECK_EQ(read(fd, text, sizeof text), 0);
        CHECK(close(fd) == 0);
        CHECK_EXITS(child, 0);
    }
    handle(SIGUSR1, on_signal, 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK_ERRNO(open("fifo", O_RDONLY), EINTR);
        _exit(5);
    }
    int status;
    wait_until_state(child, 'S');
    for (pid_t got = 0; got == 0; got = waitpid(child, &status, WNOHANG)) {
        kill(child, SIGUSR1);
        sleep_ms(1);
    }
    CHECK_EQ(status, 5 << 8);
    puts("ok");
}
