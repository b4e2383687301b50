#include "policy/runner.h"

#include "base/hash.h"
#include "policy/governance/waivers.h"
#include "vm/exec.h"
#if BERM_PART_FORMATS
#include "policy/formats/tags.h"
#endif

/* --- places --- */

/* The innermost node of a YAML document that starts at `off`, found by going down from the root:
   spans nest, but for aliases, whose children lie at their anchor; those are met there. */
static const berm_cell *find_node_at(const berm_doc *doc, const berm_cell *node, uint32_t off,
                                     uint32_t depth)
{
    while (depth--) {
        if (node->aux == off && node->tag != BERM_TAG_LIST && node->tag != BERM_TAG_MAP)
            return node;
        uint32_t step = node->tag == BERM_TAG_MAP ? 2 : 1;
        if (node->tag != BERM_TAG_LIST && node->tag != BERM_TAG_MAP) return NULL;
        const berm_cell *children = doc->store.cells + node->as.ref.off, *best = NULL;
        for (uint32_t i = 0; i < node->as.ref.len; i++) {
            const berm_cell *child = &children[i * step + step - 1];
            if (child->aux <= off && doc->ends[child - doc->store.cells] > off &&
                (!best || child->aux > best->aux))
                best = child;
        }
        if (!best) return node->aux == off ? node : NULL;
        if (best->aux == off) return best;
        node = best;
    }
    return NULL;
}

static berm_span find_span(const berm_doc *doc, berm_cell witness)
{
    if (doc->ends)
        for (uint32_t i = 0; i < doc->root_count; i++) {
            const berm_cell *node = find_node_at(doc, &doc->roots[i], witness.aux, 1024);
            if (node) return berm_doc_span(doc, node);
        }
    return doc->ends ? (berm_span){witness.aux, 0} : berm_doc_span(doc, &witness);
}

/* A node of a document that this run reads, not a computed value. */
static bool is_document_node(const berm_runner *runner, berm_cell c)
{
    if (c.aux == BERM_NO_SPAN || c.store <= BERM_STORE_IMAGE || c.tag == BERM_TAG_MISSING ||
        c.tag == BERM_TAG_ERROR || c.tag == BERM_TAG_TIMESTAMP || c.tag == BERM_TAG_OBJECT)
        return false;
    return c.store < runner->vm.space.store_count;
}

/* Of this resource's document; one that it is compared with is another. */
static bool is_own_node(const berm_runner *runner, const berm_resource *r, berm_cell c)
{
#if BERM_PART_GOVERNANCE
    if (runner->before.active && c.store != runner->docs.items[r->input].store) return false;
#else
    (void)r;
#endif
    return is_document_node(runner, c);
}

static bool pick_place(const berm_runner *runner, const berm_verdict_in *in, berm_cell *place)
{
    const berm_resource *r = in->resource;
    bool own = !r->joined; /* nodes of other documents are nowhere in this one */
    if (own && is_own_node(runner, r, in->witness)) return *place = in->witness, true;
    if (own && is_own_node(runner, r, in->element)) return *place = in->element, true;
    for (; r; r = r->parent) {
        if (is_own_node(runner, r, r->item)) return *place = r->item, true;
        if (is_own_node(runner, r, r->object)) return *place = r->object, true;
    }
    return false;
}

/* The text around the place that may be shown: the entry of the resource, if the place is in it,
   and nothing that is another's. */
static void place_entry(berm_runner *runner, const berm_resource *r, berm_cell at, berm_finding *f)
{
    berm_run_doc *d = &runner->docs.items[r->input];
    while (r->parent && r->parent->input == r->input) r = r->parent;
    f->entry = f->span;
    if (is_document_node(runner, r->item)) {
        const berm_cell *last = &d->entry_item;
        if (last->tag != r->item.tag || last->aux != r->item.aux || last->as.u != r->item.as.u) {
            d->entry_item = r->item;
            d->entry = find_span(d->doc, r->item);
        }
        f->entry = d->entry;
    }
    uint64_t end = f->entry.off + f->entry.len;
    if (f->span.off >= f->entry.off && f->span.off + f->span.len <= end) return;
    f->entry = f->span;
    if (at.tag == BERM_TAG_LIST || at.tag == BERM_TAG_MAP) f->flags |= BERM_FINDING_SENSITIVE;
}

