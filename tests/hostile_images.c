/* hostile_images COUNT [FIRST]: as many changed images as asked, made from the seeds FIRST, FIRST + 1 ..,
   loaded and run where the verifier lets them. Says how many there were of each sort; fails when
   fewer than a tenth were run, because then it tests the refusals alone. */
#include "../fuzz/verify.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    if (count == 0) {
        fprintf(stderr, "usage: hostile_images COUNT [FIRST]\n");
        return 2;
    }
    for (uint64_t i = 0; i < count; i++) {
        /* Neighbouring numbers shall make choices that have nothing in common. */
        uint64_t seed = (first + i) * 0x9E3779B97F4A7C15u;
        seed = (seed ^ seed >> 32) * 0xD6E8FEB86659FD93u;
        seed ^= seed >> 32;
        LLVMFuzzerTestOneInput((const uint8_t *)&seed, sizeof seed);
    }
    uint64_t run = verify_counted.judged + verify_counted.limited;
    printf("%llu images: %llu refused, %llu judged, %llu ended at a limit\n",
           (unsigned long long)verify_counted.tried,
           (unsigned long long)(verify_counted.tried - run),
           (unsigned long long)verify_counted.judged, (unsigned long long)verify_counted.limited);
    return run * 10 < verify_counted.tried;
}
