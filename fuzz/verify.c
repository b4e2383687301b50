/* Images changed by mutations that know their structure, checksum made right again: each is refused
   or runs within its limits. The input is where the mutations take their choices from; or, where it
   begins as an image does, the image. Settings in front give it failing memory and smaller limits. */
#include "verify.h"

#include "judge.h"
#include "mutate.h"

/* A target, derived kinds, joins and marks of its own, so that images are small and every table of
   image.def has rows. */
static const char set[] =
    "target: boxes\n"
    "title: Boxes\n"
    "detect: has(input.boxes)\n"
    "nulls: missing\n"
    "complete: input.whole\n"
    "resources:\n"
    "  - path: boxes[*]\n"
    "    where: item.type != 'none'\n"
    "    kind: item.type\n"
    "    name: item.name\n"
    "    address: item.type + '/' + item.name\n"
    "    object: item.value\n"
    "    unknown: item.?unknown\n"
    "    sensitive: item.?secret\n"
    "    tags: item.value.?tags.orValue({})\n"
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
    "controls: [{framework: f, version: '1', id: a}]\n"
    "match: {target: boxes, kinds: [box, 'b*']}\n"
    "matchConditions: [{name: named, expression: \"resource.name.startsWith('w')\"}]\n"
    "parameters: {allowed: {type: [string], default: [a, b]}, most: {type: int, default: 3}}\n"
    "variables: [{name: names, expression: 'object.parts.map(c, c.name)'}]\n"
    "validations:\n"
    "  - {name: shared, expression: \"object.parts.all(p, has(p.image) && p.name != 'x' && "
    "(p.image.contains(':') || object.parts.exists(q, q.image == p.image))) && object.n > 2\"}\n"
    "  - {name: in, expression: 'variables.names.all(n, n in params.allowed)',\n"
    "     message: '{variables.names} of {resource.address}'}\n"
    "  - {name: tag, each: object.parts, expression: 'item.image.matches(\"^[a-z]+:[0-9]+$\")'}\n"
    "  - {name: lid, expression: 'linked(\"lid\").exists(l, l.object.n > params.most)'}\n"
    "  - {name: sum, expression: 'size(variables.names) + object.n * 2 < 10 || has(object.x.y)'}\n"
    "tests: [{name: x, kind: box, object: {parts: []}, expect: {in: pass}}]\n"
    "---\n"
    "guardrail: two\n"
    "title: t\n"
    "severity: high\n"
    "enforcement: advisory\n"
    "match: {kinds: [part]}\n"
    "validations:\n"
    "  - {name: swap, expression: \"regex.replace(object.image, '(a|b*)+(?::([0-9]))?', 'x')"
    " != object.name && parent.n > 0\", message: 'no {object.image}'}\n"
    "  - {name: bind, expression: \"cel.bind(v, object.?n.orValue(1) + 1, v * v >= v) ||\n"
    "     {'k': 1, ?'l': object.?l} == {'k': 2}\"}\n"
    "  - {name: when, expression: \"timestamp('2020-01-01T00:00:00Z') + duration('1h') < now\"}\n"
    "  - {name: sort, expression: \"[3, 1, 2].sortBy(e, -e)[0] == 3 && "
    "{'a': 1}.transformMap(k, v, v + 1).exists(k, v, k == 'a')\"}\n"
    "---\n"
    "waiver: w\n"
    "guardrails: [one/in, 'o*/tag']\n"
    "scope: {resources: ['box/*'], kinds: [box]}\n"
    "category: accepted-risk\n"
    "reason: r\n"
    "owner: o\n"
    "approvers: [{name: a, approvedAt: 2026-01-01}]\n"
    "created: 2026-01-01\n"
    "expires: 2026-12-31\n"
    "maxMatches: 1\n"
    "---\n"
    "framework: f\n"
    "version: '1'\n"
    "title: F\n"
    "pattern: '^[a-z]$'\n"
    "url: https://example.com\n"
    "licence: none\n"
    "---\n"
    "pack: p\n"
    "guardrails: ['*']\n"
    "profiles: {prod: [{guardrails: [two], severity: low}]}\n";
static const char boxes[] =
    "{\"boxes\": [{\"type\": \"box\", \"name\": \"web\", \"refers\": [\"lid\"], \"unknown\": "
    "{\"n\": true},"
    " \"secret\": {\"x\": true}, \"value\": {\"n\": 3, \"x\": {\"y\": 2}, \"tags\": {\"o\": "
    "\"me\"},"
    " \"parts\": [{\"name\": \"a\", \"image\": \"b:1\"}, {\"name\": \"c\", \"image\": \"d\"}]}},"
    " {\"type\": \"lid\", \"name\": \"lid\", \"value\": {\"n\": 4}}], \"whole\": true}";

verify_counts verify_counted;

/* Made once; an image changes nothing of them. */
static struct {
    berm_engine *engine;
    berm_doc *doc;
    berm_eval *eval;
    fuzz_text image;
} kit;

static void make_kit(void)
{
    const berm_sink sink = {fuzz_keep, &kit.image};
    kit.engine = fuzz_engine();
    REQUIRE(kit.engine);
    berm_policy *policy = fuzz_compile_own(kit.engine, (berm_str){set, sizeof set - 1});
    REQUIRE(berm_policy_save(policy, &sink, NULL) == BERM_OK);
    kit.doc = fuzz_parse(kit.engine, (berm_str){boxes, sizeof boxes - 1}, BERM_FORMAT_IS_JSON);
    REQUIRE(kit.doc && berm_eval_new(kit.engine, NULL, &kit.eval, NULL) == BERM_OK);
    berm_policy_unref(policy);
}

/* --- choices --- */

typedef struct choices {
    const uint8_t *data;
    size_t size;
    uint64_t state;
} choices;

