// cases: absolute parents secret_by_dots other_mount garbage truncated lengths flood unread empty exit_twice fatal_text
// cases: create remove rename report_escapes terminal descriptors close duplicate read_it write_it
// also: forked: absolute parents flood exit_twice fatal_text descriptors close read_it write_it
// Speaks to the broker itself, through the gate's `sendto` and `recvmsg`: forged requests for what lies outside,
// and messages that are none. Natively there is no broker, so the program takes what it wants by a plain call.
#include "attack.h"

#define G(...) AT(GATE, __VA_ARGS__)

static unsigned char message[66000];

static long send_bytes(size_t length) { return G(SYS_sendto, CHANNEL, message, length, 0x4000 | MSG_DONTWAIT, 0, 0); }

// A header and a body (broker/protocol).
static size_t put(uint16_t opcode, const void *body, size_t length) {
    uint32_t whole = 16 + length;
    memcpy(message, "LBXb\x01\x00", 6);
    memcpy(message + 6, &opcode, 2);
    memcpy(message + 8, &whole, 4);
    memset(message + 12, 0, 4);
    memcpy(message + 16, body, length);
    return whole;
}

// A request about one path: mount, length, the request's own fields, the path.
static long ask_path(uint16_t opcode, uint32_t mount, const void *fixed, size_t fixed_length, const char *path) {
    unsigned char body[2000];
    uint16_t length = strlen(path);
    memcpy(body, &mount, 4);
    memcpy(body + 4, &length, 2);
    memcpy(body + 6, fixed, fixed_length);
    memcpy(body + 6 + fixed_length, path, length);
    return send_bytes(put(opcode, body, 6 + fixed_length + length));
}

// Take an answer; print what its descriptor, if it has one, leads to.
static void take_answer(void) {
    static unsigned char answer[66000];
    static char bytes[400];
    struct iovec part = {answer, sizeof answer};
    union { struct cmsghdr header; char room[64]; } control;
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct pollfd waiting = {CHANNEL, POLLIN, 0};
    struct timespec second = {1, 0};
    G(SYS_ppoll, &waiting, 1, &second, 0, 0);
    long length = G(SYS_recvmsg, CHANNEL, &header, MSG_DONTWAIT);
    if (length <= 0 || header.msg_controllen < CMSG_LEN(sizeof(int))) return;
    int file = *(int *)CMSG_DATA(&control.header);
    length = G(SYS_pread64, file, bytes, sizeof bytes, 0);
    if (length > 0) G(SYS_write, 1, bytes, length);
}

enum { STAT = 2, READ_LINK, LIST, OPEN, STAT_FS, CREATE, MKDIR, SYMLINK, LINK, RENAME, REMOVE, SET, TERMINAL, REPORT, EXIT, FATAL };

static void open_path(uint32_t mount, const char *path) {
    const uint32_t modes[] = {1, 3};
    for (int i = 0; i < 2; i++) {
        if (ask_path(OPEN, mount, &modes[i], 4, path) > 0) take_answer();
    }
}

static void paths(void) {
    char path[400];
    CASE("absolute") open_path(0, secret);
    CASE("parents") {
        for (int depth = 1; depth < 8; depth++) {
            path[0] = 0;
            for (int i = 0; i < depth; i++) strcat(path, "../");
            open_path(0, strcat(path, secret + 1));
        }
    }
    CASE("secret_by_dots") {
        open_path(0, "../secret");
        open_path(0, "./../secret");
        open_path(0, "attack/../../secret");
    }
    CASE("other_mount") {
        for (uint32_t mount = 0; mount < 64; mount++) open_path(mount, secret + 1);
        open_path(~0U, secret + 1);
    }
    const uint32_t create[] = {0666, 3 | 16}, remove = 0;
    CASE("create") {
        ask_path(CREATE, 0, create, 8, "../open/new"), take_answer();
        ask_path(CREATE, 0, create, 8, "new"), take_answer();
        ask_path(MKDIR, 0, create, 4, "../open/folder"), take_answer();
    }
    CASE("remove") ask_path(REMOVE, 0, &remove, 4, "../open/victim"), take_answer();
    CASE("rename") {
        unsigned char fixed[] = {0, 0, 0, 0, 8, 0, 'o', 't', 'h', 'e', 'r', '/', '.', '.'};
        ask_path(RENAME, 0, fixed, sizeof fixed, "../open/victim"), take_answer();
    }
}

