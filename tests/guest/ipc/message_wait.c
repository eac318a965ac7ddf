// Receivers wait for their own kind; a signal ends the wait with EINTR, removal with EIDRM.
#include "../test.h"
#include <sys/ipc.h>
#include <sys/msg.h>

struct message {
    long kind;
    int number;
};

static int id;
static volatile pid_t tids[3];

static void *receive(void *argument) {
    long kind = (long)argument;
    struct message message;
    tids[labs(kind) % 3] = gettid();
    errno = 0;
    ssize_t got = msgrcv(id, &message, sizeof message.number, kind, 0);
    return (void *)(long)(got == 4 ? message.number : -errno);
}

static pthread_t start(long kind) {
    tids[labs(kind) % 3] = 0;
    pthread_t thread = spawn(receive, (void *)kind);
    while (!tids[labs(kind) % 3]) sleep_ms(1);
    wait_until_asleep(tids[labs(kind) % 3]);
    return thread;
}

static void nothing(int signal, siginfo_t *info, void *context) { (void)signal, (void)info, (void)context; }

int main(void) {
    id = msgget(IPC_PRIVATE, 0600);
    CHECK(id >= 0);
    pthread_t one = start(1), two = start(2);
    struct message message = {2, 22};
    CHECK_EQ(msgsnd(id, &message, 4, 0), 0);
    printf("%ld\n", (long)join(two));
    message = (struct message){1, 11};
    CHECK_EQ(msgsnd(id, &message, 4, 0), 0);
    printf("%ld\n", (long)join(one));
    handle(SIGUSR1, nothing, SA_RESTART);
    one = start(1);
    pthread_kill(one, SIGUSR1);
    CHECK_EQ((long)join(one), -EINTR);
    one = start(-5);
    CHECK_EQ(msgctl(id, IPC_RMID, NULL), 0);
    CHECK_EQ((long)join(one), -EIDRM);
}
