/* Images changed in every word, their checksum made right again: what the verifier lets through
   runs without harm. The results mean nothing; the sanitizers watch. */
#include "code_image_help.h"

#include "data/builder.h"
#include "data/limits.h"
#include "vm/vm.h"

#define HOSTILE_FUEL 20000u

static const char document[] =
    "{\"a\": {\"name\": \"x\", \"ok\": true, \"n\": 3, \"t\": \"2020-01-01T00:00:00Z\"},"
    " \"b\": [1, 2.5, \"three\", null, {\"name\": \"y\"}, [4]], \"c\": \"text\"}";

/* Expressions that use every sort of instruction. */
static const char *const hostile_program[] = {
    "a.name == 'x' && b.all(i, i != c) || !has(a.b)",
    "b.filter(x, type(x) == string).map(y, y + '-x')",
    "a.transformMap(k, v, k != 'n', [v, ?a.?name])",
    "b.exists_one(x, x == 1) ? a.?name.optMap(v, v.size()) : optional.none()",
    "{'k': a, ?'l': a.?zz, 3: -a.n} == {1: 2, 3: 4, 5: 6}",
    "b.sortBy(e, string(e)).join(',').matches('^[a-z]+$')",
    "a.transformMapEntry(k, v, {v: k}).exists(k, v, k in b)",
    "math.greatest(a.n, 2, 3) + b[0] * 2 - size(c) % 2 < 10 / a.n",
    "timestamp(a.t) + duration('1h') > timestamp('2020-01-01T00:30:00Z')",
    "cel.bind(v, a.n + 1, v * v >= v) && b[?9].hasValue()",
    "b.map(x, f(x)) + [g(a, c), g(c, [a])]",
};

/* Functions of the host: one that is called, one that waits. */
static berm_status give_list(void *ctx, const berm_value *args, size_t count, berm_builder *result)
{
    (void)ctx, (void)args;
    berm_status status = berm_build_open(result, BERM_TAG_LIST);
    if (!status) status = berm_build_value(result, berm_cell_int((int64_t)count), BERM_STR(""));
    return status ? status : berm_build_close(result);
}

static berm_host hostile_hosts[] = {
    {.name = {"f", 1}, .declaration = {"f(A) -> dyn", 11}, .argc = 1, .call = give_list},
    {.name = {"g", 1}, .declaration = {"g(A, B) -> dyn", 14}, .argc = 2}};
static const berm_hosts hosts = {.items = {hostile_hosts, 2, 2}};

typedef struct hostile {
    code_program p;
    berm_doc *doc;
    berm_vm vm;
    uint32_t ran;
} hostile;

static void make_hostile(hostile *h)
{
    uint32_t block = 0;
    berm_limits limits = berm_limits_resolve(NULL);
    limits.memory_len = 1u << 20;
    berm_scope scope = code_scope;
    scope.hosts = &hosts;
    program_begin(&h->p, &berm_alloc_libc);
    for (size_t i = 0; i < sizeof hostile_program / sizeof *hostile_program; i++) {
        berm_status status = program_add(&h->p, hostile_program[i], &scope, &block);
        if (status != BERM_OK) fail_msg("%s: %s", hostile_program[i], program_message(&h->p).ptr);
    }
    berm_binding once = {.name = BERM_STR("v"), .sort = BERM_BIND_ONCE, .index = block};
    scope = (berm_scope){.bindings = &once, .count = 1};
    assert_int_equal(program_add(&h->p, "v && v", &scope, &block), BERM_OK);
    assert_int_equal(program_link(&h->p, NULL), BERM_OK);
    berm_read read = {.alloc = &berm_alloc_libc,
                      .limits = &limits,
                      .text = {document, sizeof document - 1},
                      .format = BERM_FORMAT_JSON};
    assert_int_equal(berm_doc_read(&read, &h->doc, NULL), BERM_OK);
    berm_vm_init(&h->vm, &berm_alloc_libc, &limits);
    h->vm.hosts = &hosts;
}

