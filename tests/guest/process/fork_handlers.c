// pthread_atfork: prepare handlers run backwards, parent and child handlers in order, each on its side.
#include "../test.h"

static char order[16];
static size_t used;

static void note(char letter) { order[used++] = letter; }
static void prepare_one(void) { note('a'); }
static void prepare_two(void) { note('b'); }
static void parent_one(void) { note('p'); }
static void parent_two(void) { note('q'); }
static void child_one(void) { note('c'); }
static void child_two(void) { note('d'); }

int main(void) {
    CHECK_ZERO(pthread_atfork(prepare_one, parent_one, child_one));
    CHECK_ZERO(pthread_atfork(prepare_two, parent_two, child_two));
    pid_t child = fork_child();
    if (child == 0) _exit(strcmp(order, "bacd") != 0);
    CHECK_EXITS(child, 0);
    puts(order);
}
