#include "commands.h"

#include <string.h>

static int run_command(int argc, char **argv, const command *c)
{
    options o;
    int code = read_options(c, argc, argv, &o);
    if (code == EXIT_PASSED && o.help) print_command_help(stdout, c);
    else if (code == EXIT_PASSED) code = c->run(&o);
    free_options(&o);
    return code;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    if (strcmp(name, "--version") == 0) name = "version";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) name = "help";
    const command *c = find_command(name);
    if (c) return run_command(argc, argv, c);
    if (*name) fprintf(stderr, "berm: there is no command '%s'\n\n", name);
    print_usage(stderr);
    return EXIT_USAGE;
}
