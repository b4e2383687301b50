#include "policy/path.h"

#define PATH_GROUPS_MAX 8u

typedef struct path_scan {
    berm_build *build;
    const berm_expr *source;
    berm_str text;
    size_t at;
    berm_path *out;
    uint32_t groups[PATH_GROUPS_MAX]; /* places of the open ones */
    uint32_t group_count;
} path_scan;

static bool fault_path(path_scan *scan, size_t at, const char *what)
{
    berm_place_fault(scan->build, berm_expr_place(scan->source, (uint32_t)at, at < scan->text.len),
                     BERM_D_POLICY_PATH, "%s", what);
    return false;
}

static bool add_step(path_scan *scan, uint32_t kind, berm_str name)
{
    if (scan->out->count == BERM_IMAGE_PATH_MAX) {
        return fault_path(scan, scan->at, "the path has too many steps");
    }
    scan->out->steps[scan->out->count++] = (berm_path_step){.kind = kind, .name = name};
    return true;
}

static bool path_goes_on(path_scan *scan, const char *with)
{
    return berm_str_starts(berm_str_cut(scan->text, scan->at, scan->text.len), berm_str_of(with));
}

static bool is_path_name_char(char c)
{
    return !strchr(".[](){},*'\" \t\r\n", c);
}

static bool read_path_field(path_scan *scan)
{
    size_t from = scan->at;
    while (scan->at < scan->text.len && is_path_name_char(scan->text.ptr[scan->at])) scan->at++;
    if (from == scan->at) return fault_path(scan, from, "a name is expected here");
    return add_step(scan, BERM_STEP_FIELD, berm_str_cut(scan->text, from, scan->at));
}

/* {a,b}: whichever of the fields are there; the last one is a field like any. */
static bool read_path_choice(path_scan *scan)
{
    uint32_t first = scan->out->count;
    do {
        scan->at++;
        if (!read_path_field(scan)) return false;
    } while (path_goes_on(scan, ","));
    if (!path_goes_on(scan, "}")) return fault_path(scan, scan->at, ", or } is expected here");
    scan->at++;
    for (uint32_t i = first; i + 1 < scan->out->count; i++) {
        scan->out->steps[i].kind = BERM_STEP_EITHER;
        scan->out->steps[i].jump = scan->out->count;
    }
    return true;
}

/* A name, {a,b} or * */
static bool read_path_name(path_scan *scan)
{
    if (path_goes_on(scan, "{")) return read_path_choice(scan);
    if (!path_goes_on(scan, "*")) return read_path_field(scan);
    scan->at++;
    return add_step(scan, BERM_STEP_VALUES, BERM_STR(""));
}

/* [*], [] or ['a name with dots'] */
static bool read_path_bracket(path_scan *scan)
{
    size_t from = scan->at;
    if (path_goes_on(scan, "[*]")) {
        scan->at += 3;
        return add_step(scan, BERM_STEP_ELEMENTS, BERM_STR(""));
    }
    if (path_goes_on(scan, "[]")) {
        scan->at += 2;
        return add_step(scan, BERM_STEP_CHILDREN, BERM_STR(""));
    }
    if (!path_goes_on(scan, "['"))
        return fault_path(scan, from, "[*], [] or ['name'] is expected here");
    size_t start = from + 2, end = start;
    while (end < scan->text.len && scan->text.ptr[end] != '\'') end++;
    scan->at = end;
    if (end == start || !path_goes_on(scan, "']")) {
        return fault_path(scan, from, "[*] or ['name'] is expected here");
    }
    scan->at += 2;
    return add_step(scan, BERM_STEP_FIELD, berm_str_cut(scan->text, start, end));
}

static bool open_path_group(path_scan *scan)
{
    if (scan->group_count == PATH_GROUPS_MAX) {
        return fault_path(scan, scan->at, "groups are nested too deep");
    }
    scan->groups[scan->group_count++] = scan->out->count;
    if (!add_step(scan, BERM_STEP_GROUP, BERM_STR(""))) return false;
    scan->at++;
    return true;
}

/* A group repeats what is in it, so it must move: something of its own, not only groups that may
   be left out. */
static bool moves_on(const berm_path *path, uint32_t start)
{
    uint32_t depth = 0;
    for (uint32_t i = start + 1; i < path->count; i++) {
        uint32_t kind = path->steps[i].kind;
        if (kind == BERM_STEP_GROUP) depth++;
        else if (kind == BERM_STEP_GROUP_END) depth--;
        else if (depth == 0) return true;
    }
    return false;
}

static bool close_path_group(path_scan *scan)
{
    if (scan->group_count == 0) return fault_path(scan, scan->at, "this ) closes nothing");
    if (!path_goes_on(scan, ")*")) {
        return fault_path(scan, scan->at, "a group repeats: write )* behind it");
    }
    uint32_t start = scan->groups[--scan->group_count];
    if (!moves_on(scan->out, start)) return fault_path(scan, scan->at, "the group is empty");
    if (!add_step(scan, BERM_STEP_GROUP_END, BERM_STR(""))) return false;
    scan->out->steps[start].jump = scan->out->count - 1;
    scan->out->steps[scan->out->count - 1].jump = start;
    scan->at += 2;
    return true;
}

static bool read_path_step(path_scan *scan)
{
    switch (scan->text.ptr[scan->at]) {
    case '[': return read_path_bracket(scan);
    case '(': return open_path_group(scan);
    case ')': return close_path_group(scan);
    case '.': scan->at++; return read_path_name(scan);
    default: break;
    }
    if (scan->at > 0) return fault_path(scan, scan->at, "a dot, [*], ( or ) is expected here");
    return read_path_name(scan);
}

bool berm_path_read(berm_build *build, const berm_expr *text, berm_path *out)
{
    path_scan scan = {.build = build, .source = text, .text = text->text, .out = out};
    out->count = 0;
    if (berm_str_is(scan.text, ".")) return true; /* the document itself */
    while (scan.at < scan.text.len) {
        if (!read_path_step(&scan)) return false;
    }
    if (scan.group_count)
        return fault_path(&scan, scan.text.len, "a group is not closed: )* is missing");
    return true;
}
