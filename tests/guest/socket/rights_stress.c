// Processes throw sockets into each other's queues, take some out, and close at random: all that is not lost works.
#include "unix.h"

enum { PROCESSES = 4, BOXES = 6, ROUNDS = 800 };

static int boxes[BOXES][2];

static unsigned next(unsigned *seed) {
    *seed = *seed * 1103515245 + 12345;
    return *seed >> 16;
}

// A socket that came out of a box is connected to the one that came with it.
static void check_pair(const int *fds) {
    char text[8];
    CHECK_EQ(send(fds[0], "works", 5, 0), 5);
    CHECK_EQ(recv(fds[1], text, sizeof text, 0), 5);
    CHECK(memcmp(text, "works", 5) == 0);
}

static void play(unsigned seed) {
    for (int round = 0; round < ROUNDS; round++) {
        int *box = boxes[next(&seed) % BOXES], pair[2], got[4], count;
        char text[8];
        switch (next(&seed) % 4) {
        case 0: // Two connected sockets.
            CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
            if (send_fds(box[0], "two", pair, 2) < 0) CHECK(errno == EAGAIN);
            CHECK(close(pair[0]) == 0 && close(pair[1]) == 0);
            break;
        case 1: // A box in a box, perhaps in itself.
            CHECK(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair) == 0);
            CHECK_EQ(send_fds(pair[0], "own", (int[]){pair[next(&seed) % 2], boxes[0][0]}, 2), 3);
            if (send_fds(box[0], "box", pair, 2) < 0) CHECK(errno == EAGAIN);
            CHECK(close(pair[0]) == 0 && close(pair[1]) == 0);
            break;
        default: {
            static union {
                struct cmsghdr header;
                char space[CMSG_SPACE(4 * sizeof(int))];
            } control;
            struct iovec vector = {text, sizeof text};
            struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
            int look = next(&seed) % 3 == 0 ? MSG_PEEK : 0;
            if (recvmsg(box[1], &message, MSG_DONTWAIT | look) < 0) {
                CHECK_EQ(errno, EAGAIN);
                break;
            }
            count = (int)((control.header.cmsg_len - CMSG_LEN(0)) / sizeof(int));
            CHECK_EQ(count, 2);
            memcpy(got, CMSG_DATA(&control.header), sizeof(int) * 2);
            if (text[0] == 't' && !look) check_pair(got);
            CHECK(close(got[0]) == 0 && close(got[1]) == 0);
        }
        }
    }
    _exit(0);
}

int main(void) {
    pid_t children[PROCESSES];
    for (int i = 0; i < BOXES; i++) CHECK(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, boxes[i]) == 0);
    for (int i = 0; i < PROCESSES; i++)
        if ((children[i] = fork_child()) == 0) play((unsigned)i + 1);
    for (int i = 0; i < PROCESSES; i++) CHECK_EXITS(children[i], 0);
    for (int i = 0; i < BOXES; i++) CHECK(close(boxes[i][0]) == 0 && close(boxes[i][1]) == 0);
    CHECK(close(new_socket(SOCK_STREAM)) == 0);
}
