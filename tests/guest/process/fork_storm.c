// seconds: 100
// Eight processes fork 20,000 children between them, in two storms, with pipes and signals: every child is waited for, every byte and
// every signal arrives, and nothing of what the system keeps for them stays.
#include "../test.h"

enum { MAKERS = 8, ROUNDS = 1250 };

static volatile sig_atomic_t signals;

static void count(int signal) {
    (void)signal;
    signals++;
}

// A child that hears from its maker, answers, signals and ends with a number of its own.
static void child(int in, int out, int number) {
    char byte;
    CHECK_EQ(read(in, &byte, 1), 1);
    CHECK(kill(getppid(), SIGUSR1) == 0);
    CHECK_EQ(write(out, &byte, 1), 1);
    _exit(number & 63);
}

static void maker(int which) {
    struct sigaction action = {.sa_handler = count, .sa_flags = SA_RESTART};
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    for (int round = 0; round < ROUNDS; round++) {
        int in[2], out[2], status;
        char byte = (char)(which + round), back;
        CHECK(pipe(in) == 0 && pipe(out) == 0);
        pid_t made = fork();
        CHECK(made >= 0);
        if (made == 0) child(in[0], out[1], round);
        CHECK_EQ(write(in[1], &byte, 1), 1);
        CHECK_EQ(read(out[0], &back, 1), 1);
        CHECK_EQ(back, byte);
        CHECK_EQ(waitpid(made, &status, 0), made);
        CHECK_EQ(status, (round & 63) << 8);
        // The signal was sent before the answer, and this is the only thread.
        CHECK_EQ(signals, round + 1);
        for (int end = 0; end < 2; end++) CHECK(close(in[end]) == 0 && close(out[end]) == 0);
    }
    _exit(0);
}

static void storm(void) {
    pid_t makers[MAKERS];
    for (int i = 0; i < MAKERS; i++) {
        makers[i] = fork();
        CHECK(makers[i] >= 0);
        if (makers[i] == 0) maker(i);
    }
    for (int i = 0; i < MAKERS; i++) CHECK_EXITS(makers[i], 0);
    CHECK_ERRNO(wait(NULL), ECHILD);
}

// What a sandbox itself keeps, in kB: its state, and the pages that processes share. Natively that is the whole
// machine's, and says nothing.
static long kept(void) {
    char text[4096];
    CHECK(read_text("/proc/cmdline", text, sizeof text) > 0);
    if (strcmp(text, "litebox\n") != 0) return 0;
    CHECK(read_text("/proc/meminfo", text, sizeof text) > 0);
    char *slab = strstr(text, "Slab:"), *shared = strstr(text, "Shmem:");
    CHECK(slab && shared);
    return atol(slab + 5) + atol(shared + 6);
}

int main(void) {
    alarm(90);
    // The first storm is where tables grow.
    storm();
    long before = kept();
    storm();
    // How large tables are at the end depends on who met whom: that is less than ten bytes a process.
    CHECK(kept() - before < 100);
    puts("ok");
}
