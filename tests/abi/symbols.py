#!/usr/bin/env python3
"""symbols.py HEADER LIBRARY ARCHIVE: what the built libraries show and need, as nm and size see it.

* The shared library exports exactly the functions that the header declares BERM_API, each under a version node.
* It asks the C library for nothing that prints, aborts, or reads clock, environment or locale.
* No object file has writable data: the library has no global state.
"""
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "lint"))
import api

NEVER = re.compile(r"^(abort|exit|_exit|_Exit|quick_exit|__assert_fail|v?f?printf|__v?f?printf_chk|puts|putchar|fputs|"
                   r"fwrite|fopen|open|getenv|secure_getenv|setlocale|newlocale|localeconv|time|clock|clock_gettime|"
                   r"gettimeofday|strto[dfl]|__longjmp_chk|longjmp|_?setjmp|pthread_create|thrd_create)(@|$)")


def nm(*args):
    lines = subprocess.run(["nm", *args], check=True, capture_output=True, text=True).stdout.splitlines()
    return [line.split() for line in lines if line.strip()]


def exported(library):
    """name -> version node of the dynamic symbols defined here; the nodes themselves (type A) are left out."""
    rows = [row for row in nm("-D", "--defined-only", library) if row[-2] != "A"]
    return dict(row[-1].partition("@@")[::2] for row in rows)


def check_exports(header, library):
    declared = {f.name for f in api.functions(pathlib.Path(header).read_text(encoding="utf-8"))}
    symbols = exported(library)
    faults = [f"{name} is exported but not in the header" for name in sorted(symbols.keys() - declared)]
    faults += [f"{name} is in the header but not exported" for name in sorted(declared - symbols.keys())]
    faults += [f"{name} has no version node" for name, node in sorted(symbols.items()) if not node]
    return faults, len(symbols)


def check_needs(library):
    needed = [row[-1] for row in nm("-D", "--undefined-only", library)]
    return [f"the library calls {name}" for name in needed if NEVER.match(name)]


def check_state(archive):
    faults, member = [], ""
    listing = subprocess.run(["size", "-A", archive], check=True, capture_output=True, text=True).stdout
    for line in listing.splitlines():
        if "(ex " in line:
            member = line.split()[0]
        words = line.split()
        if len(words) == 3 and re.match(r"\.t?(data|bss)(\.|$)", words[0]) and words[1].isdigit():
            if not words[0].startswith(".data.rel.ro") and int(words[1]) > 0:
                faults.append(f"{member} has {words[1]} bytes of writable data in {words[0]}")
    return faults


def main(args):
    if len(args) != 3:
        print(__doc__)
        return 2
    header, library, archive = args
    faults, count = check_exports(header, library)
    faults += check_needs(library) + check_state(archive)
    print("\n".join(faults) if faults else f"abi: {count} functions, as declared")
    return 1 if faults else 0


sys.exit(main(sys.argv[1:]))
