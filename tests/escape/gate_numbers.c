// sweep: 0 500
// Jumps into the gate with every number, and with arguments that would do something outside if the call were made:
// a path outside, a process outside, a buffer. Each number is said before it is tried, so that the next run knows
// where this one ended.
#include "attack.h"

// The order of arguments that a call takes, so that what is tried first would do most.
enum { PATH, AT_PATH, PROCESS, THREAD, DESCRIPTOR, SOCKET, NOTHING, SETS };

static int likely(long number) {
    switch (number) {
    case 257 ... 269: case 280: case 303: case 316: case 322: case 332: case 334: case 437: case 439: case 451 ... 470:
        return AT_PATH;
    case 61: case 62: case 101: case 109: case 121: case 124: case 129: case 140 ... 145: case 148: case 200:
    case 203: case 204: case 247: case 251: case 252: case 256: case 279: case 302: case 310 ... 312: case 314:
    case 315: case 424: case 434: case 438: case 440: case 448:
        return PROCESS;
    case 234: case 297:
        return THREAD;
    case 0: case 1: case 3: case 5: case 7 ... 8: case 16 ... 20: case 32 ... 33: case 40: case 42 ... 52: case 54: case 55:
    case 72 ... 75: case 77: case 78: case 81: case 91: case 93: case 138: case 187: case 190: case 193: case 196:
    case 199: case 217: case 221: case 275 ... 278: case 285: case 288: case 292: case 295: case 296: case 299:
    case 306: case 307: case 326 ... 328: case 436:
        return DESCRIPTOR;
    case 41: case 53:
        return SOCKET;
    default:
        return PATH;
    }
}

static void try_number(long number) {
    static char buffer[8192];
    char text[64];
    snprintf(text, sizeof text, "number %ld\n", number);
    say(text);
    memset(buffer, 0, sizeof buffer);
    const long sets[SETS][6] = {
        [PATH] = {(long)secret, O_RDWR, (long)buffer, 0, 0, 0},
        [AT_PATH] = {AT_FDCWD, (long)secret, O_RDWR, 0666, 0, 0},
        [PROCESS] = {victim_process, SIGTERM, (long)buffer, 0, 0, 0},
        [THREAD] = {victim_process, victim_process, SIGTERM, (long)buffer, 0, 0},
        [DESCRIPTOR] = {CHANNEL, (long)buffer, sizeof buffer, 0, (long)buffer, 16},
        [SOCKET] = {AF_INET, SOCK_STREAM, 0, (long)buffer, 0, 0},
        [NOTHING] = {-1, -1, -1, -1, -1, -1},
    };
    for (int i = 0; i < SETS; i++) {
        const long *a = sets[(likely(number) + i) % SETS];
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