/* Runs every block over the document, and shows what came. */
static void run_all(hostile *h)
{
    assert_int_equal(berm_vm_bind(&h->vm, &h->p.image), BERM_OK);
    for (uint32_t block = 0; block < h->p.image.block_count; block++) {
        berm_cell result;
        berm_text shown;
        assert_int_equal(berm_vm_begin(&h->vm, HOSTILE_FUEL), BERM_OK);
        berm_cell root = h->doc->roots[0];
        root.store = berm_space_add(&h->vm.space, &h->doc->store);
        h->vm.slots[0] = root;
        h->vm.slots[2] = berm_map_find_text(&h->vm.space, root, BERM_STR("a"));
        h->vm.slots[3] = berm_map_find_text(&h->vm.space, root, BERM_STR("b"));
        h->vm.slots[4] = berm_map_find_text(&h->vm.space, root, BERM_STR("c"));
        if (berm_vm_run(&h->vm, block, &result) != BERM_OK) continue;
        berm_text_init(&shown, &berm_alloc_libc);
        (void)berm_value_print(&shown, &h->vm.space, result, true);
        berm_text_free(&shown);
        h->ran++;
    }
}

static void drop_hostile(hostile *h)
{
    berm_vm_free(&h->vm);
    berm_doc_drop(h->doc);
    program_end(&h->p);
}

static void untouched_images_run(void **state)
{
    (void)state;
    hostile *h = calloc(1, sizeof *h);
    make_hostile(h);
    run_all(h);
    assert_int_equal(h->ran, h->p.image.block_count);
    drop_hostile(h);
    free(h);
}

static void try_image(hostile *h)
{
    berm_status status = image_reopen(&h->p, NULL);
    if (status == BERM_OK) run_all(h);
    else assert_int_equal(status, BERM_E_IMAGE);
}

/* Every 16 bits of code and constants, once each to a few values. */
static void changed_images_do_no_harm(void **state)
{
    (void)state;
    static const uint16_t values[] = {0, 1, 2, 3, 5, 0xFF, 0x100, 0x8000, 0xFFFF};
    hostile *h = calloc(1, sizeof *h);
    make_hostile(h);
    berm_image_header header;
    memcpy(&header, h->p.bytes, sizeof header);
    size_t from = header.sections[BERM_SECTION_CODE].off,
           to = header.sections[BERM_SECTION_TEXT].off;
    for (size_t at = from; at + 2 <= to; at += 2) {
        uint16_t half;
        memcpy(&half, h->p.bytes + at, sizeof half);
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
            if (values[i] == half) continue;
            memcpy(h->p.bytes + at, &values[i], sizeof values[i]);
            try_image(h);
        }
        memcpy(h->p.bytes + at, &half, sizeof half);
    }
    assert_true(h->ran > 0);
    drop_hostile(h);
    free(h);
}

/* Opcodes and operands changed for others at random, several at a time. */
static void shuffled_code_does_no_harm(void **state)
{
    (void)state;
    hostile *h = calloc(1, sizeof *h);
    make_hostile(h);
    berm_image_header header;
    memcpy(&header, h->p.bytes, sizeof header);
    size_t off = header.sections[BERM_SECTION_CODE].off;
    size_t len = (size_t)header.sections[BERM_SECTION_CODE].count * sizeof(berm_ins);
    unsigned char *good = malloc(h->p.len);
    memcpy(good, h->p.bytes, h->p.len);
    uint64_t seed = 88172645463325252u;
    for (uint32_t round = 0; round < 20000; round++) {
        memcpy(h->p.bytes, good, h->p.len);
        for (uint32_t i = 0; i <= round % 3; i++) {
            seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
            h->p.bytes[off + (seed >> 8) % len] = (unsigned char)((seed >> 40) % 64);
        }
        try_image(h);
    }
    free(good);
    drop_hostile(h);
    free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(untouched_images_run),
        cmocka_unit_test(changed_images_do_no_harm),
        cmocka_unit_test(shuffled_code_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
