/* Semantic versions (semver.org 2.0.0), Kubernetes' semver library.

     kubernetes.Semver  major, minor, patch, what stands behind the dash, text

   Build metadata is in the text only: it does not count when versions are compared. */
#include "base/number.h"
#include "vm/object.h"

enum { SEMVER_MAJOR, SEMVER_MINOR, SEMVER_PATCH, SEMVER_PRE, SEMVER_TEXT, SEMVER_PARTS };

typedef struct semver_parts {
    uint64_t numbers[3];
    berm_str pre; /* "" is none: alpha.1 */
} semver_parts;

/* --- reading --- */

/* The text up to `mark`, which is taken off with it; all of it where there is no mark. */
static berm_str take_until(berm_str *s, char mark)
{
    const char *at = s->len ? memchr(s->ptr, mark, s->len) : NULL;
    size_t len = at ? (size_t)(at - s->ptr) : s->len;
    berm_str head = berm_str_cut(*s, 0, len);
    *s = berm_str_cut(*s, at ? len + 1 : len, s->len);
    return head;
}

static bool is_version_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

static bool is_numeric(berm_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9') return false;
    return s.len > 0;
}

/* A number without leading zeros that fits. */
static bool read_version_number(berm_str s, uint64_t *number)
{
    return is_numeric(s) && !(s.len > 1 && s.ptr[0] == '0') && berm_parse_uint(s, number);
}

/* Identifiers with dots between; of a prerelease those that are numbers have no leading zeros. */
static bool are_identifiers(berm_str s, bool prerelease)
{
    bool more = true;
    while (more) {
        more = s.len && memchr(s.ptr, '.', s.len);
        berm_str part = take_until(&s, '.');
        uint64_t number;
        if (part.len == 0) return false;
        for (size_t i = 0; i < part.len; i++)
            if (!is_version_char(part.ptr[i])) return false;
        if (prerelease && is_numeric(part) && !read_version_number(part, &number)) return false;
    }
    return true;
}

static bool read_version(berm_str s, semver_parts *v)
{
    bool build = s.len && memchr(s.ptr, '+', s.len);
    berm_str core = take_until(&s, '+');
    if (build && !are_identifiers(s, false)) return false;
    bool pre = core.len && memchr(core.ptr, '-', core.len);
    berm_str numbers = take_until(&core, '-');
    v->pre = core;
    if (pre && !are_identifiers(core, true)) return false;
    for (int i = 0; i < 3; i++) {
        bool more = numbers.len && memchr(numbers.ptr, '.', numbers.len);
        if (more != (i < 2)) return false;
        if (!read_version_number(take_until(&numbers, '.'), &v->numbers[i])) return false;
    }
    return true;
}

/* A part of a version that is to be normalised: leading zeros go, but one digit stays. */
static void put_normal_part(berm_text *out, berm_str part)
{
    if (part.len > 1) {
        size_t zeros = 0;
        while (zeros < part.len && part.ptr[zeros] == '0') zeros++;
        part = berm_str_cut(part, zeros, part.len);
        if (part.len == 0 || part.ptr[0] < '0' || part.ptr[0] > '9') berm_text_putc(out, '0');
    }
    berm_text_put(out, part);
}

/* "v1.02" as 1.2.0: no v, no leading zeros, three numbers. False when numbers are missing in front
   of a prerelease or build metadata. */
static bool put_normal(berm_text *out, berm_str s)
{
    if (s.len && s.ptr[0] == 'v') s = berm_str_cut(s, 1, s.len);
    for (int i = 0; i < 3; i++) {
        bool last = i == 2 || !s.len || !memchr(s.ptr, '.', s.len);
        berm_str part = last ? s : take_until(&s, '.');
        put_normal_part(out, part);
        if (!last) {
            berm_text_putc(out, '.');
            continue;
        }
        if (i < 2 && part.len &&
            (memchr(part.ptr, '+', part.len) || memchr(part.ptr, '-', part.len)))
            return false;
        berm_text_put(out, i == 0 ? BERM_STR(".0.0") : i == 1 ? BERM_STR(".0") : BERM_STR(""));
        return true;
    }
    return true;
}

/* The version that a text means; the text as it is read is left in *normal, which the caller
   frees. */
static bool parse_version(berm_vm *vm, const berm_cell *args, bool normalize, berm_text *normal,
                          semver_parts *v)
{
    berm_text_init(normal, vm->space.alloc);
    berm_str text = berm_text_of(&vm->space, *args);
    if (!normalize) berm_text_put(normal, text);
    else if (!put_normal(normal, text)) return false;
    return !normal->failed && read_version(berm_text_view(normal), v);
}

