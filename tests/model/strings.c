/* The string functions, over arrays of code points. */
#include "base/utf8.h"
#include "operate.h"

/* A text, taken apart. */
typedef struct runes {
    int32_t *at;
    size_t count;
} runes;

static runes take_apart(heap *h, berm_str s)
{
    runes r = {heap_new(h, (s.len + 1) * sizeof(int32_t)), 0};
    (void)heap_spend(h, s.len);
    for (size_t pos = 0; pos < s.len;) r.at[r.count++] = berm_utf8_next(s, &pos);
    return r;
}

static void put_runes(berm_text *t, const int32_t *at, size_t count)
{
    char buffer[4];
    for (size_t i = 0; i < count; i++)
        berm_text_put(t, (berm_str){buffer, berm_utf8_encode((uint32_t)at[i], buffer)});
}

static const value *put_together(heap *h, const int32_t *at, size_t count)
{
    berm_text t;
    text_begin(&t);
    put_runes(&t, at, count);
    return text_end(h, &t);
}

static bool stands_at(runes text, size_t at, runes part)
{
    if (part.count > text.count || at > text.count - part.count) return false;
    for (size_t i = 0; i < part.count; i++)
        if (text.at[at + i] != part.at[i]) return false;
    return true;
}

static const value *out_of_range(heap *h)
{
    return make_error(h, "INDEX_RANGE");
}

/* --- looking --- */

static const value *contains(heap *h, const value *const *args)
{
    runes text = take_apart(h, args[0]->text), part = take_apart(h, args[1]->text);
    for (size_t i = 0; i <= text.count; i++)
        if (stands_at(text, i, part)) return make_bool(true);
    return make_bool(false);
}

static const value *starts_with(heap *h, const value *const *args)
{
    return make_bool(stands_at(take_apart(h, args[0]->text), 0, take_apart(h, args[1]->text)));
}

static const value *ends_with(heap *h, const value *const *args)
{
    runes text = take_apart(h, args[0]->text), part = take_apart(h, args[1]->text);
    return make_bool(part.count <= text.count && stands_at(text, text.count - part.count, part));
}

static const value *matches(heap *h, const value *const *args)
{
    return match_pattern(h, args[0]->text, args[1]->text);
}

static const value *char_at(heap *h, const value *const *args)
{
    runes text = take_apart(h, args[0]->text);
    int64_t i = args[1]->i;
    if (i < 0 || (uint64_t)i > text.count) return out_of_range(h);
    return put_together(h, text.at + i, (uint64_t)i < text.count);
}

static const value *index_of(heap *h, const value *const *args)
{
    runes text = take_apart(h, args[0]->text), part = take_apart(h, args[1]->text);
    for (size_t i = 0; i <= text.count; i++)
        if (stands_at(text, i, part)) return make_int(h, (int64_t)i);
    return make_int(h, -1);
}

static const value *index_of_from(heap *h, const value *const *args)
{
    runes text = take_apart(h, args[0]->text), part = take_apart(h, args[1]->text);
    int64_t from = args[2]->i;
    if (from < 0 || (uint64_t)from > text.count) return out_of_range(h);
    for (size_t i = (size_t)from; i <= text.count; i++)
        if (stands_at(text, i, part)) return make_int(h, (int64_t)i);
    return make_int(h, -1);
}

static const value *last_from(heap *h, runes text, runes part, size_t from)
{
    for (size_t i = from + 1; i-- > 0;)
        if (stands_at(text, i, part)) return make_int(h, (int64_t)i);
    return make_int(h, -1);
}

static const value *last_index_of(heap *h, const value *const *args)
{
    runes text = take_apart(h, args[0]->text);
    return last_from(h, text, take_apart(h, args[1]->text), text.count);
}

