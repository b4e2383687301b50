#include "machine.h"

#include "data/builder.h"
#include "data/doc.h"
#include "data/limits.h"
#include "vm/fused/fused.h"

#include <stdio.h>
#include <stdlib.h>

/* --- compiling --- */

static berm_status compile(machine *m, berm_codegen *gen, const berm_ast *ast, const world *w)
{
    berm_binding bindings[WORLD_MAX];
    for (uint32_t i = 0; i < w->count; i++)
        bindings[i] = (berm_binding){berm_str_of(w->at[i].name), BERM_BIND_SLOT, i};
    berm_scope scope = {.bindings = bindings,
                        .count = (uint32_t)w->count,
                        .container = berm_str_of(w->container),
                        .unchecked = true};
    berm_img_source source = {berm_codegen_text(gen, BERM_STR("model"))};
    berm_expr_origin origin = {0, 1, 1, NULL};
    if (!berm_array_push(gen->alloc, &gen->sources, source)) return BERM_E_NOMEM;
    berm_status status = berm_lower(gen, ast, &scope, &origin, &m->block);
    if (status == BERM_OK) status = berm_codegen_link(gen, &m->bytes, &m->len);
    if (status == BERM_OK) {
        status = berm_image_open(&berm_alloc_libc, m->bytes, m->len, &m->image, NULL);
    }
    return status;
}

void machine_begin(machine *m, const berm_ast *ast, const world *w)
{
    berm_codegen gen;
    berm_limits limits = berm_limits_resolve(NULL);
    *m = (machine){.diags = berm_diags_new(&berm_alloc_libc)};
    berm_vm_init(&m->vm, &berm_alloc_libc, &limits);
    m->vm.cost_limit = UINT64_MAX;
    berm_codegen_init(&gen, &berm_alloc_libc, m->diags);
    m->status = compile(m, &gen, ast, w);
    berm_codegen_free(&gen);
    if (m->status == BERM_OK) m->status = berm_vm_bind(&m->vm, &m->image);
}

void machine_end(machine *m)
{
    berm_vm_free(&m->vm);
    berm_mem_free(&berm_alloc_libc, m->bytes, m->len);
    berm_diags_drop(m->diags);
}

void machine_reload(machine *m)
{
    unsigned char *bytes = berm_mem_new(&berm_alloc_libc, m->len);
    if (m->status != BERM_OK || !bytes) return;
    memcpy(bytes, m->bytes, m->len);
    memset(m->bytes, 0xa5, m->len);
    berm_mem_free(&berm_alloc_libc, m->bytes, m->len);
    m->bytes = bytes;
    m->status = berm_image_open(&berm_alloc_libc, m->bytes, m->len, &m->image, NULL);
    if (m->status == BERM_OK) m->status = berm_vm_bind(&m->vm, &m->image);
}

/* --- values into documents --- */

static berm_cell cell_of(const value *v)
{
    switch (v->kind) {
    case V_BOOL: return berm_cell_bool(v->b);
    case V_INT: return berm_cell_int(v->i);
    case V_UINT: return berm_cell_uint(v->u);
    case V_DOUBLE: return berm_cell_double(v->d);
    case V_STRING: return berm_cell_of(BERM_TAG_STRING);
    case V_BYTES: return berm_cell_of(BERM_TAG_BYTES);
    case V_TIME:
        return (berm_cell){.tag = BERM_TAG_TIMESTAMP,
                           .aux = (uint32_t)v->time.nanos,
                           .as.i = v->time.sec};
    case V_DURATION: return (berm_cell){.tag = BERM_TAG_DURATION, .as.i = v->i};
    default: return berm_cell_of(BERM_TAG_NULL); /* an unknown is laid over it */
    }
}

static berm_str text_of(const value *v)
{
    bool text = v->kind == V_STRING || v->kind == V_BYTES;
    return text ? v->text : (berm_str){"", 0};
}

static bool build_value(berm_builder *b, const value *v)
{
    if (v->kind != V_LIST && v->kind != V_MAP)
        return berm_build_value(b, cell_of(v), text_of(v)) == BERM_OK;
    if (berm_build_open(b, v->kind == V_LIST ? BERM_TAG_LIST : BERM_TAG_MAP) != BERM_OK)
        return false;
    for (size_t i = 0; i < v->count; i++) {
        const value *part = v->items[i];
        bool key = v->kind == V_MAP && i % 2 == 0;
        if (key && berm_build_key(b, cell_of(part), text_of(part)) != BERM_OK) return false;
        if (!key && !build_value(b, part)) return false;
    }
    return berm_build_close(b) == BERM_OK;
}

/* True where there is an unknown; maps and lists on the way there; false elsewhere. */
static bool build_mask(berm_builder *b, const value *v)
{
    bool inside = (v->kind == V_LIST || v->kind == V_MAP) && holds_unknown(v);
    if (!inside)
        return berm_build_value(b, berm_cell_bool(v->kind == V_UNKNOWN), (berm_str){"", 0}) ==
               BERM_OK;
    if (berm_build_open(b, v->kind == V_LIST ? BERM_TAG_LIST : BERM_TAG_MAP) != BERM_OK)
        return false;
    for (size_t i = 0; i < v->count; i++) {
        const value *part = v->items[i];
        bool key = v->kind == V_MAP && i % 2 == 0;
        if (key && berm_build_key(b, cell_of(part), text_of(part)) != BERM_OK) return false;
        if (!key && !build_mask(b, part)) return false;
    }
    return berm_build_close(b) == BERM_OK;
}

