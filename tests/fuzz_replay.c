/* Feeds files to a fuzz target without a fuzzer, so that ctest replays its corpus in every
   build. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The whole file, in a block of exactly its size so that ASan sees a read past its end. */
static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) return 1;
    int failed = 1;
    uint8_t *data = NULL;
    if (fseek(file, 0, SEEK_END) != 0) goto done;
    long len = ftell(file);
    if (len < 0 || fseek(file, 0, SEEK_SET) != 0) goto done;
    data = malloc(len > 0 ? (size_t)len : 1);
    if (!data || fread(data, 1, (size_t)len, file) != (size_t)len) goto done;
    failed = LLVMFuzzerTestOneInput(data, (size_t)len) != 0;
done:
    free(data);
    fclose(file);
    return failed;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s CORPUS\n", argv[0]);
        return 2;
    }
    DIR *folder = opendir(argv[1]);
    if (!folder) {
        fprintf(stderr, "%s cannot be read\n", argv[1]);
        return 2;
    }
    unsigned long count = 0, failed = 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[4096];
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        count++;
        if (replay_file(path) != 0) {
            failed++;
            fprintf(stderr, "%s failed\n", path);
        }
    }
    closedir(folder);
    printf("%lu inputs replayed, %lu failed\n", count, failed);
    return count == 0 || failed > 0;
}
