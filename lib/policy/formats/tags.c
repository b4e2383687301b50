#include "policy/formats/tags.h"

bool berm_finding_keep_tags(berm_runner *runner, const berm_resource *resource, berm_finding *f)
{
    if (!runner->run || !(runner->run->flags & BERM_RUN_TAGS)) return true;
    if (resource->tags.tag != BERM_TAG_MAP || !resource->tags.as.ref.len) return true;
    berm_text text;
    berm_text_init(&text, runner->alloc);
    bool kept = berm_json_write(&text, &runner->vm.space, resource->tags,
                                BERM_JSON_COMPACT | BERM_JSON_REDACT);
    berm_str tags = berm_text_view(&text);
    /* findings of one resource follow each other, and share them */
    uint32_t count = runner->decision.findings.count;
    const berm_finding *last = count ? &runner->decision.findings.items[count - 1] : NULL;
    if (kept && last && berm_str_equal(last->tags, tags)) f->tags = last->tags;
    else if (kept) kept = berm_arena_copy(&runner->texts, tags, &f->tags);
    berm_text_free(&text);
    return kept;
}
