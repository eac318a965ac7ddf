// Receivers and senders of a POSIX queue wait, until a deadline, a signal or the other side comes.
#include "../test.h"
#include <mqueue.h>

static mqd_t queue;
static volatile pid_t tid;

static void *receive(void *argument) {
    (void)argument;
    char text[16];
    tid = gettid();
    errno = 0;
    ssize_t got = mq_receive(queue, text, 16, NULL);
    return (void *)(long)(got >= 0 ? text[0] : -errno);
}

static void *send_one(void *argument) {
    (void)argument;
    tid = gettid();
    return (void *)(long)mq_send(queue, "z", 1, 0);
}

static pthread_t start(void *(*body)(void *)) {
    tid = 0;
    pthread_t thread = spawn(body, NULL);
    while (!tid) sleep_ms(1);
    wait_until_asleep(tid);
    return thread;
}

static void nothing(int signal, siginfo_t *info, void *context) { (void)signal, (void)info, (void)context; }

static struct timespec in_ms(long ms) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_nsec += ms * 1000000;
    t.tv_sec += t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

int main(void) {
    char name[32], text[16];
    snprintf(name, sizeof name, "/wait-%d", getpid());
    struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 16};
    queue = mq_open(name, O_RDWR | O_CREAT, 0600, &attributes);
    CHECK(queue >= 0 && mq_unlink(name) == 0);
    pthread_t thread = start(receive);
    CHECK_EQ(mq_send(queue, "a", 1, 0), 0);
    printf("%c\n", (int)(long)join(thread));
    CHECK_EQ(mq_send(queue, "b", 1, 0), 0);
    struct timespec soon = in_ms(30), past = {1, 0};
    CHECK_ERRNO(mq_timedsend(queue, "c", 1, 0, &soon), ETIMEDOUT);
    CHECK_ERRNO(mq_timedsend(queue, "c", 1, 0, &past), ETIMEDOUT);
    thread = start(send_one);
    CHECK_EQ(mq_receive(queue, text, 16, NULL), 1);
    CHECK_EQ((long)join(thread), 0);
    CHECK_EQ(mq_timedreceive(queue, text, 16, NULL, &past), 1);
    printf("%c\n", text[0]);
    CHECK_ERRNO(mq_timedreceive(queue, text, 16, NULL, &past), ETIMEDOUT);
    soon = in_ms(30);
    CHECK_ERRNO(mq_timedreceive(queue, text, 16, NULL, &soon), ETIMEDOUT);
    // A handler ends the wait, or with SA_RESTART does not.
    handle(SIGUSR1, nothing, 0);
    thread = start(receive);
    pthread_kill(thread, SIGUSR1);
    CHECK_EQ((long)join(thread), -EINTR);
    handle(SIGUSR1, nothing, SA_RESTART);
    thread = start(receive);
    pthread_kill(thread, SIGUSR1);
    sleep_ms(20);
    CHECK_EQ(mq_send(queue, "d", 1, 0), 0);
    printf("%c\n", (int)(long)join(thread));
}
