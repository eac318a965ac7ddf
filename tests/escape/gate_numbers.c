// sweep: 0 500
// Jumps into the gate with every number, and with arguments that would do something outside if the call were made:
// a path outside, a process outside, a buffer. Each number is said before it is tried, so that the next run knows
// where this one ended.
#include "attack.h"

static void try_number(long number) {
    static char buffer[8192];
    char text[64];
    snprintf(text, sizeof text, "number %ld\n", number);
    say(text);
    memset(buffer, 0, sizeof buffer);
    const long sets[][6] = {
        {(long)secret, O_RDWR, 0, 0, 0, 0},
        {AT_FDCWD, (long)secret, O_RDWR | O_CREAT, 0666, 0, 0},
        {victim_process, SIGTERM, 0, 0, 0, 0},
        {victim_process, victim_process, SIGTERM, (long)buffer, 0, 0},
        {(long)victim, (long)unix_path, (long)buffer, 0, 0, 0},
        {AF_INET, SOCK_STREAM, 0, (long)buffer, 0, 0},
        {CHANNEL, (long)buffer, sizeof buffer, 0, (long)buffer, 16},
        {-1, -1, -1, -1, -1, -1},
    };
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        const long *a = sets[i];
        call_at(GATE, number, a[0], a[1], a[2], a[3], a[4], a[5]);
    }
}

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    find_gate();
    // Many of these arguments are harmless only where nothing outside can be reached.
    if (unfiltered) return 3;
    for (long number = atol(more[0]); number <= atol(more[1]); number++) try_number(number);
    return 0;
}
