#!/usr/bin/env python3
"""selftest.py ROOT: do the lints fail when they should? Each case plants one fault in a copy of the sources."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
SOURCES = ("lib", "include", "cli", "policies/targets", "tools")

DOCUMENTED = """\
/* A library. int main(void) { return 0; } */
/* Title. `a` is a number. BERM_E_ARGUMENT when negative. Threads: any. Cost: none. Since: 0.1. */
BERM_API BERM_MUST_USE berm_status berm_f(int a);
"""


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)



def plant_upward(root):
    write(root / "lib/vm/planted.h", "int berm_planted;\n")
    write(root / "lib/base/planted.c", '#include "vm/planted.h"\n')


def plant_forbidden_layer(root):
    write(root / "lib/cel/planted.h", "int berm_planted;\n")
    write(root / "lib/vm/planted.c", '#include "cel/planted.h"\n')


def plant_file_cycle(root):
    write(root / "lib/data/planted_a.h", '#include "data/planted_b.h"\n')
    write(root / "lib/data/planted_b.h", '#include "data/planted_c.h"\n')
    write(root / "lib/data/planted_c.h", '#include "data/planted_a.h"\n')


def plant_module_cycle(root):
    write(root / "lib/data/planted_a.h", "\n")
    write(root / "lib/data/planted_b.h", "\n")
    write(root / "lib/data/planted_a.c", '#include "data/planted_b.h"\n')
    write(root / "lib/data/planted_b.c", '#include "data/planted_a.h"\n')


def plant_pcre2(root):
    write(root / "lib/vm/strings_planted.c", "#include <pcre2.h>\n")


def plant_yaml(root):
    write(root / "lib/policy/planted.c", "#include <yaml.h>\n")


def plant_stdio(root):
    write(root / "lib/base/planted.c", "#include <stdio.h>\n")


def plant_private_use(root):
    write(root / "lib/base/planted.h", "\n")
    write(root / "cli/planted.c", '#include "base/planted.h"\n')


def plant_print(root):
    write(root / "lib/base/planted.c", 'void berm_planted(void)\n{\n    printf("x");\n}\n')


def plant_malloc(root):
    write(root / "lib/data/planted.c", "void *berm_planted(void)\n{\n    return malloc(1);\n}\n")


def plant_same_static(root):
    for name in ("a", "b"):
        write(root / f"lib/base/planted_{name}.c", "static int do_planted(void)\n{\n    return 1;\n}\n")


def plant_unprefixed(root):
    write(root / "lib/base/planted.c", "int do_planted(void)\n{\n    return 1;\n}\n")


def plant_long_function(root):
    body = "    planted++;\n" * 120
    write(root / "lib/base/planted.c", f"void berm_planted(void)\n{{\n{body}}}\n")


def plant_long_file(root):
    write(root / "lib/base/planted.c", "/* x */\n" * 701)


def plant_machine_path(root):
    write(root / "docs/planted.md", "see /" + "home/somebody/notes\n")


def plant_source(root):
    write(root / "lib/base/planted.c", "\n")


def plant_target(root):
    write(root / "policies/targets/planted.yaml", "target: planted\n")


def plant_function(root):
    with open(root / "lib/data/functions.def", "a", encoding="ascii") as table:
        table.write('BERM_SIG("planted", "planted(int) -> int", "nowhere", "true")\n')


def plant_header(change):
    return lambda root: write(root / "planted.h", change(DOCUMENTED))


LAYERS = [sys.executable, str(HERE / "layers.py"), "{root}"]
RULES = [sys.executable, str(HERE / "sources.py"), "{root}"]
HEADER = [sys.executable, str(HERE / "header_docs.py"), "{root}/planted.h"]
UNITY = [sys.executable, "{root}/tools/unity", "--check"]
EMBED = [sys.executable, "{root}/tools/embed-targets", "--check"]
DECLARE = [sys.executable, "{root}/tools/embed-declarations", "--check"]

CASES = [  # lint, what is planted, words that must be in its report
    (LAYERS, plant_upward, "base must not use vm"),
    (LAYERS, plant_forbidden_layer, "vm must not use cel"),
    (LAYERS, plant_file_cycle, "include cycle among files"),
    (LAYERS, plant_module_cycle, "include cycle among modules"),
    (LAYERS, plant_pcre2, "<pcre2.h> belongs into lib/code/regex"),
    (LAYERS, plant_yaml, "<yaml.h> belongs into lib/data/yaml"),
    (LAYERS, plant_stdio, "<stdio.h> is neither ours"),
    (LAYERS, plant_private_use, "only the public header"),
    (RULES, plant_print, "printf() is not for the library"),
    (RULES, plant_malloc, "malloc() is not for the library"),
    (RULES, plant_same_static, "static do_planted is also in"),
    (RULES, plant_unprefixed, "do_planted crosses files without the prefix"),
    (RULES, plant_long_function, "berm_planted has 123 lines"),
    (RULES, plant_long_file, "701 lines; at most"),
    (RULES, plant_machine_path, "a path of one machine"),
    (UNITY, plant_source, "run tools/unity"),
    (EMBED, plant_target, "run tools/embed-targets"),
    (DECLARE, plant_function, "run tools/embed-declarations"),
    (HEADER, plant_header(lambda t: t.replace("Threads:", "")), "`Threads:` is missing"),
    (HEADER, plant_header(lambda t: t.replace("`a`", "It")), "parameter `a` is not documented"),
    (HEADER, plant_header(lambda t: t.replace("BERM_E_ARGUMENT", "fails")), "statuses it can return are not named"),
    (HEADER, plant_header(lambda t: t.replace("BERM_MUST_USE ", "")), "must be BERM_MUST_USE"),
    (HEADER, plant_header(lambda t: t.replace("*/\nBERM_API", "*/\n\nBERM_API")), "no comment right above"),
    (HEADER, plant_header(lambda t: t.replace("main(", "")), "no complete program"),
]


def copy_sources(root, target):
    for folder in SOURCES:
        if (root / folder).is_dir():
            shutil.copytree(root / folder, target / folder)
    for folder in ("lib", "cli", "docs", "policies/targets"):
        (target / folder).mkdir(parents=True, exist_ok=True)


def run(command, root):
    done = subprocess.run([part.format(root=root) for part in command], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def main(args):
    if len(args) != 1:
        print(__doc__)
        return 2
    failed = 0
    for command, plant, words in CASES:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            copy_sources(pathlib.Path(args[0]), root)
            plant(root)
            code, report = run(command, root)
            if code != 1 or words not in report:
                failed += 1
                print(f"not caught: {words!r} (exit {code})\n{report}")
    with tempfile.TemporaryDirectory() as folder:
        write(pathlib.Path(folder) / "planted.h", DOCUMENTED)
        code, report = run(HEADER, folder)
        if code != 0:
            failed += 1
            print(f"a documented header is refused:\n{report}")
    print(f"lint self-test: {len(CASES) + 1 - failed} caught, {failed} not")
    return 1 if failed else 0


sys.exit(main(sys.argv[1:]))
