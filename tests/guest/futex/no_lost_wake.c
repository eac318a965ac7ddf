// Two threads hand a value to and fro 20,000 times: no wake-up may be lost between reading and sleeping.
#include "../test.h"
#include <linux/futex.h>

static _Atomic int word;

static void hand_over(int mine, int rounds) {
    for (int i = 0; i < rounds; i++) {
        int seen;
        while ((seen = word) % 2 != mine) raw(SYS_futex, &word, FUTEX_WAIT_PRIVATE, seen, NULL);
        word = seen + 1;
        raw(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1);
    }
}

static void *body(void *unused) {
    hand_over(1, 20000);
    return unused;
}

int main(void) {
    pthread_t thread = spawn(body, NULL);
    hand_over(0, 20000);
    join(thread);
    printf("%d\n", word);
}
