/* Functions of the host in scopes, code and images. */
#include "code_image_help.h"

#include "base_alloc.h"
#include "code/host.h"
#include "data/functions.h"

static const struct {
    const char *name;
    bool method;
    uint8_t argc;
    const char *declaration;
} host_rows[] = {
    {"acme.owner", false, 1, "acme.owner(string) -> string"},
    {"acme.owner", false, 2, "acme.owner(string, int) -> string"},
    {"acme.now", false, 0, "acme.now() -> timestamp"},
    {"owner", true, 2, "string.owner(int) -> string"},
    {"lonely", false, 1, "lonely(A) -> A"},
};
#define HOST_ROW_COUNT (sizeof host_rows / sizeof *host_rows)

static berm_hosts *make_hosts(const berm_alloc *alloc)
{
    berm_hosts *hosts = berm_hosts_new(alloc);
    for (size_t i = 0; hosts && i < HOST_ROW_COUNT; i++) {
        berm_host host = {.name = berm_str_of(host_rows[i].name),
                          .declaration = berm_str_of(host_rows[i].declaration),
                          .method = host_rows[i].method,
                          .argc = host_rows[i].argc};
        if (berm_array_push(&hosts->alloc, &hosts->items, host)) continue;
        berm_hosts_drop(hosts);
        return NULL;
    }
    return hosts;
}

static void found_by_name_style_and_count(void **state)
{
    (void)state;
    counted_heap heap = {0};
    berm_alloc alloc = counted_alloc(&heap);
    berm_hosts *hosts = make_hosts(&alloc);
    for (size_t i = 0; i < HOST_ROW_COUNT; i++) {
        assert_int_equal(berm_hosts_find(hosts, berm_str_of(host_rows[i].name), host_rows[i].method,
                                         host_rows[i].argc),
                         i);
    }
    assert_int_equal(berm_hosts_find(hosts, BERM_STR("acme.owner"), false, 3), -1);
    assert_int_equal(berm_hosts_find(hosts, BERM_STR("acme.owner"), true, 1), -1);
    assert_int_equal(berm_hosts_find(hosts, BERM_STR("acme"), false, 1), -1);
    assert_int_equal(berm_hosts_find(NULL, BERM_STR("lonely"), false, 1), -1);
    assert_true(berm_hosts_known(hosts, BERM_STR("owner")));
    assert_false(berm_hosts_known(hosts, BERM_STR("own")));
    assert_false(berm_hosts_known(NULL, BERM_STR("owner")));
    assert_ptr_equal(berm_hosts_hold(hosts), hosts);
    berm_hosts_drop(hosts);
    assert_true(berm_hosts_known(hosts, BERM_STR("owner")));
    berm_hosts_drop(hosts);
    berm_hosts_drop(NULL);
    assert_null(berm_hosts_hold(NULL));
    assert_int_equal(heap.in_use, 0);
}

typedef struct host_program {
    code_program p;
    berm_hosts *hosts;
    berm_scope scope;
} host_program;

static void begin_hosts(host_program *h)
{
    program_begin(&h->p, &berm_alloc_libc);
    h->hosts = make_hosts(&berm_alloc_libc);
    h->scope = code_scope;
    h->scope.hosts = h->hosts;
}

static void end_hosts(host_program *h)
{
    program_end(&h->p);
    berm_hosts_drop(h->hosts);
}

static void calls_become_instructions(void **state)
{
    (void)state;
    host_program h;
    uint32_t block;
    begin_hosts(&h);
    assert_int_equal(program_add(&h.p, "acme.owner(a, b) == a.owner(1)", &h.scope, &block),
                     BERM_OK);
    assert_int_equal(program_add(&h.p, "[acme.now(), acme.owner(a, 2)]", &h.scope, &block),
                     BERM_OK);
    assert_int_equal(program_link(&h.p, NULL), BERM_OK);
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    assert_true(berm_image_print(&out, &h.p.image, BERM_NO_ROW));
    const char *wanted =
        "block 0: 3 registers\n"
        "     0 +3  var          r0, slot 2          ; a\n"
        "     1 +1  var          r1, slot 3          ; b\n"
        "     2     host         r0, acme.owner, r0  ; acme.owner(a, b)\n"
        "     3 +2  var          r1, slot 2          ; a\n"
        "     4 +1  const        r2, 1               ; 1\n"
        "     5     host         r1, owner, r1       ; a.owner(1)\n"
        "     6     eq           r0, r0, r1          ; acme.owner(a, b) == a.owner(1)\n"
        "     7     ret          r0\n"
        "block 1: 4 registers\n"
        "     0 +1  mark         r1                  ; [acme.now(), acme.owner(a, 2)]\n"
        "     1 +1  host         r2, acme.now, r2    ; acme.now()\n"
        "     2     push         r2                  ; [acme.now(), acme.owner(a, 2)]\n"
        "     3 +2  var          r2, slot 2          ; a\n"
        "     4 +1  const        r3, 2               ; 2\n"
        "     5     host         r2, acme.owner, r2  ; acme.owner(a, 2)\n"
        "     6     push         r2                  ; [acme.now(), acme.owner(a, 2)]\n"
        "     7     list         r0, r1\n"
        "     8     ret          r0\n"
        "source 0: name=\"test\"\n"
        "root 0: source=0 line=1 column=1 text=\"acme.owner(a, b) == a.owner(1)\"\n"
        "root 1: source=0 line=1 column=1 text=\"[acme.now(), acme.owner(a, 2)]\"\n"
        "host 0: name=\"acme.owner\" method=0 argc=2 "
        "declaration=\"acme.owner(string, int) -> string\"\n"
        "host 1: name=\"owner\" method=1 argc=2 declaration=\"string.owner(int) -> string\"\n"
        "host 2: name=\"acme.now\" method=0 argc=0 declaration=\"acme.now() -> timestamp\"\n";
    berm_text_putc(&out, 0);
    assert_string_equal(out.ptr, wanted);
    berm_text_free(&out);
    end_hosts(&h);
}

