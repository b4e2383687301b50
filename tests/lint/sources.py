#!/usr/bin/env python3
"""sources.py ROOT: the house rules that can be counted.

lib/: names of static functions are unique (the unity file) and start with a verb-like word, not the prefix; no calls
that print, abort, read clock, environment or locale, or allocate past the hook. lib/ and cli/: sizes of functions and
files. All text files: no path of somebody's machine.
"""
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import csource

FUNCTION_MAX, FUNCTION_P99, FILE_MAX, COLUMN_MAX = 100, 64, 700, 100
LOOP = "lib/vm/loop.c"  # the interpreter's dispatch loop is one function by nature

FORBIDDEN = set("""
    printf fprintf vprintf vfprintf puts fputs putchar putc fputc fwrite perror fopen fclose fread fflush scanf sscanf
    sprintf vsprintf snprintf vsnprintf gets fgets getline
    getenv secure_getenv setenv putenv setlocale localeconv newlocale uselocale strcoll strxfrm
    abort exit _Exit quick_exit atexit assert raise signal setjmp longjmp system
    time clock clock_gettime gettimeofday difftime localtime localtime_r gmtime gmtime_r mktime strftime
    strtod strtof strtold strtol strtoul strtoll strtoull atof atoi atol strtok strerror rand srand random
    strcpy strcat strncat strdup strndup alloca open read write close
    pthread_create thrd_create
""".split())
ALLOCATION = {"malloc", "calloc", "realloc", "free", "aligned_alloc", "posix_memalign"}
CALL = re.compile(r"(?<![\w.>])([A-Za-z_]\w*)\s*\(")

MACHINE = re.compile(r"(?<![\w.~-])/(?:" + "|".join(["work", "tmp", "root", "home", "mnt/data"]) + r")/[\w.-]")
DATA = ("examples/", "policies/", "tests/cases/", "tests/golden/", "fuzz/corpus/")  # documents may say anything
TEXT = {".c", ".h", ".def", ".inc", ".py", ".sh", ".md", ".txt", ".cmake", ".in", ".json", ".yaml", ".yml", ".map",
        ".go", ".toml", ""}


def check_names(path, functions, owners, faults):
    for name, is_static, line, _ in functions:
        if is_static and not path.endswith(".h"):
            if name.startswith("berm_"):
                faults.append(f"{path}:{line}: static {name}: the prefix is for names that cross files")
            if name in owners:
                faults.append(f"{path}:{line}: static {name} is also in {owners[name]}")
        elif name in owners:
            faults.append(f"{path}:{line}: {name} is also in {owners[name]}")
        elif not name.startswith("berm_") and not name.endswith(")"):
            faults.append(f"{path}:{line}: {name} crosses files without the prefix berm_")
        owners.setdefault(name, f"{path}:{line}")


def check_calls(path, text, faults):
    code = csource.code_only(text)
    for match in CALL.finditer(code):
        name = match[1]
        if name in FORBIDDEN or (name in ALLOCATION and path != "lib/base/mem.c"):
            faults.append(f"{path}:{csource.line_of(code, match.start())}: {name}() is not for the library")


def check_sizes(path, text, functions, lengths, faults):
    lines = text.splitlines()
    if len(lines) > FILE_MAX and not path.endswith(".inc"):
        faults.append(f"{path}: {len(lines)} lines; at most {FILE_MAX}")
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMN_MAX and not path.endswith((".def", ".inc")):
            faults.append(f"{path}:{number}: {len(line)} columns; at most {COLUMN_MAX}")
    for name, _, first, last in functions:
        length = last - first + 1
        if path != LOOP:
            lengths.append((length, f"{path}:{first}: {name}"))
            if length > FUNCTION_MAX:
                faults.append(f"{path}:{first}: {name} has {length} lines; at most {FUNCTION_MAX}")


def check_percentile(lengths, faults):
    """At most one function in a hundred may be longer than FUNCTION_P99."""
    long = sorted(l for l in lengths if l[0] > FUNCTION_P99)
    allowed = len(lengths) // 100
    if len(long) > allowed:
        faults.append(f"{len(long)} of {len(lengths)} functions have over {FUNCTION_P99} lines; {allowed} may:")
        faults.extend(f"    {where}: {length} lines" for length, where in long)


def check_machine_paths(root, faults):
    try:
        listing = subprocess.run(["git", "-C", str(root), "ls-files", "-z", "--cached", "--others",
                                  "--exclude-standard"], check=True, capture_output=True, text=True).stdout
        paths = [p for p in listing.split("\0") if p]
    except (OSError, subprocess.CalledProcessError):  # not a checkout: an archive of the sources
        paths = [p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file() and ".git" not in p.parts]
    for path in sorted(paths):
        full = root / path
        if path.startswith(DATA) or full.suffix not in TEXT or not full.is_file():
            continue
        text = full.read_text(encoding="utf-8", errors="replace")
        for match in MACHINE.finditer(text):
            faults.append(f"{path}:{csource.line_of(text, match.start())}: a path of one machine: {match.group()}...")


def main(args):
    if len(args) != 1:
        print(__doc__)
        return 2
    root, faults, owners, lengths = pathlib.Path(args[0]), [], {}, []
    for path, text in csource.c_files(root, "lib", "cli"):
        functions = csource.functions(text)
        check_sizes(path, text, functions, lengths, faults)
        if path.startswith("lib/"):
            check_names(path, functions, owners, faults)
            check_calls(path, text, faults)
    check_percentile(lengths, faults)
    check_machine_paths(root, faults)
    print("\n".join(faults) if faults else f"sources: clean ({len(lengths)} functions)")
    return 1 if faults else 0


sys.exit(main(sys.argv[1:]))
