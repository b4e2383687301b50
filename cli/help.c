/* berm help: from the table of commands and options. */
#include "commands.h"

#include <string.h>

#define HELP_WIDTH 96
#define HELP_INDENT 24

/* A text in lines of HELP_WIDTH, the first of which has `used` columns already; the marks of
   literals are left out. */
static void print_wrapped(FILE *out, const char *text, int indent, int used)
{
    for (const char *at = text; *at;) {
        size_t len = strcspn(at, " \n");
        int width = 0;
        for (size_t i = 0; i < len; i++) width += at[i] != '`';
        if (used > indent && used + 1 + width > HELP_WIDTH) fputc('\n', out), used = 0;
        else if (used > indent) fputc(' ', out), used++;
        for (; used < indent; used++) fputc(' ', out);
        for (size_t i = 0; i < len; i++)
            if (at[i] != '`') fputc(at[i], out);
        used += width;
        at += len;
        if (strncmp(at, "\n\n", 2) == 0) fputs("\n\n", out), used = 0;
        at += strspn(at, " \n");
    }
    fputc('\n', out);
}

static void print_option(FILE *out, const cli_option *option)
{
    char names[80];
    bool both = *option->brief && *option->full;
    int len = snprintf(names, sizeof names, "  %s%s%s%s%s", option->brief, both ? ", " : "",
                       option->full, option->value ? " " : "", option->value ? option->value : "");
    fputs(names, out);
    if (len >= HELP_INDENT) fputc('\n', out), len = 0;
    print_wrapped(out, option->help, HELP_INDENT, len);
}

static const char exit_codes[] =
    "exit codes: 0 passed, 1 violated (or a test failed), 2 wrong usage or policies that do not "
    "compile, 3 unreadable input or a limit";

void print_usage(FILE *out)
{
    fputs("berm: guardrails for infrastructure documents\n\n"
          "usage: berm COMMAND [OPTION]... [ARGUMENT]...\n\n",
          out);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        int len = fprintf(out, "  %s", commands[i].name);
        print_wrapped(out, commands[i].summary, HELP_INDENT / 2, len);
    }
    fputs("\n'berm help COMMAND' shows the options of a command.\n\n", out);
    print_wrapped(out, exit_codes, 0, 0);
}

void print_command_help(FILE *out, const command *c)
{
    fprintf(out, "usage: berm %s [OPTION]... %s\n\n", c->name, c->arguments);
    print_wrapped(out, c->more, 0, 0);
    bool any = false;
    for (size_t i = 0; i < cli_option_count; i++) {
        if (!takes_option(c, &cli_options[i])) continue;
        if (!any) fputc('\n', out);
        any = true;
        print_option(out, &cli_options[i]);
    }
    fputc('\n', out);
    print_wrapped(out, exit_codes, 0, 0);
}

int run_help(const options *o)
{
    if (!o->inputs.count) {
        print_usage(stdout);
        return EXIT_PASSED;
    }
    const command *c = find_command(o->inputs.items[0]);
    if (!c) {
        fprintf(stderr, "berm: there is no command '%s'\n", o->inputs.items[0]);
        return EXIT_USAGE;
    }
    print_command_help(stdout, c);
    return EXIT_PASSED;
}

int run_version(const options *o)
{
    (void)o;
    printf("berm %s\n", berm_version());
    return EXIT_PASSED;
}
