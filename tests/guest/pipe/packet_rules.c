// Packets: cut into PIPE_BUF pieces, switched on and off by F_SETFL, empty ones are none, and a full pipe refuses.
#include "../test.h"

static char block[20000];

int main(void) {
    int ends[2];
    CHECK(pipe2(ends, O_DIRECT | O_NONBLOCK) == 0);
    CHECK_EQ(fcntl(ends[1], F_GETFL) & O_DIRECT, O_DIRECT);
    CHECK_EQ(write(ends[1], block, 10000), 10000);
    CHECK_EQ(read(ends[0], block, sizeof block), 4096);
    CHECK_EQ(read(ends[0], block, sizeof block), 4096);
    CHECK_EQ(read(ends[0], block, sizeof block), 10000 - 8192);
    CHECK_EQ(write(ends[1], block, 0), 0);
    CHECK_ERRNO(read(ends[0], block, 1), EAGAIN);
    // Each packet takes a page of its own.
    for (int i = 0; i < 16; i++) CHECK_EQ(write(ends[1], "p", 1), 1);
    CHECK_ERRNO(write(ends[1], "p", 1), EAGAIN);
    for (int i = 0; i < 16; i++) CHECK_EQ(read(ends[0], block, 100), 1);
    // Off, and on again.
    CHECK_EQ(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    CHECK(write(ends[1], "ab", 2) == 2 && write(ends[1], "cd", 2) == 2);
    CHECK_EQ(fcntl(ends[1], F_SETFL, O_NONBLOCK | O_DIRECT), 0);
    // What fits the last page of plain bytes joins them.
    CHECK(write(ends[1], "ef", 2) == 2 && write(ends[1], "gh", 2) == 2);
    CHECK_EQ(read(ends[0], block, 100), 8);
    CHECK(write(ends[1], "ef", 2) == 2 && write(ends[1], "gh", 2) == 2);
    CHECK_EQ(read(ends[0], block, 100), 2);
    CHECK_EQ(read(ends[0], block, 1), 1);
    CHECK_ERRNO(read(ends[0], block, 100), EAGAIN);
    // A FIFO can have packets too.
    CHECK_EQ(mkfifo("fifo", 0600), 0);
    int fifo = open("fifo", O_RDWR | O_NONBLOCK);
    CHECK(fifo >= 0);
    CHECK(write(fifo, "one", 3) == 3 && write(fifo, "two", 3) == 3);
    CHECK_EQ(read(fifo, block, 100), 6);
    CHECK_EQ(fcntl(fifo, F_SETFL, O_NONBLOCK | O_DIRECT), 0);
    CHECK(write(fifo, "one", 3) == 3 && write(fifo, "two", 3) == 3);
    CHECK_EQ(read(fifo, block, 100), 3);
    puts("ok");
}
