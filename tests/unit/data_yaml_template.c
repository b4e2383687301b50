#include "data/yaml_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define NOWHERE UINT32_MAX

/* `@` marks the fault, `<` the place that must be found; both are taken out of the text. */
static void check(const char *marked)
{
    char text[512];
    uint32_t len = 0, fault = 0, wanted = NOWHERE, found = NOWHERE;
    for (const char *p = marked; *p; p++) {
        if (*p == '@') fault = len;
        else if (*p == '<') wanted = len;
        else text[len++] = *p;
    }
    bool any = berm_yaml_template_at((berm_str){text, len}, fault, &found);
    if (any != (wanted != NOWHERE) || (any && found != wanted))
        fail_msg("found %u in: %s", found, marked);
}

static void templates(void **state)
{
    (void)state;
    check("a: 1\n<{{- if .Values.x }}\n@b: 2\n");
    check("a: <{{@ .Values.x }}\n");
    check("- <{{ x }}\nb: 1\nc: 2\nd: 3\ne: @]\n");
    check("image: \"<{{ include \"@x\" . }}\"\n");
    check("<{% for x in y %}\n@b\n");
    check("a: b<{{ x }}: @c\n");
    check("<{{@");
    check("- <{{{ x }}\nb: 1\nc: 2\nd: 3\ne: @]\n");
    check("<{{ x }}\nb: 1\nc: 2\nd: 3\ne: @]\n");
    check(" \t<{{ x }}\nb: 1\nc: 2\nd: 3\ne: @]\n");
}

static void no_templates(void **state)
{
    (void)state;
    check("a: @]\n");
    check("run: ${{ x }}: @]\n");
    check("msg: \"{{ x }}\"\nb: 1\nc: 2\nd: @]\n");
    check("a: {@ b\n");
    check("a: @]\nb: {{ x }}\n");
    check("@");
    check("a: @]\nb: {");
    check("a: @{");
    check("a: @{ b: {x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(templates), cmocka_unit_test(no_templates)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