static void expect_message(const char *text, const char *message)
{
    host_program h;
    uint32_t block;
    begin_hosts(&h);
    assert_int_equal(program_add(&h.p, text, &h.scope, &block), BERM_E_POLICY);
    if (!berm_str_is(program_message(&h.p), message))
        fail_msg("%s: '%s'", text, program_message(&h.p).ptr);
    end_hosts(&h);
}

static void names_are_resolved(void **state)
{
    (void)state;
    host_program h;
    uint32_t block;
    begin_hosts(&h);
    berm_scope inside = h.scope;
    inside.container = BERM_STR("acme.deeper");
    assert_int_equal(program_add(&h.p, "owner('x')", &inside, &block), BERM_OK);
    assert_int_equal(program_add(&h.p, ".acme.owner('x')", &inside, &block), BERM_OK);
    /* Functions go before variables that have the name of their first part. */
    assert_int_equal(program_add(&h.p, "[1].map(acme, acme.owner('x'))", &h.scope, &block),
                     BERM_OK);
    const berm_ins *last = &h.p.gen.code.items[h.p.gen.code.count - 1];
    while (last->op != BERM_OP_HOST) last--;
    assert_int_equal(h.p.gen.hosts.items[last->b].method, 0);
    end_hosts(&h);
    expect_message("acme.owner()", "there is no function owner() that takes 0 arguments");
    expect_message("'a'.owner()", "there is no method owner() that takes 0 arguments");
    expect_message("lonley(1)", "there is no function lonley(); did you mean lonely()?");
    expect_message("'a'.ownr(1)", "there is no method ownr(); did you mean owner()?");
    expect_message("owner('a')", "there is no function owner() that takes 1 argument");
}

/* --- the verifier --- */

static void make_call(code_program *p, uint32_t argc, berm_ins call)
{
    program_begin(p, &berm_alloc_libc);
    const berm_ins code[] = {{.op = BERM_OP_VAR, .a = 0, .w = 0},
                             {.op = BERM_OP_VAR, .a = 1, .w = 0},
                             call,
                             {.op = BERM_OP_RET, .a = 0}};
    for (size_t i = 0; i < sizeof code / sizeof *code; i++)
        assert_true(berm_array_push(&p->alloc, &p->gen.code, code[i]));
    berm_img_block block = {.code_count = 4,
                            .register_count = 3,
                            .depth_registers = 3,
                            .call_depth = 1,
                            .root = BERM_NO_ROW};
    berm_img_host host = {.name = berm_codegen_text(&p->gen, BERM_STR("f")), .argc = argc};
    assert_true(berm_array_push(&p->alloc, &p->gen.blocks, block));
    assert_true(berm_array_push(&p->alloc, &p->gen.hosts, host));
}

static berm_ins host_ins(uint16_t a, uint16_t b, uint16_t c)
{
    return (berm_ins){.op = BERM_OP_HOST, .a = a, .b = b, .c = c};
}

static void faulty_calls_are_refused(void **state)
{
    (void)state;
    code_program p;
    make_call(&p, 2, host_ins(0, 0, 0));
    expect_opened(&p);
    make_call(&p, 0, host_ins(2, 0, 2));
    expect_opened(&p);
    make_call(&p, 2, host_ins(0, 1, 0));
    expect_refused(&p, "a function there is not");
    make_call(&p, 2, host_ins(0, 0, 1));
    expect_refused(&p, "read before it is written");
    make_call(&p, 3, host_ins(0, 0, 1));
    expect_refused(&p, "read before it is written");
    make_call(&p, 2, host_ins(0, 0, 3));
    expect_refused(&p, "a register there is not");
    make_call(&p, 2, host_ins(3, 0, 0));
    expect_refused(&p, "a register there is not");
    make_call(&p, UINT32_MAX, host_ins(0, 0, 0));
    expect_refused(&p, "read before it is written");
}

/* Rows that no code uses are looked at all the same. */
static void faulty_rows_are_refused(void **state)
{
    (void)state;
    const berm_img_host faulty[] = {{.argc = BERM_HOST_ARGUMENTS_MAX + 1},
                                    {.method = 2},
                                    {.name = {0, 4000}}};
    for (size_t i = 0; i < sizeof faulty / sizeof *faulty; i++) {
        code_program p;
        program_begin(&p, &berm_alloc_libc);
        assert_true(berm_array_push(&p.alloc, &p.gen.hosts, faulty[i]));
        expect_refused(&p, "host 0");
    }
}

static void memory_may_end(void **state)
{
    (void)state;
    berm_status status = BERM_E_NOMEM;
    for (size_t n = 1; status == BERM_E_NOMEM; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        code_program p;
        uint32_t block;
        berm_hosts *hosts = make_hosts(&alloc);
        berm_scope scope = code_scope;
        scope.hosts = hosts;
        program_begin(&p, &alloc);
        if (hosts) status = program_add(&p, "acme.owner('x') + lonely(1)", &scope, &block);
        if (status == BERM_OK) status = program_link(&p, NULL);
        program_end(&p);
        berm_hosts_drop(hosts);
        assert_int_equal(heap.in_use, 0);
    }
    assert_int_equal(status, BERM_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(found_by_name_style_and_count),
        cmocka_unit_test(calls_become_instructions),
        cmocka_unit_test(names_are_resolved),
        cmocka_unit_test(faulty_calls_are_refused),
        cmocka_unit_test(faulty_rows_are_refused),
        cmocka_unit_test(memory_may_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