static berm_cell check_version(berm_vm *vm, const berm_cell *args, bool normalize)
{
    berm_text normal;
    semver_parts v;
    bool fine = parse_version(vm, args, normalize, &normal, &v);
    if (normal.failed && vm->space.status == BERM_OK) vm->space.status = BERM_E_NOMEM;
    berm_text_free(&normal);
    return berm_cell_bool(fine);
}

static berm_cell make_version(berm_vm *vm, const berm_cell *args, bool normalize, uint32_t word)
{
    berm_text normal;
    semver_parts v;
    if (!parse_version(vm, args, normalize, &normal, &v)) {
        if (normal.failed && vm->space.status == BERM_OK) vm->space.status = BERM_E_NOMEM;
        berm_text_free(&normal);
        return berm_fn_fail_conversion(vm, *args, BERM_TYPE_SEMVER, word);
    }
    berm_cell parts[SEMVER_PARTS] = {[SEMVER_MAJOR] = berm_cell_uint(v.numbers[0]),
                                     [SEMVER_MINOR] = berm_cell_uint(v.numbers[1]),
                                     [SEMVER_PATCH] = berm_cell_uint(v.numbers[2]),
                                     [SEMVER_PRE] = berm_fn_text(vm, v.pre)};
    parts[SEMVER_TEXT] = berm_fn_take_text(vm, &normal);
    return berm_object_new(vm, BERM_TYPE_SEMVER, parts, SEMVER_PARTS);
}

BERM_FN_BODY(SEMVER)
{
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    return make_version(vm, args, false, word);
}

BERM_FN_BODY(SEMVER_NORMAL)
{
    if (args[0].tag != BERM_TAG_STRING || args[1].tag != BERM_TAG_BOOL)
        return berm_no_overload(vm, args, 2, word);
    return make_version(vm, args, berm_cell_is_true(args[1]), word);
}

BERM_FN_BODY(IS_SEMVER)
{
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    return check_version(vm, args, false);
}

BERM_FN_BODY(IS_SEMVER_NORMAL)
{
    if (args[0].tag != BERM_TAG_STRING || args[1].tag != BERM_TAG_BOOL)
        return berm_no_overload(vm, args, 2, word);
    return check_version(vm, args, berm_cell_is_true(args[1]));
}

/* --- looking into them --- */

/* A number that is larger than an int is an error. */
static berm_cell get_version_number(berm_vm *vm, const berm_cell *args, uint32_t part,
                                    uint32_t word)
{
    if (!berm_is_object(*args, BERM_TYPE_SEMVER)) return berm_no_overload(vm, args, 1, word);
    berm_cell number = berm_object_part(vm, *args, part);
    if (number.as.u > INT64_MAX)
        return berm_value_error(&vm->space, BERM_ERR_OVERFLOW, word, NULL, 0);
    return berm_cell_int(number.as.i);
}

BERM_FN_BODY(SEMVER_MAJOR)
{
    return get_version_number(vm, args, SEMVER_MAJOR, word);
}

BERM_FN_BODY(SEMVER_MINOR)
{
    return get_version_number(vm, args, SEMVER_MINOR, word);
}

BERM_FN_BODY(SEMVER_PATCH)
{
    return get_version_number(vm, args, SEMVER_PATCH, word);
}

/* Numbers by value and before words, words by their letters. */
static int compare_identifiers(berm_str a, berm_str b)
{
    uint64_t x = 0, y = 0;
    bool a_number = read_version_number(a, &x), b_number = read_version_number(b, &y);
    if (a_number != b_number) return a_number ? -1 : 1;
    return a_number ? (x > y) - (x < y) : berm_str_compare(a, b);
}

/* What has none comes behind all that have one; of two that begin alike the longer is behind. */
static int compare_prereleases(berm_str a, berm_str b)
{
    if (!a.len || !b.len) return (int)(a.len == 0) - (int)(b.len == 0);
    while (a.len && b.len) {
        int order = compare_identifiers(take_until(&a, '.'), take_until(&b, '.'));
        if (order != 0) return order;
    }
    return (int)(a.len > 0) - (int)(b.len > 0);
}

int berm_semver_compare(berm_vm *vm, berm_cell a, berm_cell b)
{
    for (uint32_t i = SEMVER_MAJOR; i <= SEMVER_PATCH; i++) {
        uint64_t x = berm_object_part(vm, a, i).as.u, y = berm_object_part(vm, b, i).as.u;
        if (x != y) return x < y ? -1 : 1;
    }
    berm_str pre = berm_object_text(vm, a, SEMVER_PRE), other = berm_object_text(vm, b, SEMVER_PRE);
    if (!berm_space_spend(&vm->space, (pre.len < other.len ? pre.len : other.len) / 16)) return 0;
    return compare_prereleases(pre, other);
}
