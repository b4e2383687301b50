"""Every function of the public header is called where allocations fail (tests/fail_alloc).

Usage: fail_alloc.py ROOT
"""
import pathlib
import re
import sys


def declared(header):
    """Names of the functions that BERM_API exports."""
    declarations = re.findall(r"^BERM_API\b[^;]*;", header, re.M)
    return {re.search(r"\b(berm_\w+)\s*\(", declaration).group(1) for declaration in declarations}


def main():
    root = pathlib.Path(sys.argv[1])
    names = declared((root / "include/berm/berm.h").read_text(encoding="utf-8"))
    calls = set()
    for path in (root / "tests/fail_alloc").glob("*.c"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        calls |= set(re.findall(r"\b(berm_\w+)\s*\(", text))
    for name in sorted(names - calls):
        print(f"{name}: no program of tests/fail_alloc calls it")
    if not names:
        print("include/berm/berm.h: no functions found")
    return 1 if names - calls or not names else 0


if __name__ == "__main__":
    sys.exit(main())