static void malformed(void) {
    CASE("garbage") {
        for (int i = 0; i < 200; i++) {
            for (size_t j = 0; j < 500; j++) message[j] = (unsigned char)(i * 37 + j * 11);
            if (i % 2) memcpy(message, "LBXb\x01\x00", 6);
            send_bytes(1 + i * 2), take_answer();
        }
    }
    CASE("truncated") {
        size_t whole = put(OPEN, "\0\0\0\0\xff\xff\x01\0\0\0abc", 13);
        for (size_t length = 0; length < whole; length++) send_bytes(length), take_answer();
    }
    CASE("lengths") {
        for (uint32_t i = 0; i < 40; i++) {
            size_t whole = put(OPEN, "\0\0\0\0\x03\0\x01\0\0\0abc", 13);
            uint32_t wrong = 1U << (i % 32);
            memcpy(message + 8, &wrong, 4);
            send_bytes(whole), take_answer();
        }
        send_bytes(sizeof message);
    }
    CASE("flood") {
        for (int i = 0; i < 20000; i++) send_bytes(put(STAT_FS, "\0\0\0\0", 4));
    }
    CASE("unread") {
        for (int i = 0; i < 2000; i++) ask_path(LIST, 0, "\0\0\0\0\0\0\0\0", 8, "");
    }
    CASE("empty") {
        for (int i = 0; i < 10; i++) send_bytes(0), take_answer();
    }
    CASE("exit_twice") {
        for (int i = 0; i < 4; i++) send_bytes(put(EXIT, "\0\0\0\0", 4));
    }
    CASE("fatal_text") send_bytes(put(FATAL, "\x10\0\x1b[2J\x1b]0;x\x07 \xff\xfe\0\n\n", 18));
    CASE("report_escapes") {
        for (unsigned kind = 0; kind < 8; kind++) {
            unsigned char body[] = {kind, 0, 0, 0, 6, 0, 0x1b, '[', '6', 'n', 0xff, 0};
            send_bytes(put(REPORT, body, sizeof body)), take_answer();
        }
    }
    CASE("terminal") {
        for (unsigned number = 0; number < 8; number++) {
            unsigned char body[80] = {number, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0};
            send_bytes(put(TERMINAL, body, sizeof body)), take_answer();
        }
    }
}

static void descriptors(void) {
    static char bytes[4000];
    CASE("descriptors") {
        for (int number = 0; number < 1024; number++) {
            if (number == 1 || number == 2) continue;
            long length = G(SYS_pread64, number, bytes, sizeof bytes, 0);
            if (length > 0) G(SYS_write, 1, bytes, length);
            length = number == CHANNEL ? -1 : G(SYS_read, number, bytes, sizeof bytes);
            if (length > 0) G(SYS_write, 1, bytes, length);
        }
    }
    CASE("close") {
        for (int number = 0; number < 64; number++) G(SYS_close, number);
        G(SYS_close_range, 0, 64, 0);
    }
    CASE("duplicate") {
        G(SYS_dup2, 1, CHANNEL), G(SYS_dup, CHANNEL), G(SYS_dup3, 0, CHANNEL, 0);
        G(SYS_fcntl, CHANNEL, F_DUPFD, 10);
        send_bytes(put(STAT_FS, "\0\0\0\0", 4)), take_answer();
    }
    CASE("read_it") {
        G(SYS_read, CHANNEL, bytes, sizeof bytes), G(SYS_pread64, CHANNEL, bytes, sizeof bytes, 0);
        G(SYS_readv, CHANNEL, bytes, 1), G(SYS_recvfrom, CHANNEL, bytes, sizeof bytes, 0, 0, 0);
    }
    CASE("write_it") {
        size_t whole = put(EXIT, "\0\0\0\0", 4);
        G(SYS_write, CHANNEL, message, whole), G(SYS_pwrite64, CHANNEL, message, whole, 0);
        G(SYS_ftruncate, CHANNEL, 0), G(SYS_fsync, CHANNEL), G(SYS_shutdown, CHANNEL, 2);
    }
}

static int attack(void) {
    find_gate();
    if (unfiltered) {
        print_secret();
        return 0;
    }
    paths();
    malformed();
    descriptors();
    print_secret();
    return 0;
}

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    return by_whom(attack);
}
