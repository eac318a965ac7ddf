// A process is told once of a message that comes to an empty queue that nobody waits for.
#include "../test.h"
#include <mqueue.h>

static mqd_t queue;
static volatile int told, value;
static volatile pid_t tid;

static void on_message(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    told++;
    value = info->si_value.sival_int;
    if (info->si_code != SI_MESGQ || info->si_pid != getpid() || info->si_uid != getuid()) told = 100;
}

static void *receive(void *argument) {
    (void)argument;
    char text[16];
    tid = gettid();
    CHECK_EQ(mq_receive(queue, text, 16, NULL), 1);
    return NULL;
}

int main(void) {
    char name[32], text[16];
    snprintf(name, sizeof name, "/notify-%d", getpid());
    struct mq_attr attributes = {.mq_maxmsg = 4, .mq_msgsize = 16};
    queue = mq_open(name, O_RDWR | O_CREAT, 0600, &attributes);
    mqd_t again = mq_open(name, O_RDWR);
    CHECK(queue >= 0 && again >= 0 && mq_unlink(name) == 0);
    handle(SIGUSR1, on_message, 0);
    sigset_t block = set_of(SIGUSR2);
    sigprocmask(SIG_BLOCK, &block, NULL);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 77};
    CHECK_EQ(mq_notify(queue, &event), 0);
    CHECK_ERRNO(mq_notify(again, &event), EBUSY);
    CHECK_EQ(mq_send(queue, "a", 1, 0), 0);
    CHECK_EQ(told, 1);
    CHECK_EQ(value, 77);
    // Once only, and not while the queue has messages.
    CHECK_EQ(mq_notify(queue, &event), 0);
    CHECK_EQ(mq_send(queue, "b", 1, 0), 0);
    CHECK_EQ(told, 1);
    CHECK(mq_receive(queue, text, 16, NULL) == 1 && mq_receive(queue, text, 16, NULL) == 1);
    // Not for a message that somebody waits for.
    pthread_t thread = spawn(receive, NULL);
    while (!tid) sleep_ms(1);
    wait_until_asleep(tid);
    CHECK_EQ(mq_send(queue, "c", 1, 0), 0);
    join(thread);
    CHECK_EQ(told, 1);
    CHECK_EQ(mq_send(queue, "d", 1, 0), 0);
    CHECK_EQ(told, 2);
    CHECK_EQ(mq_receive(queue, text, 16, NULL), 1);
    // Withdrawn, asked for without being told, and forgotten when the queue is closed.
    CHECK_EQ(mq_notify(queue, &event), 0);
    CHECK_EQ(mq_notify(queue, NULL), 0);
    event.sigev_notify = SIGEV_NONE;
    CHECK_EQ(mq_notify(again, &event), 0);
    CHECK_ERRNO(mq_notify(queue, &event), EBUSY);
    CHECK_EQ(mq_close(again), 0);
    CHECK_EQ(mq_notify(queue, &event), 0);
    CHECK_EQ(mq_send(queue, "e", 1, 0), 0);
    CHECK_EQ(told, 2);
    event.sigev_notify = SIGEV_SIGNAL, event.sigev_signo = 65;
    CHECK_ERRNO(mq_notify(queue, &event), EINVAL);
    event.sigev_notify = 9;
    CHECK_ERRNO(mq_notify(queue, &event), EINVAL);
    CHECK_ERRNO(mq_notify(0, NULL), EBADF);
    puts("ok");
}
