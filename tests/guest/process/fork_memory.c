// Memory is copied: each side sees its own writes only, on the stack, in data, on the heap and in mappings.
#include "../test.h"

static int data = 1, zeroed;

int main(void) {
    int local = 1, *heap = malloc(sizeof *heap), fd = file_with("f", "1234", 4);
    char *anonymous = map_pages(2);
    char *file = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    CHECK(heap && file != MAP_FAILED);
    *heap = 1;
    anonymous[0] = 1;
    struct gate wrote = new_gate(), look = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(local == 1 && data == 1 && zeroed == 0 && *heap == 1 && anonymous[0] == 1 && file[0] == '1');
        local = data = zeroed = *heap = 2;
        anonymous[0] = anonymous[PAGE] = 2;
        file[0] = 'c';
        open_gate(wrote);
        pass_gate(look);
        CHECK(local == 2 && data == 2 && zeroed == 2 && *heap == 2 && anonymous[0] == 2 && anonymous[PAGE] == 2 && file[0] == 'c');
        _exit(0);
    }
    pass_gate(wrote);
    CHECK(local == 1 && data == 1 && zeroed == 0 && *heap == 1 && anonymous[0] == 1 && anonymous[PAGE] == 0 && file[0] == '1');
    local = data = zeroed = *heap = 3;
    anonymous[0] = anonymous[PAGE] = 3;
    file[0] = 'p';
    open_gate(look);
    CHECK_EXITS(child, 0);
    CHECK(local == 3 && data == 3 && zeroed == 3 && *heap == 3 && anonymous[0] == 3 && anonymous[PAGE] == 3 && file[0] == 'p');
    char byte;
    CHECK(pread(fd, &byte, 1, 0) == 1 && byte == '1');
    puts("ok");
}
