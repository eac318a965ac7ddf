// The auxiliary vector is complete and true.
#include "../test.h"
#include <elf.h>
#include <sys/auxv.h>

extern char **environ;
extern const char __executable_start;

int main(int argc, char **argv) {
    char **p = environ;
    while (*p) p++;
    Elf64_auxv_t *entry = (Elf64_auxv_t *)(p + 1);
    int seen[64] = {0};
    for (; entry->a_type != AT_NULL; entry++)
        if (entry->a_type < 64) seen[entry->a_type]++;
    int wanted[] = {AT_PHDR, AT_PHENT, AT_PHNUM, AT_PAGESZ, AT_BASE, AT_FLAGS, AT_ENTRY, AT_UID, AT_EUID, AT_GID, AT_EGID, AT_PLATFORM, AT_HWCAP, AT_CLKTCK, AT_SECURE, AT_RANDOM, AT_HWCAP2, AT_EXECFN, AT_SYSINFO_EHDR};
    for (size_t i = 0; i < COUNT(wanted); i++) CHECK_EQ(seen[wanted[i]], 1);
    printf("%lu %lu %lu %lu %s\n", getauxval(AT_PAGESZ), getauxval(AT_CLKTCK), getauxval(AT_SECURE), getauxval(AT_PHENT), (char *)getauxval(AT_PLATFORM));
    CHECK(getauxval(AT_UID) == getuid() && getauxval(AT_EGID) == getegid());
    CHECK(argc == 1 && strcmp((char *)getauxval(AT_EXECFN), argv[0]) == 0);
    Elf64_Ehdr *header = (Elf64_Ehdr *)&__executable_start;
    CHECK(memcmp(header->e_ident, ELFMAG, 4) == 0);
    CHECK_EQ(getauxval(AT_PHDR), (uintptr_t)header + header->e_phoff);
    CHECK_EQ(getauxval(AT_ENTRY), (uintptr_t)header + header->e_entry);
    CHECK(memcmp((void *)getauxval(AT_SYSINFO_EHDR), ELFMAG, 4) == 0);
    CHECK(memcmp((void *)getauxval(AT_BASE), ELFMAG, 4) == 0);
    CHECK(getauxval(AT_MINSIGSTKSZ) >= 1024);
}
