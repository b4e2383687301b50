/* A hostile document, judged by one of a few sets. The input is a byte that says which, flags of the
   run in its high half, and the document, or the document, a NUL and the document as it was before.

   A tree, the text read for this run alone and the set loaded from its image come to the same, and
   so do rules that share what they look up and rules that share nothing; with
   failing memory or smaller limits a run comes to the same or ends, and never to less. */
#include "judge.h"
#include "targets.h"

#define SET_COUNT 4u

/* Rules that share what they look up, and what stops them from it: absent, of another type, unknown,
   sensitive. */
#define FUZZ_SHARED(target, kind) \
    "---\n" \
    "guardrail: shared\n" \
    "title: t\n" \
    "severity: low\n" \
    "enforcement: advisory\n" \
    "match: {target: " target ", kinds: ['" kind "']}\n" \
    "matchConditions: [{name: own, expression: \"!has(object.kind) || object.kind != 'x'\"}]\n" \
    "validations:\n" \
    "  - {name: flag, expression: '!has(object.on) || object.on', message: '{object.on}'}\n" \
    "  - {name: n, expression: '!has(object.n) || object.n > 0 && object.n <= 9 || " \
    "object.n == 20.5'}\n" \
    "  - {name: s, expression: \"!has(object.s) || object.s in ['a', 'bb'] || " \
    "object.s.startsWith('x') || object.s.contains('yy') || object.s.endsWith('z')\"}\n" \
    "  - {name: labels, expression: \"!has(object.labels) || 'team' in object.labels && " \
    "object.labels.all(k, k != 'no' && object.labels[k] != '')\"}\n" \
    "  - {name: parts, expression: \"!has(object.parts) || object.parts.all(p, has(p.image) && " \
    "p.image != '' && (!has(p.env) || p.env.exists(e, e.name == p.name)))\"}\n" \
    "  - {name: twice, expression: \"!has(object.parts) || object.parts.all(p, " \
    "object.parts.exists(q, q.n == p.n && q.n < size(object.parts)))\"}\n" \
    "  - {name: whole, expression: '!has(object.a) || object.a == object.b && object.a != {}'}\n" \
    "  - {name: each, each: 'object.?parts.orValue([])', expression: 'item.n > 1 || " \
    "has(item.name) && item.name == key'}\n"

/* For documents of any sort, with everything that looks into a document. */
static const char documents[] =
    "target: json\n"
    "title: Any document\n"
    "detect: 'true'\n"
    "resources:\n"
    "  - {path: ., kind: \"'document'\", name: \"'d'\", address: \"'d'\"}\n"
    "---\n"
    "guardrail: shape\n"
    "title: t\n"
    "severity: low\n"
    "enforcement: soft-mandatory\n"
    "match: {kinds: [document]}\n"
    "variables:\n"
    "  - {name: parts, expression: 'asList(object.?parts.orValue([]))'}\n"
    "  - {name: names, expression: 'variables.parts.map(p, string(p.name))'}\n"
    "validations:\n"
    "  - {name: unique, expression: 'variables.names.isSorted() || size(variables.names) < 3',\n"
    "     message: '{variables.names} of {object.name}'}\n"
    "  - {name: image, each: 'object.?parts.orValue([])',\n"
    "     expression: \"item.image.matches('^[a-z]+:[0-9]+$')\", message: '{item} at {key}'}\n"
    "  - {name: number, expression: 'object.n * 2 + 1 < 100 || object.n == 1u || object.n > 1.5'}\n"
    "  - {name: deep, expression: \"object == object && !(object != object) && "
    "object.?a.?b.?c.orValue('') != 'x'\"}\n"
    "  - {name: when, expression: \"timestamp(object.at) + duration(object.?span.orValue('1h')) "
    "< now\", enforcement: advisory}\n"
    "  - {name: keys, expression: 'object.labels.all(k, k.size() < 64 && "
    "object.labels[k] != null)'}\n"
    "  - {name: whole, expression: 'object.list.exists(x, x == object.n) || "
    "object.list.sortBy(x, x)[0] < 0'}\n" FUZZ_SHARED("json", "document");

