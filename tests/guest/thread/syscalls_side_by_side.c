// Threads make system calls from one page of code, at every alignment, and each gets its own answers; code that loses
// the right to be executed cannot be executed, however often it made calls before.
#include <setjmp.h>

#include "../test.h"

enum { FORMS = 2, PLACES = 8, ROOM = 32, THREADS = 4, ROUNDS = 300 };

static unsigned char *code;

// mov $gettid, %eax; syscall; ret
static const unsigned char by_number[] = {0xb8, SYS_gettid, 0, 0, 0, 0x0f, 0x05, 0xc3};
// mov %edi, %eax; syscall; cmp $-4095, %rax; ret
static const unsigned char by_register[] = {0x89, 0xf8, 0x0f, 0x05, 0x48, 0x3d, 1, 0xf0, 0xff, 0xff, 0xc3};

static unsigned char *place(int form, int at)
{
    return code + (form * PLACES + at) * ROOM + at;
}

static long call(int form, int at)
{
    return ((long (*)(long))place(form, at))(SYS_gettid);
}

static void *caller(void *unused)
{
    (void)unused;
    long own = gettid();
    for (int round = 0; round < ROUNDS; round++)
        for (int form = 0; form < FORMS; form++)
            for (int at = 0; at < PLACES; at++) CHECK_EQ(call(form, at), own);
    return 0;
}

static sigjmp_buf before;

static void on_fault(int number, siginfo_t *info, void *unused)
{
    (void)number, (void)unused;
    CHECK_EQ(info->si_code, SEGV_ACCERR);
    siglongjmp(before, 1);
}

static void check_not_executable(void)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    CHECK_ZERO(sigaction(SIGSEGV, &action, 0));
    CHECK_ZERO(mprotect(code, 4096, PROT_READ));
    if (!sigsetjmp(before, 1)) {
        call(0, 0);
        FAIL("it ran");
    }
    CHECK_ZERO(mprotect(code, 4096, PROT_READ | PROT_EXEC));
    CHECK_EQ(call(0, 0), gettid());
}

int main(void)
{
    for (int again = 0; again < 20; again++) {
        code = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        CHECK(code != MAP_FAILED);
        for (int at = 0; at < PLACES; at++) {
            memcpy(place(0, at), by_number, sizeof by_number);
            memcpy(place(1, at), by_register, sizeof by_register);
        }
        CHECK_ZERO(mprotect(code, 4096, PROT_READ | PROT_EXEC));
        pthread_t threads[THREADS];
        for (int i = 0; i < THREADS; i++) CHECK_ZERO(pthread_create(&threads[i], 0, caller, 0));
        for (int i = 0; i < THREADS; i++) CHECK_ZERO(pthread_join(threads[i], 0));
        check_not_executable();
        CHECK_ZERO(munmap(code, 4096));
    }
    puts("ok");
    return 0;
}
