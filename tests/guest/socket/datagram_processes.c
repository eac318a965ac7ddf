// Processes send datagrams to one name and wait for room in its queue; each gets its answers back.
#include "unix.h"

enum { CLIENTS = 5, ROUNDS = 60 };

static void ask(int number) {
    char name[32], text[16], back[16];
    snprintf(name, sizeof name, "client%d", number);
    int client = bound(SOCK_DGRAM, name);
    for (int round = 0; round < ROUNDS; round++) {
        snprintf(text, sizeof text, "%d/%d", number, round);
        CHECK_EQ(send_to(client, text, 0, "server"), strlen(text));
    }
    for (int round = 0; round < ROUNDS; round++) {
        snprintf(text, sizeof text, "%d/%d", number, round);
        CHECK_EQ(recv(client, back, sizeof back, 0), strlen(text));
        CHECK(memcmp(text, back, strlen(text)) == 0);
    }
    _exit(0);
}

int main(void) {
    int server = bound(SOCK_DGRAM, "server");
    pid_t clients[CLIENTS];
    for (int i = 0; i < CLIENTS; i++)
        if ((clients[i] = fork_child()) == 0) ask(i);
    static struct {
        struct sockaddr_un from;
        socklen_t length;
        char text[16];
        ssize_t got;
    } all[CLIENTS * ROUNDS];
    for (int i = 0; i < CLIENTS * ROUNDS; i++) {
        all[i].length = sizeof all[i].from;
        all[i].got = recvfrom(server, all[i].text, sizeof all[i].text, 0, (struct sockaddr *)&all[i].from, &all[i].length);
        CHECK(all[i].got > 0);
    }
    for (int i = 0; i < CLIENTS * ROUNDS; i++)
        CHECK_EQ(sendto(server, all[i].text, (size_t)all[i].got, 0, (struct sockaddr *)&all[i].from, all[i].length), all[i].got);
    for (int i = 0; i < CLIENTS; i++) CHECK_EXITS(clients[i], 0);
}
