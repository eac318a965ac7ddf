// A sender in another process waits while a System V queue is full and goes on when there is room.
#include "../test.h"
#include <sys/msg.h>

int main(void) {
    struct {
        long type;
        char text[1000];
    } message = {.type = 1};
    struct msqid_ds state;
    int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600), bad = 0;
    CHECK(queue >= 0 && msgctl(queue, IPC_STAT, &state) == 0);
    state.msg_qbytes = 3000;
    bad |= msgctl(queue, IPC_SET, &state) != 0;
    for (int i = 0; i < 3; i++) bad |= msgsnd(queue, &message, 1000, IPC_NOWAIT) != 0;
    bad |= msgsnd(queue, &message, 1000, IPC_NOWAIT) != -1 || errno != EAGAIN;
    pid_t child = fork_child();
    if (child == 0) {
        message.type = 2;
        _exit(msgsnd(queue, &message, 1000, 0) == 0 ? 0 : 1);
    }
    wait_until_state(child, 'S');
    bad |= waitpid(child, NULL, WNOHANG) != 0;
    bad |= msgrcv(queue, &message, 1000, 1, 0) != 1000;
    bad |= msgrcv(queue, &message, 1000, 2, 0) != 1000;
    int status = status_of(child);
    CHECK(msgctl(queue, IPC_RMID, NULL) == 0);
    CHECK(bad == 0 && status == 0);
    puts("ok");
}