/* The next four bytes of the input; behind its end what a generator makes of all of it. */
static uint32_t next_choice(void *ctx)
{
    choices *c = ctx;
    uint32_t value = 0;
    if (c->size >= sizeof value) {
        memcpy(&value, c->data, sizeof value);
        c->data += sizeof value, c->size -= sizeof value;
        c->state = (c->state ^ value) * 0x9E3779B97F4A7C15u;
        return value;
    }
    c->state ^= c->state << 13, c->state ^= c->state >> 7, c->state ^= c->state << 17;
    return (uint32_t)(c->state >> 24);
}

/* --- running --- */

static int take_result(void *ctx, const berm_test_result *result)
{
    (void)ctx, (void)result;
    return 0;
}

static void note_end(berm_status status)
{
    REQUIRE(status != BERM_E_ARGUMENT && status != BERM_E_INTERNAL);
    if (status == BERM_OK) verify_counted.judged++;
    else verify_counted.limited++;
}

static void judge(berm_engine *engine, berm_eval *eval, const berm_policy *policy, uint32_t choice)
{
    const berm_sink sink = {fuzz_swallow, NULL};
    const berm_input input = {.size = sizeof input, .role = BERM_INPUT_DOCUMENT, .doc = kit.doc};
    const berm_run run = {.size = sizeof run,
                          .policy = policy,
                          .inputs = &input,
                          .input_count = 1,
                          .now = FUZZ_NOW,
                          .flags = choice % 4 ? BERM_RUN_PASSES : BERM_RUN_EXPLAIN};
    const berm_decision *decision = NULL;
    berm_report *report = NULL;
    berm_status status = berm_eval_run(eval, &run, &decision, NULL);
    note_end(status);
    if (status == BERM_OK && choice % 8 == 0 && berm_report_new(engine, &report, NULL) == BERM_OK) {
        REQUIRE(berm_report_add(report, &run, decision, NULL) != BERM_E_ARGUMENT);
        REQUIRE(berm_report_write(report, BERM_REPORT_JSON, 0, &sink, NULL) != BERM_E_ARGUMENT);
        berm_report_free(report);
    }
    if (choice % 8 == 1) REQUIRE(berm_policy_disasm(policy, &sink, NULL) != BERM_E_ARGUMENT);
    if (choice % 8 == 2)
        REQUIRE(berm_policy_test(policy, take_result, NULL, NULL) != BERM_E_ARGUMENT);
}

/* Code that no compiler of ours made: rules that share what they look up say the same of it. */
static void compare(berm_eval *eval, const berm_policy *policy)
{
    const berm_input input = {.size = sizeof input, .role = BERM_INPUT_DOCUMENT, .doc = kit.doc};
    berm_run run = {.size = sizeof run,
                    .policy = policy,
                    .inputs = &input,
                    .input_count = 1,
                    .now = FUZZ_NOW,
                    .flags = BERM_RUN_PLAIN};
    fuzz_outcome plain = fuzz_run_in(eval, &run, NULL);
    run.flags = 0;
    fuzz_outcome shared = fuzz_run_in(eval, &run, NULL);
    REQUIRE(shared.status == plain.status && fuzz_same_text(&shared.text, &plain.text));
    free(shared.text.ptr);
    free(plain.text.ptr);
}

static void try_image(berm_engine *engine, berm_eval *eval, berm_str image, uint32_t choice)
{
    berm_policy *policy = NULL;
    berm_status status = berm_policy_load(engine, image, &policy, NULL);
    verify_counted.tried++;
    if (status == BERM_OK) {
        judge(engine, eval, policy, choice);
        if (engine == kit.engine) compare(eval, policy);
    } else {
        REQUIRE(status == BERM_E_IMAGE || status == BERM_E_VERSION ||
                (engine != kit.engine && status == BERM_E_NOMEM));
    }
    berm_policy_unref(policy);
}

static void try_hostile(const fuzz_settings *settings, berm_str image, uint32_t choice)
{
    fuzz_memory memory;
    berm_eval *eval = NULL;
    berm_engine *engine = fuzz_engine_with(settings, &memory);
    if (!engine) return;
    if (berm_eval_new(engine, NULL, &eval, NULL) == BERM_OK) try_image(engine, eval, image, choice);
    berm_eval_free(eval);
    fuzz_engine_end(engine, &memory);
}

/* Copies an image that the input is, whose checksum is made right; else changes the kit's own. */
static void make_image(mutation *m, const uint8_t *data, size_t size)
{
    bool given = size >= sizeof(berm_image_header) && memcmp(data, BERM_IMAGE_MAGIC, 8) == 0;
    m->len = given ? size : kit.image.len;
    m->bytes = malloc(m->len); /* of its own, so that ASan sees where it ends */
    REQUIRE(m->bytes);
    memcpy(m->bytes, given ? (const char *)data : kit.image.ptr, m->len);
    if (!given) {
        mutate_image(m);
        return;
    }
    uint64_t digest = berm_image_digest(); /* so that a corpus outlives changes to the tables */
    memcpy(m->bytes + offsetof(berm_image_header, digest), &digest, sizeof digest);
    mutate_checksum(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!kit.eval) make_kit();
    fuzz_settings settings = fuzz_take_settings(&data, &size);
    choices c = {data, size, 0x2545F4914F6CDD1Du};
    mutation m = {.next = next_choice, .ctx = &c};
    make_image(&m, data, size);
    berm_str image = {(char *)m.bytes, m.len};
    uint32_t choice = next_choice(&c);
    if (settings.tiny || settings.fail_at > 0) try_hostile(&settings, image, choice);
    else try_image(kit.engine, kit.eval, image, choice);
    free(m.bytes);
    return 0;
}