/* A list of what `build` makes of each variable; NULL when it cannot be built. */
static berm_doc *build_doc(const world *w, bool (*build)(berm_builder *, const value *))
{
    berm_builder b;
    berm_doc *doc = NULL;
    berm_limits limits = berm_limits_resolve(NULL);
    if (berm_build_begin(&b, &berm_alloc_libc, &limits, BERM_STR("model"), true) != BERM_OK)
        return NULL;
    bool built = berm_build_open(&b, BERM_TAG_LIST) == BERM_OK;
    for (size_t i = 0; i < w->count && built; i++) built = build(&b, w->at[i].value);
    built = built && berm_build_close(&b) == BERM_OK;
    if (!built || berm_build_end(&b, &doc, NULL) != BERM_OK) {
        if (!built) berm_build_free(&b);
        return NULL;
    }
    return doc;
}

static berm_cell add_doc(berm_space *space, const berm_doc *doc)
{
    berm_cell root = doc->roots[0];
    root.store = berm_space_add(space, &doc->store);
    return root;
}

static bool has_unknowns(const world *w)
{
    bool any = false;
    for (size_t i = 0; i < w->count; i++) any = any || holds_unknown(w->at[i].value);
    return any;
}

/* --- results into values --- */

static const value *read_cell(heap *h, const berm_space *space, berm_cell c);

static const value *read_parts(heap *h, const berm_space *space, berm_cell c)
{
    items parts = {0};
    for (uint32_t i = 0; i < c.as.ref.len; i++) {
        if (c.tag == BERM_TAG_MAP) {
            items_push(h, &parts, read_cell(h, space, berm_map_key_at(space, c, i)));
            items_push(h, &parts, read_cell(h, space, berm_map_value_at(space, c, i)));
        } else {
            berm_cell child = berm_children_of(space, c)[i];
            items_push(h, &parts, read_cell(h, space, berm_cell_in(c, child)));
        }
    }
    if (c.tag == BERM_TAG_LIST || c.tag == BERM_TAG_MAP) {
        const value *whole = c.tag == BERM_TAG_MAP ? make_map(h, parts.at, parts.count)
                                                   : make_list(h, parts.at, parts.count);
        return c.flags & BERM_CELL_OPEN ? make_more(h, whole) : whole;
    }
    return make_optional(h, parts.count ? parts.at[0] : NULL);
}

static const value *read_cell(heap *h, const berm_space *space, berm_cell c)
{
    switch (c.tag) {
    case BERM_TAG_NULL: return make_null();
    case BERM_TAG_BOOL: return make_bool(c.as.u != 0);
    case BERM_TAG_INT: return make_int(h, c.as.i);
    case BERM_TAG_UINT: return make_uint(h, c.as.u);
    case BERM_TAG_DOUBLE: return make_double(h, c.as.d);
    case BERM_TAG_STRING: return make_string(h, berm_text_of(space, c));
    case BERM_TAG_BYTES: return make_bytes(h, berm_text_of(space, c));
    case BERM_TAG_TIMESTAMP: return make_time(h, c.as.i, (int32_t)c.aux);
    case BERM_TAG_DURATION: return make_duration(h, c.as.i);
    case BERM_TAG_LIST:
    case BERM_TAG_MAP:
    case BERM_TAG_OPTIONAL: return read_parts(h, space, c);
    case BERM_TAG_TYPE: return make_type(h, berm_type_name((berm_type_id)c.as.u));
    case BERM_TAG_UNKNOWN: return make_unknown();
    case BERM_TAG_ERROR: return make_error(h, berm_error_name(berm_error_code_of(c)));
    default: return make_error(h, "a value of no known kind");
    }
}

/* --- running --- */

/* Runs the block; as a graph of tests, too, where the library makes one of it: that says the same
   at the same cost. */
static berm_status run_both(machine *m, berm_cell *got, bool *differs)
{
    berm_vm *vm = &m->vm;
    bool truth = false, said = false;
    uint64_t cost = 0, fuel = vm->space.fuel, spent = 0;
#if BERM_PART_FUSED
    for (unsigned turn = 0; turn < 2; turn++) { /* patterns are compiled in the first */
        said = berm_fused_decide(vm, m->block, &truth);
        cost = vm->cost;
        spent = fuel - vm->space.fuel;
        vm->space.fuel = fuel;
    }
#endif
    berm_status status = berm_vm_run(vm, m->block, got);
    *differs = said && (status != BERM_OK || got->tag != BERM_TAG_BOOL || got->as.u != truth ||
                        got->flags & BERM_CELL_SENSITIVE || vm->cost != cost ||
                        fuel - vm->space.fuel != spent);
    m->graph = said;
    return status;
}

const value *machine_run(machine *m, heap *h, const world *w, berm_status *status, uint64_t *cost)
{
    berm_limits limits = berm_limits_resolve(NULL);
    berm_doc *doc = build_doc(w, build_value),
             *mask = has_unknowns(w) ? build_doc(w, build_mask) : NULL;
    const value *result = make_error(h, "");
    berm_cell got;
    *status =
        doc && (mask || !has_unknowns(w)) ? berm_vm_begin(&m->vm, limits.fuel) : BERM_E_ARGUMENT;
    if (*status == BERM_OK) {
        berm_space *space = &m->vm.space;
        berm_cell root = add_doc(space, doc);
        if (mask) root = berm_overlay(space, root, add_doc(space, mask), BERM_MARK_UNKNOWN);
        for (uint32_t i = 0; i < w->count; i++) m->vm.slots[i] = berm_list_at(space, root, i);
        bool differs;
        *status = run_both(m, &got, &differs);
        if (differs) result = make_error(h, "the graph says something else");
        else if (*status == BERM_OK) result = read_cell(h, space, got);
        *cost = m->vm.cost;
    }
    berm_doc_drop(doc);
    berm_doc_drop(mask);
    return result;
}
