#include "cli.h"

#include <stdlib.h>
#include <string.h>

static bool add_source(source_list *list, const char *path, uint32_t role)
{
    if (list->count == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 32;
        berm_source *items = realloc(list->items, cap * sizeof *items);
        if (!items) return false;
        list->items = items;
        list->cap = cap;
    }
    size_t len;
    char *text = read_file(path, &len);
    if (!text) return false;
    list->items[list->count++] = (berm_source){.size = sizeof(berm_source),
                                               .name = {path, strlen(path)},
                                               .text = {text, len},
                                               .role = role};
    return true;
}

/* The files that `paths` name. */
static bool add_sources(source_list *list, const path_list *paths, uint32_t role)
{
    for (size_t i = 0; i < paths->count; i++) {
        path_list found = {0};
        bool added = expand_path(&found, paths->items[i], policy_endings);
        for (size_t k = 0; k < found.count && added; k++) {
            added = add_path(&list->files, found.items[k]) &&
                    add_source(list, list->files.items[list->files.count - 1], role);
        }
        free_paths(&found);
        if (!added) return false;
    }
    return true;
}

static int compile_sources(berm_engine *engine, const options *o, const source_list *list,
                           uint32_t flags, berm_policy **out)
{
    berm_compile_input input = {.size = sizeof input,
                                .sources = list->items,
                                .source_count = list->count,
                                .flags = flags};
    if (o->profile) input.profile = (berm_str){o->profile, strlen(o->profile)};
    berm_diags *diags;
    berm_error err = {0};
    berm_status status = berm_policy_compile(engine, &input, out, &diags, &err);
    print_diags(diags, use_color(o, stderr));
    if (status && status != BERM_E_POLICY) print_error("policies", &err);
    berm_diags_free(diags);
    if (!status) return EXIT_PASSED;
    return status == BERM_E_POLICY ? EXIT_USAGE : EXIT_BROKEN;
}

int open_sources(const options *o, const path_list *paths, source_list *list)
{
    *list = (source_list){0};
    return add_sources(list, paths, BERM_ROLE_POLICY) &&
                   add_sources(list, &o->parameter_files, BERM_ROLE_PARAMETERS) &&
                   add_sources(list, &o->waiver_files, BERM_ROLE_WAIVERS)
               ? EXIT_PASSED
               : EXIT_USAGE;
}

void close_sources(source_list *list)
{
    for (size_t i = 0; i < list->count; i++) free((char *)(uintptr_t)list->items[i].text.ptr);
    free(list->items);
    free_paths(&list->files);
}

int compile_set(berm_engine *engine, const options *o, const path_list *paths, uint32_t flags,
                berm_policy **out)
{
    source_list list;
    *out = NULL;
    int code = open_sources(o, paths, &list);
    if (!code && (o->verify_key || find_image(&list))) code = load_image(engine, o, &list, out);
    else if (!code) code = compile_sources(engine, o, &list, flags, out);
    close_sources(&list);
    return code;
}

int compile_policies(berm_engine *engine, const path_list *paths, berm_policy **out)
{
    const options plain = {0};
    return compile_set(engine, &plain, paths, 0, out);
}
