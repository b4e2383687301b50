/* Message templates become one block. */
#include "code_help.h"

#include "base_alloc.h"

typedef struct template
{
    code_program p;
    berm_ast asts[2];
    berm_message_part parts[4];
}
template;

/* "x={a.b}, y={c}" */
static berm_status begin_template(template *t, const berm_alloc *alloc, const char *first)
{
    program_begin(&t->p, alloc);
    berm_status status = program_parse(&t->p, &t->asts[0], first);
    berm_expr_origin origin = t->p.origin;
    if (status == BERM_OK) status = program_parse(&t->p, &t->asts[1], "c");
    else berm_ast_init(&t->asts[1], alloc);
    t->parts[0] = (berm_message_part){.literal = BERM_STR("x=")};
    t->parts[1] = (berm_message_part){.ast = &t->asts[0], .origin = origin};
    t->parts[2] = (berm_message_part){.literal = BERM_STR(", y=")};
    t->parts[3] = (berm_message_part){.ast = &t->asts[1], .origin = t->p.origin};
    t->parts[1].origin.diag_origin = t->parts[3].origin.diag_origin;
    return status;
}

static void end_template(template *t)
{
    berm_ast_free(&t->asts[0]);
    berm_ast_free(&t->asts[1]);
    program_end(&t->p);
}

static void parts_are_pushed_in_turn(void **state)
{
    (void)state;
    template t;
    uint32_t block;
    berm_error err = {0};
    assert_int_equal(begin_template(&t, &berm_alloc_libc, "a.b"), BERM_OK);
    assert_int_equal(berm_lower_message(&t.p.gen, t.parts, 4, &code_scope, &block), BERM_OK);
    assert_int_equal(program_link(&t.p, &err), BERM_OK);
    assert_int_equal(t.p.image.blocks[block].root, BERM_NO_ROW);
    berm_text out;
    berm_text_init(&out, &berm_alloc_libc);
    assert_true(berm_image_print(&out, &t.p.image, block));
    assert_str(berm_text_view(&out), "block 0: 3 registers\n"
                                     "     0     mark         r1\n"
                                     "     1     const        r2, \"x=\"\n"
                                     "     2     push         r2\n"
                                     "     3 +2  var          r2, slot 2          ; a\n"
                                     "     4     field        r2, \"b\"             ; a.b\n"
                                     "     5     push         r2\n"
                                     "     6     const        r2, \", y=\"\n"
                                     "     7     push         r2\n"
                                     "     8 +1  var          r2, slot 4          ; c\n"
                                     "     9     push         r2\n"
                                     "    10     message      r0, r1\n"
                                     "    11     ret          r0\n");
    berm_text_free(&out);
    end_template(&t);
}

static void words_find_their_expression(void **state)
{
    (void)state;
    template t;
    uint32_t block, other;
    berm_img_expr expr;
    assert_int_equal(begin_template(&t, &berm_alloc_libc, "a.b"), BERM_OK);
    assert_int_equal(program_add(&t.p, "a", &code_scope, &other), BERM_OK);
    assert_int_equal(berm_lower_message(&t.p.gen, t.parts, 4, &code_scope, &block), BERM_OK);
    assert_int_equal(program_link(&t.p, NULL), BERM_OK);
    uint32_t start = t.p.image.blocks[block].code;
    /* The literal before the first expression belongs to none, not to the block before. */
    assert_false(berm_image_expr(&t.p.image, start + 1, &expr));
    assert_true(berm_image_expr(&t.p.image, start - 1, &expr));
    assert_true(berm_image_expr(&t.p.image, start + 4, &expr));
    assert_int_equal(expr.root, t.p.image.blocks[other].root + 1);
    assert_int_equal(expr.len, 3);
    assert_true(berm_image_expr(&t.p.image, start + 9, &expr));
    assert_int_equal(expr.root, t.p.image.blocks[other].root + 2);
    assert_false(berm_image_expr(&t.p.image, start + 12, &expr));
    end_template(&t);
}

static void faults_of_all_parts_are_found(void **state)
{
    (void)state;
    template t;
    uint32_t block;
    size_t count;
    const berm_scope none = {.count = 0};
    assert_int_equal(begin_template(&t, &berm_alloc_libc, "a.b"), BERM_OK);
    assert_int_equal(berm_lower_message(&t.p.gen, t.parts, 4, &none, &block), BERM_E_POLICY);
    berm_diags_list(t.p.diags, &count);
    assert_int_equal(count, 2);
    end_template(&t);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        counted_heap heap = {.fail_at = n};
        berm_alloc alloc = counted_alloc(&heap);
        template t;
        uint32_t block;
        berm_status status = begin_template(&t, &alloc, "a.map(x, x + 'y' + 'z').size()");
        if (status == BERM_OK) {
            status = berm_lower_message(&t.p.gen, t.parts, 4, &code_scope, &block);
        }
        end_template(&t);
        assert_int_equal(heap.in_use, 0);
        if (status == BERM_OK) break;
        assert_int_equal(status, BERM_E_NOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_pushed_in_turn),
        cmocka_unit_test(words_find_their_expression),
        cmocka_unit_test(faults_of_all_parts_are_found),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
