/* berm fmt: policies in one form. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

static int use_formatted(const options *o, const berm_source *source, const kept_text *f,
                         size_t *changed)
{
    bool input = source->name.len == 1 && source->name.ptr[0] == '-';
    bool same = f->len == source->text.len &&
                (f->len == 0 || memcmp(f->text, source->text.ptr, f->len) == 0);
    if (input && !o->check_only) {
        bool written =
            (f->len == 0 || fwrite(f->text, 1, f->len, stdout) == f->len) && fflush(stdout) == 0;
        return written ? EXIT_PASSED : EXIT_BROKEN;
    }
    if (same) return EXIT_PASSED;
    ++*changed;
    if (o->check_only || o->verbose) printf("%s\n", source->name.ptr);
    return o->check_only ? EXIT_PASSED
                         : replace_file(source->name.ptr, (berm_str){f->text, f->len});
}

static int format_one(const options *o, berm_engine *engine, const berm_source *source,
                      size_t *changed)
{
    kept_text f = {0};
    const berm_sink sink = {keep_text, &f};
    berm_diags *diags;
    berm_error err = {0};
    size_t count;
    int code = EXIT_USAGE;
    berm_status status = berm_policy_format(engine, source, &sink, &diags, &err);
    berm_diags_items(diags, &count);
    if (!status) code = use_formatted(o, source, &f, changed);
    else if (count) print_diags(diags, use_color(o, stderr));
    else print_error(source->name.ptr, &err);
    berm_diags_free(diags);
    free(f.text);
    return code;
}

int run_fmt(const options *o)
{
    const path_list *paths = o->policies.count ? &o->policies : &o->inputs;
    size_t changed = 0;
    if (!paths->count) {
        fprintf(stderr, "berm: fmt needs policy files, directories or -\n");
        return EXIT_USAGE;
    }
    berm_engine *engine = make_engine(o);
    if (!engine) return EXIT_BROKEN;
    source_list list;
    int worst = open_sources(o, paths, &list);
    if (!worst) worst = refuse_image(&list, "fmt");
    for (size_t i = 0; i < list.count && (!worst || i); i++) {
        int code = format_one(o, engine, &list.items[i], &changed);
        if (code > worst) worst = code;
    }
    close_sources(&list);
    berm_engine_unref(engine);
    return worst ? worst : o->check_only && changed ? EXIT_VIOLATED : EXIT_PASSED;
}
