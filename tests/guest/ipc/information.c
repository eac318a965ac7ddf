// IPC_INFO and its like, objects by place, and the tables in /proc.
#include "../test.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

// The line of `path` that has `id` in its second column, with its columns separated by single spaces.
static int line_of(const char *path, int id, unsigned long columns[], int count) {
    FILE *file = fopen(path, "r");
    CHECK(file);
    char line[512];
    while (fgets(line, sizeof line, file)) {
        long key, number;
        unsigned perms;
        int at;
        if (sscanf(line, "%ld %ld %o%n", &key, &number, &perms, &at) != 3 || number != id) continue;
        columns[0] = key, columns[1] = perms;
        char *rest = line + at;
        for (int i = 2; i < count; i++) columns[i] = strtoul(rest, &rest, 10);
        fclose(file);
        return 1;
    }
    fclose(file);
    return 0;
}

static unsigned long number_in(const char *path) {
    FILE *file = fopen(path, "r");
    unsigned long value = 0;
    CHECK(file && fscanf(file, "%lu", &value) == 1);
    fclose(file);
    return value;
}

int main(void) {
    unsigned long columns[16];
    int set = semget(IPC_PRIVATE, 4, 0600), queue = msgget(IPC_PRIVATE, 0620), segment = shmget(IPC_PRIVATE, 9000, 0400);
    CHECK(set >= 0 && queue >= 0 && segment >= 0);
    CHECK(line_of("/proc/sysvipc/sem", set, columns, 5));
    printf("%lu %lo %lu %d\n", columns[0], columns[1], columns[2], columns[3] == geteuid());
    struct {
        long kind;
        char text[10];
    } message = {1, ""};
    CHECK_EQ(msgsnd(queue, &message, 10, 0), 0);
    CHECK(line_of("/proc/sysvipc/msg", queue, columns, 6));
    printf("%lu %lo %lu %lu %d %lu\n", columns[0], columns[1], columns[2], columns[3], columns[4] == (unsigned)getpid(), columns[5]);
    void *attached = shmat(segment, NULL, SHM_RDONLY);
    CHECK(attached != (void *)-1);
    CHECK(line_of("/proc/sysvipc/shm", segment, columns, 6));
    printf("%lu %lo %lu %d %lu\n", columns[0], columns[1], columns[2], columns[3] == (unsigned)getpid(), columns[5]);

    struct seminfo limits;
    CHECK(semctl(0, 0, IPC_INFO, &limits) >= 0);
    printf("%d %d %d %d\n", limits.semmsl, limits.semopm, limits.semmni, limits.semvmx);
    CHECK(semctl(0, 0, SEM_INFO, &limits) >= 0);
    CHECK(limits.semusz >= 1 && limits.semaem >= 4);
    struct msginfo messages;
    CHECK(msgctl(0, IPC_INFO, (void *)&messages) >= 0);
    printf("%d %d %d\n", messages.msgmax, messages.msgmnb, messages.msgmni);
    CHECK(msgctl(0, MSG_INFO, (void *)&messages) >= 0);
    CHECK(messages.msgpool >= 1 && messages.msgmap >= 1 && messages.msgtql >= 10);
    struct shminfo segments;
    CHECK(shmctl(0, IPC_INFO, (void *)&segments) >= 0);
    printf("%lu %lu\n", segments.shmmin, segments.shmmni);
    CHECK_EQ(segments.shmmax, number_in("/proc/sys/kernel/shmmax"));
    CHECK_EQ(segments.shmall, number_in("/proc/sys/kernel/shmall"));
    CHECK_EQ(number_in("/proc/sys/kernel/msgmax"), 8192);
    CHECK_EQ(number_in("/proc/sys/kernel/msgmnb"), 16384);
    CHECK_EQ(number_in("/proc/sys/kernel/sem"), 32000);
    struct shm_info used;
    int highest = shmctl(0, SHM_INFO, (void *)&used);
    CHECK(highest >= 0 && used.used_ids >= 1 && used.shm_tot >= 3);
    // By place.
    int found = 0;
    for (int place = 0; place <= highest; place++) {
        struct shmid_ds status;
        int id = shmctl(place, SHM_STAT, &status);
        if (id == segment) found = status.shm_segsz == 9000 && status.shm_nattch == 1;
    }
    CHECK(found);
    struct semid_ds set_status;
    CHECK_EQ(semctl(set % 32768, 0, SEM_STAT, &set_status), set);
    struct msqid_ds queue_status;
    CHECK_EQ(msgctl(queue % 32768, MSG_STAT, &queue_status), queue);
    CHECK_EQ(semctl(set, 0, IPC_RMID), 0);
    CHECK_EQ(msgctl(queue, IPC_RMID, NULL), 0);
    CHECK_EQ(shmctl(segment, IPC_RMID, NULL), 0);
}
