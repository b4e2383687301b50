#include "cli.h"

/* berm lint --effective: what the set's guardrails came to, and who said so. */
int run_effective(const options *o)
{
    const path_list *paths = o->policies.count ? &o->policies : &o->inputs;
    if (!o->effective || !paths->count) {
        fprintf(stderr, "berm: lint --effective takes policy files or directories\n");
        return EXIT_USAGE;
    }
    berm_engine *engine = make_engine(o);
    berm_policy *policy = NULL;
    berm_sink sink = {write_stream, stdout};
    berm_error err = {0};
    if (!engine) return EXIT_BROKEN;
    int code = compile_set(engine, o, paths, 0, &policy);
    if (!code && berm_policy_effective(policy, o->outputs[0].format, &sink, &err)) {
        print_error("the policies", &err);
        code = EXIT_BROKEN;
    }
    berm_policy_unref(policy);
    berm_engine_unref(engine);
    return code;
}
