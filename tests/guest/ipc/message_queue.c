// Messages come out by kind, whole or cut, and the queue keeps account of them.
#include "../test.h"
#include <sys/ipc.h>
#include <sys/msg.h>

#ifndef MSG_COPY
#define MSG_COPY 040000
#endif

struct message {
    long kind;
    char text[64];
};

static int id;

static void put(long kind, const char *text) {
    struct message message = {.kind = kind};
    strcpy(message.text, text);
    CHECK_EQ(msgsnd(id, &message, strlen(text), IPC_NOWAIT), 0);
}

static void take(long kind, int flags) {
    struct message message = {0};
    ssize_t got = msgrcv(id, &message, sizeof message.text, kind, flags | IPC_NOWAIT);
    CHECK(got >= 0);
    printf("%ld %.*s\n", message.kind, (int)got, message.text);
}

int main(void) {
    key_t key = 0x4d534700 ^ getpid();
    CHECK_ERRNO(msgget(key, 0600), ENOENT);
    id = msgget(key, IPC_CREAT | IPC_EXCL | 0600);
    CHECK(id >= 0);
    CHECK_ERRNO(msgget(key, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
    CHECK_EQ(msgget(key, 0), id);
    struct message message = {.kind = 1};
    CHECK_ERRNO(msgrcv(id, &message, 64, 0, IPC_NOWAIT), ENOMSG);
    put(5, "five"), put(3, "three"), put(9, "nine"), put(3, "again"), put(5, "");
    take(0, MSG_COPY), take(2, MSG_COPY);
    CHECK_ERRNO(msgrcv(id, &message, 64, 7, MSG_COPY | IPC_NOWAIT), ENOMSG);
    CHECK_ERRNO(msgrcv(id, &message, 64, 0, MSG_COPY), EINVAL);
    CHECK_ERRNO(msgrcv(id, &message, 64, 1, MSG_COPY | MSG_EXCEPT | IPC_NOWAIT), EINVAL);
    CHECK_ERRNO(msgrcv(id, &message, 2, 9, IPC_NOWAIT), E2BIG);
    struct msqid_ds status;
    CHECK_EQ(msgctl(id, IPC_STAT, &status), 0);
    CHECK_EQ(status.msg_qnum, 5);
    CHECK_EQ(status.__msg_cbytes, 18);
    CHECK_EQ(status.msg_qbytes, 16384);
    CHECK_EQ(status.msg_lspid, getpid());
    CHECK_EQ(status.msg_lrpid, 0);
    CHECK(status.msg_stime > 0 && status.msg_rtime == 0 && status.msg_ctime > 0);
    take(-4, 0);
    take(5, MSG_EXCEPT);
    CHECK_EQ(msgrcv(id, &message, 2, 3, MSG_NOERROR | IPC_NOWAIT), 2);
    printf("%.2s\n", message.text);
    take(0, 0);
    take(-100, 0);
    CHECK_ERRNO(msgrcv(id, &message, 64, 0, IPC_NOWAIT), ENOMSG);
    CHECK_EQ(msgctl(id, IPC_STAT, &status), 0);
    CHECK_EQ(status.msg_qnum + status.__msg_cbytes, 0);
    CHECK_EQ(status.msg_lrpid, getpid());
    message.kind = 0;
    CHECK_ERRNO(msgsnd(id, &message, 1, 0), EINVAL);
    message.kind = 1;
    CHECK_ERRNO(msgsnd(id, &message, 8193, 0), EINVAL);
    CHECK_ERRNO(msgsnd(id, &message, -1, 0), EINVAL);
    CHECK_ERRNO(msgsnd(-1, &message, 1, 0), EINVAL);
    CHECK_ERRNO(msgsnd(id, (void *)hole(1), 1, 0), EFAULT);
    CHECK_ERRNO(msgrcv(id, &message, -1, 0, 0), EINVAL);
    CHECK_EQ(msgctl(id, IPC_RMID, NULL), 0);
    CHECK_ERRNO(msgctl(id, IPC_RMID, NULL), EINVAL);
}
