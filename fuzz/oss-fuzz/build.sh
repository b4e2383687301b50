#!/bin/sh
# What OSS-Fuzz and ClusterFuzzLite run to build the targets, from anywhere: CC, CFLAGS, LIB_FUZZING_ENGINE and OUT are theirs;
# WORK holds the build. For each target OUT gets the program, TARGET_seed_corpus.zip (fuzz/corpus/TARGET and what fuzz/seeds
# makes of the tests), TARGET.dict and TARGET.options. Needs cmake, pkg-config, python3, and libpcre2-dev and libyaml-dev with their archives.
#
#   Here:  CC=clang CFLAGS="-O1 -g -fsanitize=fuzzer-no-link,address" LIB_FUZZING_ENGINE=-fsanitize=fuzzer OUT=build-oss-fuzz/out \
#              WORK=build-oss-fuzz fuzz/oss-fuzz/build.sh
set -eu
: "${CC:?}" "${OUT:?}" "${LIB_FUZZING_ENGINE:?}"
source=$(cd "$(dirname "$0")/../.." && pwd)
work=${WORK:-$source/build-oss-fuzz}
mkdir -p "$OUT" "$work"
OUT=$(cd "$OUT" && pwd)
work=$(cd "$work" && pwd)

# pcre2 and libyaml go into the programs: where these run there are no other libraries than the system's.
cmake -S "$source" -B "$work" -DCMAKE_C_COMPILER="$CC" -DCMAKE_C_FLAGS="${CFLAGS-}" -DCMAKE_BUILD_TYPE=None -DBERM_FUZZ=ON \
    -DBERM_FUZZ_ENGINE="$LIB_FUZZING_ENGINE" -DBERM_FUZZ_STATIC=ON -DBERM_BUILD_TESTS=OFF -DBERM_BUILD_CLI=OFF -DBERM_INSTALL=OFF
for file in "$source"/fuzz/*.c; do
    set -- "$@" --target "fuzz_$(basename "$file" .c)"
done
cmake --build "$work" -j"$(nproc)" "$@"

for file in "$source"/fuzz/*.c; do
    target=$(basename "$file" .c)
    cp "$work/fuzz_$target" "$OUT/$target"
    rm -rf "$work/seeds"
    "$source/fuzz/seeds" "$target" "$work/seeds"
    cp "$source/fuzz/corpus/$target"/* "$work/seeds"
    rm -f "$OUT/${target}_seed_corpus.zip"
    (cd "$work/seeds" && python3 -m zipfile -c "$OUT/${target}_seed_corpus.zip" ./*)
    cp "$source/fuzz/$target.dict" "$OUT"
    if [ -f "$source/fuzz/$target.options" ]; then
        cp "$source/fuzz/$target.options" "$OUT"
    else
        printf '[libfuzzer]\nmax_len = 4096\n' >"$OUT/$target.options"
    fi
done