/* Kubernetes with derived kinds, links and a change. */
static const char manifests[] = FUZZ_KUBERNETES
    "---\n"
    "guardrail: pods\n"
    "title: t\n"
    "severity: high\n"
    "enforcement: hard-mandatory\n"
    "match: {target: kubernetes, kinds: [container]}\n"
    "matchConditions: [{name: own, expression: \"resource.name != 'istio'\"}]\n"
    "parameters: {allowed: {type: [string], default: [ghcr.io/, docker.io/]}}\n"
    "validations:\n"
    "  - {name: image, expression: 'params.allowed.exists(a, object.image.startsWith(a))',\n"
    "     message: '{object.image}'}\n"
    "  - {name: memory, expression: \"quantity(object.resources.limits.memory)"
    ".isLessThan(quantity('1Gi'))\"}\n"
    "  - {name: ports, each: 'object.?ports.orValue([])', expression: item.containerPort > 1024}\n"
    "---\n"
    "guardrail: links\n"
    "title: t\n"
    "severity: low\n"
    "enforcement: advisory\n"
    "match: {target: kubernetes, kinds: [Deployment, Service]}\n"
    "validations:\n"
    "  - {name: linked, expression: \"linked('*').exists(l, l.name == resource.name) || "
    "resources('Service').size() > 0\"}\n"
    "  - {name: change, expression: 'oldObject == null || oldObject == object'}\n";

/* Plans of Terraform: unknown and sensitive values. */
static const char plans[] = FUZZ_TERRAFORM
    "---\n"
    "guardrail: buckets\n"
    "title: t\n"
    "severity: high\n"
    "enforcement: soft-mandatory\n"
    "match: {target: terraform, kinds: ['aws_*']}\n"
    "variables: [{name: tags, expression: 'resource.tags'}]\n"
    "validations:\n"
    "  - {name: tags, expression: \"'owner' in variables.tags\", message: '{variables.tags}'}\n"
    "  - {name: acl, expression: \"object.acl != 'public' && known(object.acl)\",\n"
    "     message: '{object.acl} of {object.password}'}\n"
    "  - {name: action, expression: \"resource.action != 'delete' || oldObject.keep == false\"}\n"
    "  - {name: rules, each: 'object.?rule.orValue([])', expression: \"cidr(item.cidr)"
    ".containsIP('10.0.0.1') || item.port == 22\"}\n"
    "---\n"
    "guardrail: linked\n"
    "title: t\n"
    "severity: low\n"
    "enforcement: advisory\n"
    "match: {target: terraform, kinds: [aws_s3_bucket]}\n"
    "validations: [{name: v, expression: \"linked('*').size() > 0\"}]\n" FUZZ_SHARED("terraform",
                                                                                     "aws_*");

