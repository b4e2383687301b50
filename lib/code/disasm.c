/* Images as text: what the compiler made, for people and for tests.

     block 0: 2 registers
          0 +1 var        r0, slot 2               ; object
          1    field      r0, "name"               ; object.name
            ^ cost        ^ operands                 ^ the source, where it changes */
#include "code/image_layout.h"
#include "data/doc.h"
#include "data/functions.h"

#define DISASM_SOURCE_MAX 48u /* bytes of a source shown */
#define DISASM_SOURCE_COLUMN 44u
#define DISASM_MNEMONIC_LEN 13u

typedef struct disasm {
    berm_text *out;
    const berm_image *image;
    berm_space space; /* with the image as its only store */
    uint32_t expr;    /* the next EXPR row */
} disasm;

static berm_cell constant_at(const disasm *d, uint32_t cell)
{
    berm_cell c = d->image->store.cells[cell];
    c.store = BERM_STORE_IMAGE;
    return c;
}

static bool print_constant(disasm *d, uint32_t cell)
{
    return berm_value_print(d->out, &d->space, constant_at(d, cell), false);
}

/* --- instructions --- */

static bool print_operand(disasm *d, char kind, uint32_t value)
{
    switch (kind) {
    case 'R':
    case 'W':
    case 'X':
    case 'P': berm_text_format(d->out, "r%u", value); break;
    case 'K': return print_constant(d, value);
    case 'L':
    case 'U': berm_text_format(d->out, "@%u", value); break;
    case 'B': berm_text_format(d->out, "block %u", value); break;
    case 'V': berm_text_format(d->out, "slot %u", value); break;
    case 'F': berm_text_format(d->out, "%s", berm_function_name(value)); break;
    case 'H': berm_text_put(d->out, berm_image_text(d->image, d->image->hosts[value].name)); break;
    case 'E': berm_text_format(d->out, "error %u", value); break;
    default: break;
    }
    return true;
}

static bool is_half(char kind)
{
    return kind == 'R' || kind == 'W' || kind == 'X' || kind == 'F' || kind == 'H';
}

static bool print_word(disasm *d, const berm_ins *ins, const char kinds[3])
{
    uint32_t values[3] = {ins->a, is_half(kinds[1]) ? ins->b : ins->w, ins->c};
    bool first = true;
    for (uint32_t i = 0; i < 3; i++) {
        if (kinds[i] == '_') continue;
        if (!first) berm_text_put(d->out, BERM_STR(", "));
        if (!print_operand(d, kinds[i], values[i])) return false;
        first = false;
    }
    return true;
}

static void print_source(disasm *d, uint32_t word, size_t line_start)
{
    const berm_image *image = d->image;
    while (d->expr < image->expr_count && image->exprs[d->expr].word < word) d->expr++;
    if (d->expr == image->expr_count || image->exprs[d->expr].word != word) return;
    const berm_img_expr *expr = &image->exprs[d->expr];
    berm_str text = berm_image_text(image, image->roots[expr->root].text);
    text = berm_str_cut(text, expr->off, expr->off + expr->len);
    size_t used = d->out->len - line_start;
    berm_text_pad(d->out, ' ', used < DISASM_SOURCE_COLUMN ? DISASM_SOURCE_COLUMN - used : 1);
    berm_text_put(d->out, BERM_STR("; "));
    size_t len = text.len < DISASM_SOURCE_MAX ? text.len : DISASM_SOURCE_MAX;
    while (len < text.len && ((unsigned char)text.ptr[len] & 0xC0) == 0x80) len--;
    for (size_t i = 0; i < len; i++) {
        char c = text.ptr[i];
        berm_text_putc(d->out, (unsigned char)c < ' ' ? ' ' : c);
    }
    if (len < text.len) berm_text_put(d->out, BERM_STR(".."));
}

static void print_number(berm_text *out, uint32_t number, uint32_t width)
{
    char digits[16];
    berm_format_into(digits, sizeof digits, "%u", number);
    size_t len = strlen(digits);
    berm_text_pad(out, ' ', len < width ? width - len : 0);
    berm_text_put(out, (berm_str){digits, len});
}

