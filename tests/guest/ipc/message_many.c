// Senders and receivers on one queue: every message arrives once, and those of one sender in order.
#include "../test.h"
#include <sys/ipc.h>
#include <sys/msg.h>

enum { SENDERS = 3, EACH = 1500 };
struct message {
    long kind;
    int sender, number;
    char padding[120];
};

static int id;
static volatile int seen[SENDERS];
static volatile long total;

static void *send_all(void *argument) {
    struct message message = {.kind = (long)argument + 1, .sender = (long)argument};
    for (int i = 0; i < EACH; i++) {
        message.number = i;
        CHECK_EQ(msgsnd(id, &message, sizeof message - sizeof(long), 0), 0);
    }
    return NULL;
}

static void *receive_all(void *argument) {
    long kind = (long)argument + 1;
    struct message message;
    for (int i = 0; i < EACH; i++) {
        CHECK_EQ(msgrcv(id, &message, sizeof message - sizeof(long), kind, 0), sizeof message - sizeof(long));
        CHECK_EQ(message.sender, kind - 1);
        CHECK_EQ(message.number, i);
        __atomic_add_fetch(&total, 1, __ATOMIC_SEQ_CST);
    }
    return NULL;
}

int main(void) {
    id = msgget(IPC_PRIVATE, 0600);
    CHECK(id >= 0);
    pthread_t threads[2 * SENDERS];
    for (long i = 0; i < SENDERS; i++) threads[i] = spawn(send_all, (void *)i);
    for (long i = 0; i < SENDERS; i++) threads[SENDERS + i] = spawn(receive_all, (void *)i);
    for (int i = 0; i < 2 * SENDERS; i++) join(threads[i]);
    printf("%ld\n", total);
    CHECK_EQ(msgctl(id, IPC_RMID, NULL), 0);
}