/* A target of its own, a waiver, a set without the built-in ones. */
static const char boxes[] =
    "target: boxes\n"
    "title: Boxes\n"
    "detect: has(input.boxes)\n"
    "nulls: missing\n"
    "complete: input.?whole.orValue(false)\n"
    "resources:\n"
    "  - path: boxes[*]\n"
    "    where: item.type != 'none'\n"
    "    kind: item.type\n"
    "    name: item.name\n"
    "    address: item.type + '/' + item.name\n"
    "    object: item.?value\n"
    "    unknown: item.?unknown\n"
    "    sensitive: item.?secret\n"
    "    tags: item.?tags.orValue({})\n"
    "    refers: item.?refers.orValue([])\n"
    "    names: '[item.name]'\n"
    "---\n"
    "kind: part\n"
    "of: {target: boxes, kinds: [box]}\n"
    "each: asList(object.?parts)\n"
    "name: item.name\n"
    "---\n"
    "guardrail: one\n"
    "title: t\n"
    "severity: low\n"
    "enforcement: soft-mandatory\n"
    "match: {target: boxes, kinds: ['*']}\n"
    "validations:\n"
    "  - {name: lid, expression: 'linked(\"lid\").exists(l, l.object.n > 3)'}\n"
    "  - {name: sum, expression: 'object.n * 2 < 10 || has(object.x.y)', message: '{object}'}\n"
    "  - {name: text, expression: \"string(object.x).size() < 10 && "
    "object.s.lowerAscii().replace('a', 'bb') != 'x'\"}\n"
    "---\n"
    "guardrail: two\n"
    "title: t\n"
    "severity: high\n"
    "enforcement: advisory\n"
    "match: {kinds: [part]}\n"
    "validations: [{name: v, expression: parent.n > 0 && object.name != ''}]\n" FUZZ_SHARED(
        "boxes", "*") "---\n"
                      "waiver: w\n"
                      "guardrails: [one/sum]\n"
                      "scope: {kinds: [box]}\n"
                      "category: accepted-risk\n"
                      "reason: r\n"
                      "owner: o\n"
                      "approvers: [{name: a}]\n"
                      "created: 2026-01-01\n"
                      "expires: 2026-12-31\n"
                      "maxMatches: 2\n";

/* Made once; what is judged changes nothing of it. */
static struct {
    berm_engine *engine;
    berm_policy *policies[SET_COUNT];
    fuzz_text images[SET_COUNT];
} kit;

static void make_kit(void)
{
    const berm_str texts[SET_COUNT] = {{documents, sizeof documents - 1},
                                       {manifests, sizeof manifests - 1},
                                       {plans, sizeof plans - 1},
                                       {boxes, sizeof boxes - 1}};
    kit.engine = fuzz_engine();
    REQUIRE(kit.engine);
    for (unsigned k = 0; k < SET_COUNT; k++) {
        const berm_sink sink = {fuzz_keep, &kit.images[k]};
        kit.policies[k] = fuzz_compile_own(kit.engine, texts[k]);
        REQUIRE(berm_policy_save(kit.policies[k], &sink, NULL) == BERM_OK);
    }
}

typedef struct sample {
    berm_str text, before;
    unsigned set;
    uint32_t flags, format;
} sample;

static berm_run make_run(const sample *s, const berm_policy *policy, const berm_input *input)
{
    return (berm_run){.size = sizeof(berm_run),
                      .policy = policy,
                      .inputs = input,
                      .input_count = 1,
                      .now = FUZZ_NOW,
                      .flags = s->flags};
}

static bool is_ended(const fuzz_outcome *out)
{
    return out->status == BERM_E_FUEL || out->status == BERM_E_LIMIT || out->status == BERM_E_NOMEM;
}

/* The document as a tree and as a text, under the set as compiled and as loaded. */
static fuzz_outcome judge_plainly(const sample *s, const berm_doc *doc, const berm_doc *before)
{
    berm_policy *loaded = NULL;
    const berm_input tree = {.size = sizeof tree, .doc = doc, .before = before};
    const berm_input text = {.size = sizeof text,
                             .before = before,
                             .text = s->text,
                             .name = {"input", 5},
                             .format = s->format};
    REQUIRE(berm_policy_load(kit.engine, fuzz_view(&kit.images[s->set]), &loaded, NULL) == BERM_OK);
    berm_run run = make_run(s, kit.policies[s->set], &tree);
    fuzz_outcome wanted = fuzz_run(kit.engine, &run, true);
    fuzz_compare_plain(kit.engine, &run, &wanted);
    run = make_run(s, loaded, &tree);
    fuzz_outcome again = fuzz_run(kit.engine, &run, false);
    REQUIRE(again.status == wanted.status && fuzz_same_text(&again.text, &wanted.text));
    run = make_run(s, loaded, &text);
    fuzz_outcome lazy = fuzz_run(kit.engine, &run, false);
    REQUIRE(is_ended(&lazy) || is_ended(&wanted) ||
            (lazy.status == wanted.status && fuzz_same_text(&lazy.text, &wanted.text)));
    free(again.text.ptr);
    free(lazy.text.ptr);
    berm_policy_unref(loaded);
    return wanted;
}

