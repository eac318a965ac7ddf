// What a mapping is, the child gets too; MADV_DONTFORK takes it away and MADV_WIPEONFORK empties it.
#include "../test.h"

int main(void) {
    char *read_only = map_pages(1), *kept = map_pages(3), *lost = map_pages(1), *wiped = map_pages(1), *none = map_pages(1);
    unsigned char residency;
    *read_only = *kept = *lost = *wiped = 7;
    CHECK(mprotect(read_only, PAGE, PROT_READ) == 0 && mprotect(none, PAGE, PROT_NONE) == 0);
    CHECK(munmap(kept + PAGE, PAGE) == 0);
    CHECK(madvise(lost, PAGE, MADV_DONTFORK) == 0);
    CHECK(madvise(wiped, PAGE, MADV_WIPEONFORK) == 0);
    int ends[2];
    CHECK(pipe(ends) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(*read_only == 7 && *kept == 7 && *wiped == 0 && kept[2 * PAGE] == 0);
        CHECK_ERRNO(mincore(lost, PAGE, &residency), ENOMEM);
        CHECK_ERRNO(mincore(kept + PAGE, PAGE, &residency), ENOMEM);
        CHECK_ERRNO(write(ends[1], none, 1), EFAULT);
        CHECK(write(ends[1], read_only, 1) == 1);
        CHECK_ERRNO(read(ends[0], read_only, 1), EFAULT);
        // A mapping of the child leaves the parent's hole alone.
        CHECK(mmap(lost, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == lost);
        CHECK(*lost == 0 && munmap(kept, PAGE) == 0);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK(*lost == 7 && *wiped == 7 && *kept == 7);
    child = fork_child();
    if (child == 0) {
        *(volatile char *)read_only = 1;
        _exit(0);
    }
    CHECK_DIES(child, SIGSEGV);
    puts("ok");
}