static void place_finding(berm_runner *runner, const berm_verdict_in *in, berm_finding *f)
{
    berm_cell at;
    uint32_t input = in->resource->input;
    f->source = input;
    if (!runner->run || input >= runner->docs.count || !pick_place(runner, in, &at)) return;
    berm_run_doc *d = &runner->docs.items[input];
    if (in->resource->sensitive || at.flags & BERM_CELL_SENSITIVE)
        f->flags |= BERM_FINDING_SENSITIVE;
    if (!d->doc->text.len) return;
    f->span = find_span(d->doc, at);
    place_entry(runner, in->resource, at, f);
    berm_lines_locate(&d->lines, runner->alloc, (size_t)f->span.off, &f->line, &f->column);
    berm_lines_locate(&d->lines, runner->alloc, (size_t)(f->span.off + f->span.len), &f->end_line,
                      &f->end_column);
}

/* --- texts --- */

static bool keep_text(berm_runner *runner, berm_str text, berm_str *out)
{
    if (!text.len) return *out = BERM_STR(""), true;
    return berm_arena_copy(&runner->texts, text, out);
}

static void write_why(berm_runner *runner, const berm_verdict_in *in)
{
    const berm_image *image = &runner->policy->image;
    berm_text *out = &runner->message;
    out->len = 0;
    if (in->verdict == BERM_VERDICT_ERROR && in->result.tag != BERM_TAG_MISSING) {
        if (in->message.len) berm_text_format(out, "%S: ", in->message);
        if (in->result.tag == BERM_TAG_ERROR) {
            berm_error_print(out, &runner->vm.space, in->result, true);
        } else {
            berm_text_put(out, BERM_STR("the expression must give a bool, not "));
            berm_text_put(out, berm_str_of(berm_type_name(berm_type_of(in->result))));
        }
    } else if (in->message.len) {
        berm_text_put(out, in->message);
    } else if (in->rule != BERM_NO_ROW && in->verdict != BERM_VERDICT_PASS) {
        const berm_img_block *block = &image->blocks[image->rules[in->rule].block];
        bool unknown = in->verdict == BERM_VERDICT_UNKNOWN;
        berm_text_put(out, unknown ? BERM_STR("not known yet: ") : BERM_STR("does not hold: "));
        if (block->root != BERM_NO_ROW)
            berm_text_put(out, berm_image_text(image, image->roots[block->root].text));
    }
}

static bool write_path(berm_runner *runner, const berm_verdict_in *in, berm_str *out)
{
    if (in->element_key.tag == BERM_TAG_MISSING) return keep_text(runner, BERM_STR(""), out);
    berm_text text = berm_vm_text(&runner->vm);
    berm_cell key = in->element_key;
    /* the element of a list of names is told by its name, which stays when the list is reordered */
    if (key.tag != BERM_TAG_STRING && in->element.tag == BERM_TAG_STRING &&
        !(in->element.flags & BERM_CELL_SENSITIVE))
        key = in->element;
    if (key.flags & BERM_CELL_SENSITIVE) berm_text_put(&text, BERM_STR("(sensitive)"));
    else if (key.tag == BERM_TAG_STRING) berm_text_put(&text, berm_text_of(&runner->vm.space, key));
    else berm_value_print(&text, &runner->vm.space, key, true);
    bool kept = !text.failed && keep_text(runner, berm_text_view(&text), out);
    berm_vm_keep_text(&runner->vm, &text);
    return kept;
}

/* The finding's identity: no line, no message, so it stays the same when the text around it
   moves. */
static bool write_fingerprint(berm_runner *runner, berm_finding *f, berm_str target)
{
    static const char digits[] = "0123456789abcdef";
    const berm_str parts[] = {f->guardrail, f->validation, target, f->address, f->path};
    unsigned char digest[32];
    char hex[32];
    berm_sha256 h;
    berm_sha256_init(&h);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        berm_sha256_put(&h, parts[i].ptr, parts[i].len);
        berm_sha256_put(&h, "", 1);
    }
    berm_sha256_end(&h, digest);
    for (size_t i = 0; i < 16; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    return keep_text(runner, (berm_str){hex, sizeof hex}, &f->fingerprint);
}

/* Errors are Invalid, whatever the validation says, as Kubernetes answers. */
static berm_str find_reason(const berm_img_rule *rule, const berm_image *image, uint32_t verdict)
{
    berm_str reason = berm_image_text(image, rule->reason);
    if (verdict == BERM_VERDICT_PASS || verdict == BERM_VERDICT_SKIPPED) return BERM_STR("");
    return verdict == BERM_VERDICT_ERROR && reason.len ? BERM_STR("Invalid") : reason;
}

