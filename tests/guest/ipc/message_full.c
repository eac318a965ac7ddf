// A full queue makes senders wait, by bytes and by the count of empty messages; its owner may make it smaller.
#include "../test.h"
#include <sys/ipc.h>
#include <sys/msg.h>

struct message {
    long kind;
    char text[8192];
};

static int id;
static struct message message = {.kind = 1};
static volatile pid_t tid;

static void *send_one(void *argument) {
    (void)argument;
    static struct message another = {.kind = 2};
    tid = gettid();
    errno = 0;
    int result = msgsnd(id, &another, 8192, 0);
    return (void *)(long)(result ? errno : 0);
}

int main(void) {
    id = msgget(IPC_PRIVATE, 0600);
    CHECK(id >= 0);
    CHECK_EQ(msgsnd(id, &message, 8192, IPC_NOWAIT), 0);
    CHECK_EQ(msgsnd(id, &message, 8191, IPC_NOWAIT), 0);
    CHECK_ERRNO(msgsnd(id, &message, 2, IPC_NOWAIT), EAGAIN);
    CHECK_EQ(msgsnd(id, &message, 1, IPC_NOWAIT), 0);
    pthread_t thread = spawn(send_one, NULL);
    while (!tid) sleep_ms(1);
    wait_until_asleep(tid);
    CHECK_EQ(msgrcv(id, &message, 8192, 0, 0), 8192);
    CHECK_EQ((long)join(thread), 0);
    CHECK_EQ(msgrcv(id, &message, 8192, 2, 0), 8192);
    // Removal ends the wait.
    message.kind = 1;
    CHECK_EQ(msgsnd(id, &message, 8192, IPC_NOWAIT), 0);
    tid = 0;
    thread = spawn(send_one, NULL);
    while (!tid) sleep_ms(1);
    wait_until_asleep(tid);
    CHECK_EQ(msgctl(id, IPC_RMID, NULL), 0);
    CHECK_EQ((long)join(thread), EIDRM);
    // Empty messages are counted too.
    id = msgget(IPC_PRIVATE, 0600);
    struct msqid_ds status;
    CHECK_EQ(msgctl(id, IPC_STAT, &status), 0);
    status.msg_qbytes = 3;
    CHECK_EQ(msgctl(id, IPC_SET, &status), 0);
    for (int i = 0; i < 3; i++) CHECK_EQ(msgsnd(id, &message, 0, IPC_NOWAIT), 0);
    CHECK_ERRNO(msgsnd(id, &message, 0, IPC_NOWAIT), EAGAIN);
    CHECK_EQ(msgctl(id, IPC_RMID, NULL), 0);
    puts("ok");
}