static const value *last_index_of_from(heap *h, const value *const *args)
{
    runes text = take_apart(h, args[0]->text), part = take_apart(h, args[1]->text);
    int64_t from = args[2]->i;
    if (from < 0 || (uint64_t)from > text.count) return out_of_range(h);
    if ((uint64_t)from == text.count && part.count) return make_int(h, -1);
    return last_from(h, text, part, (size_t)from);
}

/* --- changing --- */

static const value *turn_letters(heap *h, berm_str s, char first, char last)
{
    char *copy = heap_text(h, s.len);
    for (size_t i = 0; i < s.len; i++) {
        bool letter = s.ptr[i] >= first && s.ptr[i] <= last;
        copy[i] = (char)(letter ? s.ptr[i] ^ 0x20 : s.ptr[i]);
    }
    return make_string(h, (berm_str){copy, s.len});
}

static const value *lower_ascii(heap *h, const value *const *args)
{
    return turn_letters(h, args[0]->text, 'A', 'Z');
}

static const value *upper_ascii(heap *h, const value *const *args)
{
    return turn_letters(h, args[0]->text, 'a', 'z');
}

/* At most `most` times; negative: everywhere. Nothing is found before each code point and at the
   end. */
static const value *replace_some(heap *h, const value *const *args, int64_t most)
{
    runes text = take_apart(h, args[0]->text), old = take_apart(h, args[1]->text);
    berm_text t;
    text_begin(&t);
    for (size_t i = 0; i <= text.count;) {
        bool found = most != 0 && stands_at(text, i, old);
        if (found) {
            berm_text_put(&t, args[2]->text);
            if (most > 0) most--;
            i += old.count;
        }
        if (!found || old.count == 0) {
            if (i < text.count) put_runes(&t, text.at + i, 1);
            i++;
        }
    }
    return text_end(h, &t);
}

static const value *replace(heap *h, const value *const *args)
{
    return replace_some(h, args, -1);
}

static const value *replace_count(heap *h, const value *const *args)
{
    return replace_some(h, args, args[3]->i);
}

static const value *split_some(heap *h, const value *const *args, int64_t most)
{
    runes text = take_apart(h, args[0]->text), part = take_apart(h, args[1]->text);
    items pieces = {0};
    size_t from = 0;
    if (most == 0 || (part.count == 0 && text.count == 0)) return make_list(h, NULL, 0);
    for (size_t i = part.count == 0; i < text.count + (part.count > 0);) {
        bool room = most < 0 || (int64_t)pieces.count + 1 < most;
        if (!room) break;
        if (!stands_at(text, i, part)) {
            i++;
            continue;
        }
        items_push(h, &pieces, put_together(h, text.at + from, i - from));
        from = i + part.count;
        i = part.count ? from : i + 1;
    }
    items_push(h, &pieces, put_together(h, text.at + from, text.count - from));
    return make_list(h, pieces.at, pieces.count);
}

static const value *split(heap *h, const value *const *args)
{
    return split_some(h, args, -1);
}

static const value *split_count(heap *h, const value *const *args)
{
    return split_some(h, args, args[2]->i);
}

static const value *substring(heap *h, const value *const *args)
{
    runes text = take_apart(h, args[0]->text);
    int64_t from = args[1]->i;
    if (from < 0 || (uint64_t)from > text.count) return out_of_range(h);
    return put_together(h, text.at + from, text.count - (size_t)from);
}

static const value *substring_to(heap *h, const value *const *args)
{
    runes text = take_apart(h, args[0]->text);
    int64_t from = args[1]->i, to = args[2]->i;
    if (from < 0 || (uint64_t)from > text.count || to < 0 || (uint64_t)to > text.count)
        return out_of_range(h);
    if (from > to) return make_error(h, "");
    return put_together(h, text.at + from, (size_t)(to - from));
}

/* Unicode's White_Space. */
static bool is_space(int32_t c)
{
    static const int32_t others[] = {0x20,   0x85,   0xa0,   0x1680, 0x2028,
                                     0x2029, 0x202f, 0x205f, 0x3000};
    if ((c >= 9 && c <= 13) || (c >= 0x2000 && c <= 0x200a)) return true;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (c == others[i]) return true;
    return false;
}