/* A limit makes errors of passes, never passes of anything else. */
static void compare_limited(const fuzz_outcome *out, const fuzz_outcome *wanted)
{
    REQUIRE(wanted->status != BERM_OK || out->status == BERM_OK || is_ended(out));
    if (out->status != BERM_OK || wanted->status != BERM_OK) return;
    REQUIRE(out->summary.denied || !wanted->summary.denied);
    REQUIRE(out->summary.verdicts[BERM_VERDICT_PASS] <=
            wanted->summary.verdicts[BERM_VERDICT_PASS]);
}

static void judge_hostile(const fuzz_settings *settings, const sample *s,
                          const fuzz_outcome *wanted)
{
    fuzz_memory memory;
    berm_policy *loaded = NULL;
    berm_engine *engine = fuzz_engine_with(settings, &memory);
    if (!engine) return;
    berm_doc *doc = NULL, *before = NULL;
    berm_input input = {.size = sizeof input, .text = s->text, .format = s->format};
    if (berm_policy_load(engine, fuzz_view(&kit.images[s->set]), &loaded, NULL) != BERM_OK)
        goto done;
    if (settings->options & 1) input.doc = doc = fuzz_parse(engine, s->text, s->format);
    if (settings->options & 1 && !doc) goto done;
    if (s->before.ptr) input.before = before = fuzz_parse(engine, s->before, 0);
    if (s->before.ptr && !before) goto done;
    input.name = (berm_str){"input", 5};
    const berm_run run = make_run(s, loaded, &input);
    fuzz_outcome out = fuzz_run(engine, &run, settings->options & 2);
    if (!settings->tiny)
        REQUIRE(is_ended(&out) ||
                (out.status == wanted->status && fuzz_same_text(&out.text, &wanted->text)));
    else compare_limited(&out, wanted);
    free(out.text.ptr);
done:
    berm_doc_unref(doc);
    berm_doc_unref(before);
    berm_policy_unref(loaded);
    fuzz_engine_end(engine, &memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!kit.engine) make_kit();
    fuzz_settings settings = fuzz_take_settings(&data, &size);
    if (size == 0) return 0;
    unsigned choice = data[0];
    static const uint32_t formats[] = {BERM_FORMAT_IS_YAML, BERM_FORMAT_IS_JSON, BERM_FORMAT_ANY,
                                       BERM_FORMAT_IS_NDJSON};
    berm_str rest = {(const char *)data + 1, size - 1};
    sample s = {.set = choice % SET_COUNT, .format = formats[choice >> 2 & 3]};
    s.text = fuzz_take_part(&rest);
    s.before = rest;
    if (choice & 0x10) s.flags |= BERM_RUN_PASSES;
    if (choice & 0x20) s.flags |= BERM_RUN_EXPLAIN;
    if (choice & 0x40) s.flags |= BERM_RUN_PARTIAL;
    if (choice & 0x80) s.flags |= BERM_RUN_TAGS | BERM_RUN_DRIFT;
    if (!s.text.ptr || s.text.len == 0) return 0;
    berm_doc *doc = fuzz_parse(kit.engine, s.text, s.format);
    berm_doc *before = s.before.ptr ? fuzz_parse(kit.engine, s.before, 0) : NULL;
    if (doc && (before || !s.before.ptr)) {
        fuzz_outcome wanted = judge_plainly(&s, doc, before);
        if (settings.tiny || settings.fail_at > 0) judge_hostile(&settings, &s, &wanted);
        free(wanted.text.ptr);
    }
    berm_doc_unref(doc);
    berm_doc_unref(before);
    return 0;
}
