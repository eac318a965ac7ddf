// System V messages between processes: by type, in order, blocking both ways, EIDRM at removal.
#include "../test.h"
#include <sys/msg.h>

struct message {
    long type;
    char text[32];
};

int main(void) {
    int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600), back = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    struct message message;
    struct msqid_ds state;
    CHECK(queue >= 0 && back >= 0);
    pid_t child = fork_child();
    if (child == 0) {
        // The highest type that is not above 3, then exactly 2, then whatever is first.
        CHECK_EQ(msgrcv(queue, &message, sizeof message.text, -1, 0), 3);
        CHECK(message.type == 1 && memcmp(message.text, "one", 3) == 0);
        CHECK_EQ(msgrcv(queue, &message, sizeof message.text, 9, 0), 4);
        CHECK(message.type == 9);
        CHECK_EQ(msgrcv(queue, &message, 2, 0, MSG_NOERROR), 2);
        CHECK(message.type == 5 && memcmp(message.text, "fi", 2) == 0);
        CHECK_ERRNO(msgrcv(queue, &message, 2, 0, 0), E2BIG);
        CHECK_EQ(msgrcv(queue, &message, sizeof message.text, 0, 0), 5);
        CHECK_ERRNO(msgrcv(queue, &message, sizeof message.text, 0, IPC_NOWAIT), ENOMSG);
        message.type = 7;
        CHECK(msgsnd(back, &message, 0, 0) == 0);
        CHECK_ERRNO(msgrcv(queue, &message, sizeof message.text, 0, 0), EIDRM);
        _exit(0);
    }
    struct message messages[] = {{5, "five"}, {1, "one"}, {6, "six 6"}, {9, "nine"}};
    size_t lengths[] = {4, 3, 5, 4};
    int bad = 0;
    for (int i = 0; i < 4; i++) bad |= msgsnd(queue, &messages[i], lengths[i], 0) != 0;
    bad |= msgrcv(back, &message, sizeof message.text, 7, 0) != 0;
    bad |= msgctl(queue, IPC_STAT, &state) != 0 || state.msg_qnum != 0 || state.msg_lspid != getpid() || state.msg_lrpid != child;
    wait_until_state(child, 'S');
    bad |= msgctl(queue, IPC_RMID, NULL) != 0 || msgctl(back, IPC_RMID, NULL) != 0;
    CHECK_EXITS(child, 0);
    CHECK_EQ(bad, 0);
    puts("ok");
}