static const value *trim(heap *h, const value *const *args)
{
    runes text = take_apart(h, args[0]->text);
    size_t from = 0, to = text.count;
    while (from < to && is_space(text.at[from])) from++;
    while (to > from && is_space(text.at[to - 1])) to--;
    return put_together(h, text.at + from, to - from);
}

static const value *reverse_text(heap *h, const value *const *args)
{
    runes text = take_apart(h, args[0]->text);
    for (size_t i = 0; i < text.count / 2; i++) {
        int32_t c = text.at[i];
        text.at[i] = text.at[text.count - 1 - i];
        text.at[text.count - 1 - i] = c;
    }
    return put_together(h, text.at, text.count);
}

static const value *join_with(heap *h, const value *list, berm_str between)
{
    berm_text t;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i]->kind != V_STRING) return make_error(h, "");
    text_begin(&t);
    for (size_t i = 0; i < list->count; i++) {
        if (i) berm_text_put(&t, between);
        berm_text_put(&t, list->items[i]->text);
    }
    return text_end(h, &t);
}

static const value *join(heap *h, const value *const *args)
{
    return join_with(h, args[0], BERM_STR(""));
}

static const value *join_by(heap *h, const value *const *args)
{
    return join_with(h, args[0], args[1]->text);
}

static const value *quote(heap *h, const value *const *args)
{
    static const char plain[] = "\a\b\f\n\r\t\v\\\"", letters[] = "abfnrtv\\\"";
    berm_str s = args[0]->text;
    berm_text t;
    text_begin(&t);
    berm_text_putc(&t, '"');
    for (size_t i = 0; i < s.len; i++) {
        const char *special = s.ptr[i] ? strchr(plain, s.ptr[i]) : NULL;
        if (special) berm_text_putc(&t, '\\');
        berm_text_putc(&t, special ? letters[special - plain] : s.ptr[i]);
    }
    berm_text_putc(&t, '"');
    return text_end(h, &t);
}

/* * is any run, ? one code point. */
static bool globs(runes pattern, size_t p, runes text, size_t t)
{
    if (p == pattern.count) return t == text.count;
    if (pattern.at[p] == '*')
        return globs(pattern, p + 1, text, t) || (t < text.count && globs(pattern, p, text, t + 1));
    if (t == text.count) return false;
    return (pattern.at[p] == '?' || pattern.at[p] == text.at[t]) &&
           globs(pattern, p + 1, text, t + 1);
}

static const value *glob(heap *h, const value *const *args)
{
    return make_bool(globs(take_apart(h, args[1]->text), 0, take_apart(h, args[0]->text), 0));
}

const function_row string_rows[] = {
    {"contains", true, "ss", contains},
    {"startsWith", true, "ss", starts_with},
    {"endsWith", true, "ss", ends_with},
    {"matches", true, "ss", matches},
    {"matches", false, "ss", matches},
    {"charAt", true, "si", char_at},
    {"indexOf", true, "ss", index_of},
    {"indexOf", true, "ssi", index_of_from},
    {"lastIndexOf", true, "ss", last_index_of},
    {"lastIndexOf", true, "ssi", last_index_of_from},
    {"lowerAscii", true, "s", lower_ascii},
    {"upperAscii", true, "s", upper_ascii},
    {"replace", true, "sss", replace},
    {"replace", true, "sssi", replace_count},
    {"split", true, "ss", split},
    {"split", true, "ssi", split_count},
    {"substring", true, "si", substring},
    {"substring", true, "sii", substring_to},
    {"trim", true, "s", trim},
    {"reverse", true, "s", reverse_text},
    {"join", true, "L", join},
    {"join", true, "Ls", join_by},
    {"strings.quote", false, "s", quote},
    {"format", true, "sL", format_values},
    {"glob", false, "ss", glob},
    {NULL, false, NULL, NULL},
};