static bool print_instruction(disasm *d, const berm_img_block *block, uint32_t word)
{
    const berm_ins *ins = d->image->code + block->code + word;
    const berm_op_info *info = &berm_op_infos[ins->op];
    const char kinds[3] = {info->a, info->b, info->c}, kinds2[3] = {info->a2, info->b2, info->c2};
    size_t line_start = d->out->len, name_len = strlen(info->mnemonic);
    print_number(d->out, word, 6);
    if (ins->cost) berm_text_format(d->out, " +%u", ins->cost);
    size_t used = d->out->len - line_start;
    berm_text_pad(d->out, ' ', used < 11 ? 11 - used : 1);
    berm_text_format(d->out, "%s", info->mnemonic);
    berm_text_pad(d->out, ' ', name_len < DISASM_MNEMONIC_LEN ? DISASM_MNEMONIC_LEN - name_len : 1);
    if (!print_word(d, ins, kinds)) return false;
    if (info->words == 2) {
        berm_text_put(d->out, BERM_STR("; "));
        if (!print_word(d, ins + 1, kinds2)) return false;
    }
    print_source(d, block->code + word, line_start);
    berm_text_putc(d->out, '\n');
    return !d->out->failed;
}

static bool print_block(disasm *d, uint32_t row)
{
    const berm_img_block *block = &d->image->blocks[row];
    berm_text_format(d->out, "block %u: %u registers", row, block->register_count);
    if (block->call_depth > 1) {
        berm_text_format(d->out, ", %u with calls %u deep", block->depth_registers,
                         block->call_depth);
    }
    berm_text_putc(d->out, '\n');
    for (uint32_t word = 0; word < block->code_count;) {
        if (!print_instruction(d, block, word)) return false;
        word += berm_op_infos[d->image->code[block->code + word].op].words;
    }
    return true;
}

/* --- tables --- */

static bool print_field(disasm *d, const berm_field_info *field, const uint32_t *words)
{
    berm_text_format(d->out, " %s=", field->name);
    switch (field->kind) {
    case BERM_FIELD_KIND_TEXT:
        berm_text_quote(d->out, berm_image_text(d->image, (berm_text_ref){words[0], words[1]}));
        return true;
    case BERM_FIELD_KIND_CELL:
    case BERM_FIELD_KIND_CELL_OPT:
        if (words[0] != BERM_NO_ROW) return print_constant(d, words[0]);
        berm_text_putc(d->out, '-');
        return true;
    case BERM_FIELD_KIND_RUN: berm_text_format(d->out, "%u+%u", words[0], words[1]); return true;
    default:
        if (words[0] == BERM_NO_ROW) berm_text_putc(d->out, '-');
        else berm_text_format(d->out, "%u", words[0]);
        return true;
    }
}

static bool print_table(disasm *d, berm_table table)
{
    const berm_table_info *info = &berm_table_infos[table];
    uint32_t count;
    const uint32_t *words = berm_image_rows(d->image, table, &count);
    for (uint32_t row = 0; row < count; row++) {
        berm_text_format(d->out, "%s %u:", info->name, row);
        for (uint32_t i = 0; i < info->field_count; i++) {
            if (!print_field(d, &info->fields[i], words)) return false;
            words += berm_field_words(info->fields[i].kind);
        }
        berm_text_putc(d->out, '\n');
        if (d->out->failed) return false;
    }
    return true;
}

/* BLOCK and EXPR rows are in the listing of the code already. */
static bool print_all(disasm *d)
{
    for (uint32_t row = 0; row < d->image->block_count; row++) {
        if (!print_block(d, row)) return false;
    }
    for (uint32_t table = 0; table < BERM_TABLE_COUNT; table++) {
        if (table == BERM_TABLE_BLOCK || table == BERM_TABLE_EXPR) continue;
        if (!print_table(d, (berm_table)table)) return false;
    }
    return true;
}

bool berm_image_print(berm_text *out, const berm_image *image, uint32_t block)
{
    disasm d = {.out = out, .image = image};
    berm_space_init(&d.space, out->alloc, UINT64_MAX);
    bool done = berm_space_add(&d.space, &image->store) == BERM_STORE_IMAGE;
    if (done && block == BERM_NO_ROW) done = print_all(&d);
    else if (done) done = block < image->block_count && print_block(&d, block);
    berm_space_free(&d.space);
    return done && !out->failed;
}
