#include "cli.h"

#include <string.h>

static const char usage[] =
    "berm: guardrails for infrastructure documents\n"
    "\n"
    "usage: berm check -p POLICIES... [-o FORMAT[=FILE]]... [--target NAME] [--now DATE] "
    "[--fail-on LEVEL]\n"
    "                  [--partial] FILE|DIR|-...\n"
    "       berm explain -p POLICIES... [--guardrail GLOB] [--resource GLOB] [--target NAME] "
    "[--now DATE]\n"
    "                  [--partial] FILE|DIR|-...\n"
    "       berm test POLICIES...\n"
    "       berm test --format kyverno|gatekeeper|json [-p POLICIES]... FILE|DIR...\n"
    "       berm eval EXPRESSION [FILE|-]\n"
    "       berm disasm -e EXPRESSION | POLICIES...\n"
    "       berm version | help\n"
    "\n"
    "  -p, --policies PATH   policy file or directory; may be repeated\n"
    "  -o FORMAT[=FILE]      text (default) or json; may be repeated\n"
    "  --target NAME         read every input as this target instead of detecting it\n"
    "  --now DATE            the time policies see, 2026-11-22 or 2026-11-22T10:00:00Z (default: "
    "the clock)\n"
    "  --fail-on LEVEL       what makes the exit code 1: mandatory (default), unknown, any, never, "
    "or a severity\n"
    "                        (info, low, medium, high, critical)\n"
    "  --format NAME         tests in the words of kyverno (kyverno-test.yaml), gatekeeper "
    "(suite.yaml) "
    "or json\n"
    "                        (tests.json)\n"
    "  --guardrail GLOB      explain only guardrails with such ids\n"
    "  --resource GLOB       explain only resources with such addresses\n"
    "  --partial             there is more than these inputs: what is not in them is not absent\n"
    "  --verbose             show passed and skipped verdicts, too, and where policies decide\n"
    "  --color, --no-color   colour even into a pipe, or never (NO_COLOR is honoured)\n"
    "\n"
    "exit codes: 0 passed, 1 violated, 2 wrong usage or policies that do not compile, 3 unreadable "
    "input or a limit\n";

static const struct {
    const char *name;
    int (*run)(const options *o);
} commands[] = {{"check", run_check},   {"explain", run_explain}, {"test", run_test},
                {"eval", run_eval},     {"disasm", run_disasm},   {"waivers", run_waivers},
                {"lint", run_effective}};

static int run_command(int argc, char **argv, int (*run)(const options *o))
{
    options o;
    int code = read_options(argc, argv, &o);
    if (code == EXIT_PASSED) code = run(&o);
    free_options(&o);
    return code;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(name, commands[i].name) == 0) return run_command(argc, argv, commands[i].run);
    if (strcmp(name, "version") == 0 || strcmp(name, "--version") == 0) {
        printf("berm %s\n", berm_version());
        return EXIT_PASSED;
    }
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        fputs(usage, stdout);
        return EXIT_PASSED;
    }
    if (*name) fprintf(stderr, "berm: there is no command '%s'\n\n", name);
    fputs(usage, stderr);
    return EXIT_USAGE;
}