static bool fill_texts(berm_runner *runner, const berm_verdict_in *in, berm_finding *f)
{
    const berm_image *image = &runner->policy->image;
    berm_str target = BERM_STR("");
    if (in->resource->target != BERM_NO_ROW)
        target = berm_image_text(image, image->targets[in->resource->target].name);
    f->guardrail = f->waiver = f->tags = BERM_STR("");
    if (in->guardrail != BERM_NO_ROW)
        f->guardrail = berm_image_text(image, image->guardrails[in->guardrail].id);
    f->validation = f->reason = BERM_STR("");
    if (in->rule != BERM_NO_ROW) {
        f->validation = berm_image_text(image, image->rules[in->rule].name);
        if (BERM_PART_DIALECTS)
            f->reason = find_reason(&image->rules[in->rule], image, in->verdict);
    }
    write_why(runner, in);
    if (runner->message.failed) return false;
    return keep_text(runner, in->resource->kind, &f->kind) &&
           keep_text(runner, in->resource->address, &f->address) &&
           keep_text(runner, berm_text_view(&runner->message), &f->message) &&
           write_path(runner, in, &f->path) && write_fingerprint(runner, f, target) &&
#if BERM_PART_FORMATS
           berm_finding_keep_tags(runner, in->resource, f) &&
#endif
           (!in->decider || berm_witness_write(runner, in->decider - 1, f)) &&
           keep_text(runner,
                     in->explained && !in->aside ? berm_text_view(&runner->explanation)
                                                 : BERM_STR(""),
                     &f->explanation);
}

/* --- counting and keeping --- */

static void count_verdict(berm_summary *summary, const berm_verdict_in *in, uint32_t enforcement)
{
    summary->verdicts[in->verdict]++;
    summary->cost += in->cost;
    bool counts = in->verdict == BERM_VERDICT_FAIL || in->verdict == BERM_VERDICT_ERROR;
    if (counts && enforcement != BERM_ENFORCEMENT_ADVISORY) summary->denied = 1;
}

static bool is_kept(const berm_runner *runner, uint32_t verdict)
{
    if (verdict == BERM_VERDICT_PASS || verdict == BERM_VERDICT_SKIPPED)
        return runner->run && (runner->run->flags & BERM_RUN_PASSES);
    return true;
}

#if BERM_PART_GOVERNANCE
/* Waivers that match a fail may lift it; whether they are too many is asked at the end of the run
   (berm_waivers_settle). */
static bool lift_finding(berm_runner *runner, const berm_verdict_in *in, berm_finding *f)
{
    berm_waivable about = {f, BERM_STR(""), in->guardrail, runner->vm.now};
    uint32_t input = in->resource->input;
    if (!runner->run) return true;
    if (input < runner->docs.count) about.document = runner->docs.items[input].doc->name;
    if (!berm_waivers_match(&runner->policy->image, &about, &runner->texts, &runner->message,
                            &f->waivers, &f->waiver_count))
        return false;
    if (f->waiver_count) berm_waivers_pick(f);
    return true;
}
#endif

berm_status berm_finding_add(berm_runner *runner, const berm_verdict_in *in)
{
    const berm_image *image = &runner->policy->image;
    berm_decision *decision = &runner->decision;
    uint32_t severity = BERM_SEVERITY_HIGH, enforcement = BERM_ENFORCEMENT_HARD_MANDATORY;
    if (in->rule != BERM_NO_ROW) {
        severity = image->rules[in->rule].severity;
        enforcement = image->rules[in->rule].enforcement;
    }
    if (in->verdict == BERM_VERDICT_ERROR && in->guardrail != BERM_NO_ROW &&
        image->guardrails[in->guardrail].errors_pass)
        enforcement = BERM_ENFORCEMENT_ADVISORY;
    if (!in->aside) count_verdict(&decision->summary, in, enforcement);
    if (!in->explained && !is_kept(runner, in->verdict)) return BERM_OK;
    berm_finding f = {.verdict = in->verdict,
                      .severity = severity,
                      .enforcement = enforcement,
                      .action = in->resource->action,
                      .cost = in->cost,
                      .waiver_expires = BERM_STR(""),
                      .waiver_stride = sizeof(berm_waived)};
    if (decision->findings.count >= BERM_FINDINGS_MAX) {
        berm_space_exceed(&runner->vm.space, BERM_D_LIMIT_FINDINGS);
        return BERM_E_LIMIT;
    }
    if (runner->explanation.failed || !fill_texts(runner, in, &f)) {
        berm_space_fail(&runner->vm.space, BERM_E_NOMEM); /* unless fuel ended first */
        return runner->vm.space.status;
    }
    place_finding(runner, in, &f);
#if BERM_PART_GOVERNANCE
    if (f.verdict == BERM_VERDICT_FAIL && image->waiver_count && !lift_finding(runner, in, &f))
        return BERM_E_NOMEM;
#endif
    if (runner->run && runner->run->on_finding && runner->run->on_finding(runner->run->ctx, &f))
        return BERM_E_INTERRUPTED;
    return berm_array_push(runner->alloc, &decision->findings, f) ? BERM_OK : BERM_E_NOMEM;
}
