/* --limit: the fields of berm_limits by their names. */
#include "cli.h"

#include <stddef.h>
#include <string.h>

typedef struct limit_field {
    const char *name;
    size_t offset;
} limit_field;

#define LIMIT_FIELD(name) \
    { \
#name, offsetof(berm_limits, name) \
    }
static const limit_field limit_fields[] = {
    LIMIT_FIELD(doc_len),    LIMIT_FIELD(depth),      LIMIT_FIELD(node_count),
    LIMIT_FIELD(string_len), LIMIT_FIELD(rule_cost),  LIMIT_FIELD(alias_count),
    LIMIT_FIELD(fuel),       LIMIT_FIELD(memory_len), LIMIT_FIELD(finding_count),
    LIMIT_FIELD(output_len),
};

/* Digits, then K, M, G or T for powers of 1024; from 1 on. */
static bool read_size(const char *at, uint64_t *out)
{
    static const char units[] = "KMGT";
    uint64_t number = 0;
    const char *first = at;
    for (; *at >= '0' && *at <= '9'; at++) {
        uint64_t digit = (uint64_t)(*at - '0');
        if (number > (UINT64_MAX - digit) / 10) return false;
        number = number * 10 + digit;
    }
    const char *unit = *at && at > first ? strchr(units, *at) : NULL;
    if (unit) {
        unsigned shift = 10 * (unsigned)(unit - units + 1);
        if (number > UINT64_MAX >> shift) return false;
        number <<= shift;
        at++;
    }
    *out = number;
    return at > first && !*at && number > 0;
}

bool read_limit(berm_limits *limits, const char *value)
{
    const char *equals = strchr(value, '=');
    for (size_t i = 0; equals && i < sizeof limit_fields / sizeof *limit_fields; i++) {
        const limit_field *field = &limit_fields[i];
        size_t len = (size_t)(equals - value);
        if (strlen(field->name) != len || strncmp(field->name, value, len) != 0) continue;
        return read_size(equals + 1, (uint64_t *)(void *)((char *)limits + field->offset));
    }
    return false;
}

void list_limits(FILE *out)
{
    for (size_t i = 0; i < sizeof limit_fields / sizeof *limit_fields; i++)
        fprintf(out, "%s%s", i ? " " : "", limit_fields[i].name);
}
