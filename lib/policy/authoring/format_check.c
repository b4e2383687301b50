/* Nothing is trusted that formatting did: what it made is read again, and has to say the same. */
#include "policy/authoring/format.h"

/* Policies are written by people: what is nested deeper is no policy. */
#define FORMAT_DEPTH_MAX 100u

typedef struct format_compare {
    const berm_alloc *alloc;
    bool failed; /* memory ended */
} format_compare;

static bool is_same_expression(format_compare *compare, berm_str a, berm_str b)
{
    berm_ast x, y;
    berm_ast_init(&x, compare->alloc);
    berm_ast_init(&y, compare->alloc);
    berm_status first = berm_cel_parse(&x, a, NULL, NULL, NULL);
    berm_status second = berm_cel_parse(&y, b, NULL, NULL, NULL);
    bool same = !first && !second && berm_ast_equal(&x, x.root, &y, y.root);
    compare->failed |= first == BERM_E_NOMEM || second == BERM_E_NOMEM;
    berm_ast_free(&x);
    berm_ast_free(&y);
    return same;
}

static bool agree_scalars(format_compare *compare, berm_part a, berm_part b)
{
    if (berm_part_is(a, BERM_TAG_STRING) && berm_part_is(b, BERM_TAG_STRING))
        return berm_str_equal(berm_part_text(a), berm_part_text(b)) ||
               is_same_expression(compare, berm_part_text(a), berm_part_text(b));
    if (a.cell->tag == b.cell->tag) return berm_str_equal(berm_part_source(a), berm_part_source(b));
    return berm_part_is(b, BERM_TAG_STRING) &&
           berm_str_equal(berm_part_source(a), berm_part_text(b));
}

static bool is_same_part(format_compare *compare, berm_part a, berm_part b)
{
    bool map = berm_part_is(a, BERM_TAG_MAP), list = berm_part_is(a, BERM_TAG_LIST);
    if (!map && !list) return agree_scalars(compare, a, b);
    if (a.cell->tag != b.cell->tag || berm_part_count(a) != berm_part_count(b)) return false;
    for (uint32_t i = 0; i < berm_part_count(a); i++) {
        if (map && !berm_str_equal(berm_part_text(berm_part_key_at(a, i)),
                                   berm_part_text(berm_part_key_at(b, i))))
            return false;
        bool same =
            map ? is_same_part(compare, berm_part_value_at(a, i), berm_part_value_at(b, i))
                : is_same_part(compare, berm_part_element_at(a, i), berm_part_element_at(b, i));
        if (!same) return false;
    }
    return true;
}

berm_status berm_format_read(const berm_format_terms *terms, berm_str text, berm_policy_file *file,
                             berm_diags *diags, berm_error *err)
{
    *file = (berm_policy_file){.name = terms->name, .text = text};
    file->diag_source = berm_diags_source(diags, terms->name, text);
    berm_limits limits = *terms->limits;
    if (limits.depth > FORMAT_DEPTH_MAX) limits.depth = FORMAT_DEPTH_MAX;
    berm_read read = {.alloc = terms->alloc,
                      .limits = &limits,
                      .name = terms->name,
                      .text = text,
                      .format = BERM_FORMAT_YAML,
                      .diags = diags};
    return berm_doc_read(&read, &file->doc, err);
}

berm_status berm_format_check(const berm_format_terms *terms, const berm_policy_file *file,
                              berm_str made, berm_error *err)
{
    berm_policy_file again;
    berm_status status = berm_format_read(terms, made, &again, NULL, err);
    if (status) return status == BERM_E_SYNTAX ? BERM_E_INTERNAL : status;
    format_compare compare = {terms->alloc, false};
    bool same = file->doc->root_count == again.doc->root_count;
    for (uint32_t i = 0; same && i < file->doc->root_count; i++)
        same = is_same_part(&compare, (berm_part){file, &file->doc->roots[i]},
                            (berm_part){&again, &again.doc->roots[i]});
    berm_doc_drop(again.doc);
    if (compare.failed)
        return berm_error_set(err, BERM_E_NOMEM, BERM_D_NOMEM, "an allocation failed");
    return same ? BERM_OK
                : berm_error_set(err, BERM_E_INTERNAL, BERM_D_INTERNAL,
                                 "the file would not mean the same once formatted");
}
