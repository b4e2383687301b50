/* Tables: every field by its kind, and what the kinds do not say. */
#include "code/verify.h"

static bool refuse_row(berm_verify *verify, berm_table table, uint32_t row, const char *field)
{
    return berm_verify_fail(verify, "%s %u: %s", berm_table_infos[table].name, row, field);
}

/* What a word of a field may be: below `end`, or, of an optional one, BERM_NO_ROW, which comes
   before 0 when one is added. */
typedef struct word_range {
    uint64_t end;
    uint32_t shift;
} word_range;

static uint32_t count_rows(const berm_image *image, uint32_t table)
{
    uint32_t count;
    berm_image_rows(image, (berm_table)table, &count);
    return count;
}

static word_range find_range(const berm_image *image, const berm_field_info *field)
{
    switch (field->kind) {
    case BERM_FIELD_KIND_NUM: return (word_range){(uint64_t)field->arg + 1, 0};
    case BERM_FIELD_KIND_CODE: return (word_range){(uint64_t)image->code_count + 1, 0};
    case BERM_FIELD_KIND_ROW_OPT:
        return (word_range){(uint64_t)count_rows(image, field->arg) + 1, 1};
    default: return (word_range){count_rows(image, field->arg), 0};
    }
}

/* The first row whose `words`, each a record further than the one before, are not in the range. */
static uint32_t check_range(word_range range, const uint32_t *words, uint32_t step, uint32_t count)
{
    uint32_t row = 0;
    if (range.end > UINT32_MAX) return count;
    while (row < count && words[(size_t)row * step] + range.shift < range.end) row++;
    return row;
}

/* Of the kinds that are more than a word in a range. */
static bool is_good_field(const berm_verify *verify, const berm_field_info *field,
                          const uint32_t *words)
{
    uint32_t count;
    switch (field->kind) {
    case BERM_FIELD_KIND_TEXT: return berm_verify_text(verify, words[0], words[1]);
    case BERM_FIELD_KIND_RUN:
        count = count_rows(verify->image, field->arg);
        return words[0] <= count && words[1] <= count - words[0];
    case BERM_FIELD_KIND_CELL_OPT:
        if (words[0] == BERM_NO_ROW) return true;
        return berm_verify_is_cell(verify, words[0]);
    default: return berm_verify_is_cell(verify, words[0]);
    }
}

static bool is_ranged(uint32_t kind)
{
    return kind != BERM_FIELD_KIND_TEXT && kind != BERM_FIELD_KIND_RUN &&
           kind != BERM_FIELD_KIND_CELL && kind != BERM_FIELD_KIND_CELL_OPT;
}

/* One field of all rows, since its kind is the same in all; the first row that is refused. */
static uint32_t check_column(const berm_verify *verify, const berm_field_info *field,
                             const uint32_t *words, uint32_t step, uint32_t count)
{
    uint32_t row = 0;
    if (is_ranged(field->kind))
        return check_range(find_range(verify->image, field), words, step, count);
    for (; row < count && is_good_field(verify, field, words); words += step) row++;
    return row;
}

static bool verify_fields(berm_verify *verify, berm_table table)
{
    const berm_table_info *info = &berm_table_infos[table];
    uint32_t count;
    const uint32_t *words = berm_image_rows(verify->image, table, &count);
    if (count == 0) return true;
    for (uint32_t i = 0; i < info->field_count; i++) {
        const berm_field_info *field = &info->fields[i];
        uint32_t row = check_column(verify, field, words, info->words, count);
        if (row < count) return refuse_row(verify, table, row, field->name);
        words += berm_field_words(field->kind);
    }
    return true;
}

/* Sorted by word, each a part of its expression's text. */
static bool verify_exprs(berm_verify *verify)
{
    const berm_image *image = verify->image;
    for (uint32_t i = 0; i < image->expr_count; i++) {
        const berm_img_expr *expr = &image->exprs[i];
        uint32_t text_len = image->roots[expr->root].text.len;
        bool sorted = i == 0 || image->exprs[i - 1].word < expr->word;
        if (!sorted || expr->word >= image->code_count || expr->off > text_len ||
            expr->len > text_len - expr->off) {
            return refuse_row(verify, BERM_TABLE_EXPR, i, "out of order or of its text");
        }
    }
    return true;
}

/* --- paths --- */

typedef struct path_group {
    uint32_t start;
    bool moves; /* a step that is no bracket was met in it */
} path_group;

static bool is_good_step(const berm_verify *verify, const berm_img_step *step)
{
    if (step->kind != BERM_STEP_FIELD && step->kind != BERM_STEP_EITHER) return true;
    if (!berm_verify_is_key(verify, step->key)) return false;
    const berm_cell *key = &verify->image->store.cells[step->key];
    const char *text = verify->image->store.text[0];
    return key->as.ref.len == step->name.len &&
           memcmp(text + key->as.ref.off, text + step->name.off, step->name.len) == 0;
}

/* One of several fields: the next step is another, and the last is a field. */
static bool is_good_choice(const berm_img_step *steps, uint32_t count, uint32_t at)
{
    if (steps[at].kind != BERM_STEP_EITHER) return true;
    if (at + 1 >= count) return false;
    const berm_img_step *next = &steps[at + 1];
    if (next->kind == BERM_STEP_EITHER) return next->jump == steps[at].jump;
    return next->kind == BERM_STEP_FIELD && steps[at].jump == at + 2;
}

/* Brackets match, know each other's places, and hold a step that moves on: a group that did not
   could be repeated for ever. */
static bool is_good_path(const berm_verify *verify, const berm_img_step *steps, uint32_t count)
{
    path_group groups[BERM_IMAGE_PATH_MAX];
    uint32_t depth = 0;
    if (count > BERM_IMAGE_PATH_MAX) return false;
    for (uint32_t i = 0; i < count; i++) {
        if (!is_good_step(verify, &steps[i]) || !is_good_choice(steps, count, i)) return false;
        if (steps[i].kind == BERM_STEP_GROUP) {
            groups[depth++] = (path_group){i, false};
        } else if (steps[i].kind == BERM_STEP_GROUP_END) {
            if (depth == 0) return false;
            const path_group *group = &groups[--depth];
            if (!group->moves || steps[i].jump != group->start || steps[group->start].jump != i) {
                return false;
            }
        } else if (depth > 0) {
            groups[depth - 1].moves = true;
        }
    }
    return depth == 0;
}

static bool verify_paths(berm_verify *verify)
{
    const berm_image *image = verify->image;
    for (uint32_t i = 0; i < image->listing_count; i++) {
        berm_run_ref path = image->listings[i].path;
        if (!is_good_path(verify, image->steps + path.first, path.count)) {
            return refuse_row(verify, BERM_TABLE_LISTING, i, "path");
        }
    }
    for (uint32_t i = 0; i < image->node_count; i++) {
        berm_run_ref path = image->nodes[i].path;
        if (!is_good_path(verify, image->steps + path.first, path.count)) {
            return refuse_row(verify, BERM_TABLE_NODE, i, "path");
        }
    }
    return true;
}

bool berm_verify_tables(berm_verify *verify)
{
    for (uint32_t table = 0; table < BERM_TABLE_COUNT; table++) {
        if (!verify_fields(verify, (berm_table)table)) return false;
    }
    return verify_exprs(verify) && verify_paths(verify) && berm_verify_regex(verify);
}
