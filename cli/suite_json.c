/* tests.json: a list of {name, object or template, edits, expected}. The policies come with -p. */
#include "suite.h"

#include <string.h>

/* The worst verdict of all: what a test says is about its object as a whole. A warning is a
   failure that does not deny. */
static berm_str find_outcome(const judged *j)
{
    bool fail = false, warn = false, error = false, pass = false;
    const berm_finding *f;
    for (size_t i = 0; (f = suite_finding(j, i)) != NULL; i++) {
        bool advisory = f->enforcement == BERM_ENFORCEMENT_ADVISORY;
        fail |= f->verdict == BERM_VERDICT_FAIL && !advisory;
        warn |= f->verdict == BERM_VERDICT_FAIL && advisory;
        error |= f->verdict == BERM_VERDICT_ERROR;
        pass |= f->verdict == BERM_VERDICT_PASS;
    }
    return fail    ? (berm_str){"fail", 4}
           : error ? (berm_str){"error", 5}
           : warn  ? (berm_str){"warn", 4}
           : pass  ? (berm_str){"pass", 4}
                   : (berm_str){"skip", 4};
}

/* The object that a test is about: as it is written, or that of a file beside it. */
static berm_doc *make_object(suite *s, berm_value test)
{
    berm_value object = value_member(test, "object"), edits = value_member(test, "edits");
    berm_str file = value_text(value_member(test, "template"));
    if (!edits.store) edits = value_member(test, "field_change_list");
    if (object.store) return edit_document(s, object, edits);
    path_list paths = {0};
    berm_doc *doc = NULL, *edited = NULL;
    berm_error err = {0};
    if (file.len == 0)
        fprintf(stderr, "berm: %s: a test needs an object, or a template to take it from\n",
                s->file);
    else if (suite_add_path(s, &paths, file) &&
             !parse_document(s->engine, paths.items[0], use_color(s->o, stderr), &doc, &err))
        edited = edit_document(s, berm_doc_root(doc, 0), edits);
    berm_doc_unref(doc);
    free_paths(&paths);
    return edited;
}

static void run_one(suite *s, const berm_policy *policy, berm_value test)
{
    const path_list none = {0};
    judged j = {0};
    berm_str got = suite_nothing;
    berm_doc *object = make_object(s, test);
    if (object && suite_judge(s, policy, &none, object, &j)) got = find_outcome(&j);
    suite_note(s, (berm_str){"test", 4}, value_text(value_member(test, "name")),
               value_text(value_member(test, "expected")), got);
    suite_drop(&j);
    berm_doc_unref(object);
}

void suite_run_json(suite *s, berm_value root)
{
    berm_policy *policy = NULL;
    if (!s->o->policies.count) {
        fprintf(stderr, "berm: test --format json needs policies (-p)\n");
        s->worst = EXIT_USAGE;
        return;
    }
    s->worst = compile_policies(s->engine, &s->o->policies, &policy);
    for (uint64_t i = 0; policy && i < value_count(root); i++)
        run_one(s, policy, value_element(root, i));
    berm_policy_unref(policy);
}
