/* The tables of commands.def. */
#ifndef BERM_COMMANDS_H
#define BERM_COMMANDS_H

#include "cli.h"

typedef enum command_id {
#define CLI_COMMAND(id, name, run, arguments, completes, summary, more) COMMAND_##id,
#define CLI_VALUE(commands, brief, full, value, completes, read, help)
#define CLI_TEXT(commands, brief, full, value, completes, field, help)
#define CLI_FLAG(commands, brief, full, field, help)
#include "commands.def"
#undef CLI_COMMAND
    COMMAND_COUNT
} command_id;

typedef struct command {
    const char *name, *arguments, *summary, *more;
    int (*run)(const options *o);
} command;

/* One option: exactly one of `read` and the fields is there. */
typedef struct cli_option {
    uint32_t commands;        /* 1u << command_id of those that take it */
    const char *brief, *full; /* "-p", "--policies"; "" without one */
    const char *value;        /* what help calls its value; NULL: a flag */
    int (*read)(options *o, const char *value);
    size_t field; /* where in `options` the text or the flag is, when `read` is NULL */
    const char *help;
} cli_option;

extern const command commands[COMMAND_COUNT];
extern const cli_option cli_options[];
extern const size_t cli_option_count;

/* The command of that name; NULL when there is none. */
const command *find_command(const char *name);
static inline bool takes_option(const command *c, const cli_option *option)
{
    return option->commands >> (c - commands) & 1u;
}

/* --- help.c --- */
void print_usage(FILE *out);
void print_command_help(FILE *out, const command *c);

#endif
