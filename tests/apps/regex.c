// A static musl program: regular expressions, sorting, printf of doubles, directories and file streams.
#include <dirent.h>
#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(void) {
    regex_t pattern;
    regmatch_t found[3];
    if (regcomp(&pattern, "([a-z]+)-([0-9]+)", REG_EXTENDED)) return 1;
    const char *text = "one-1 two-22 three-333";
    for (; regexec(&pattern, text, 3, found, 0) == 0; text += found[0].rm_eo)
        printf("%.*s:%.*s\n", (int)(found[1].rm_eo - found[1].rm_so), text + found[1].rm_so, (int)(found[2].rm_eo - found[2].rm_so), text + found[2].rm_so);
    printf("%.17g %a %e\n", sqrt(2), exp(1), pow(3, 40));
    if (mkdir("d", 0755)) return 2;
    char *names[100];
    int count = 0;
    for (int i = 0; i < 20; i++) {
        char name[20];
        snprintf(name, sizeof name, "d/%d", i * 7919 % 100);
        FILE *file = fopen(name, "w");
        if (!file || fprintf(file, "%d\n", i) < 0 || fclose(file)) return 3;
    }
    DIR *dir = opendir("d");
    for (struct dirent *entry; dir && (entry = readdir(dir));) names[count++] = strdup(entry->d_name);
    qsort(names, (size_t)count, sizeof *names, by_text);
    for (int i = 0; i < count; i++) printf("%s ", names[i]);
    puts("");
    return 0;
}
