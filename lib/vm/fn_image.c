/* Container image references: [registry/]repository[:tag][@digest], read as container runtimes
   read them.

   A first component with a dot, a colon or an upper-case letter, or `localhost`, is the
   registry; without one it is docker.io, where a repository of one component lies under
   library/. A reference with neither tag nor digest means the tag latest. The object's children
   are registry, repository, tag and digest; "" is none. */
#include "vm/exec.h"

enum { IMAGE_REGISTRY, IMAGE_REPOSITORY, IMAGE_TAG, IMAGE_DIGEST, IMAGE_PARTS };

#define IMAGE_NAME_MAX 255u
#define IMAGE_TAG_MAX 128u
#define IMAGE_DIGEST_MIN 32u

typedef struct reference {
    berm_str registry, repository, tag, digest;
} reference;

static bool is_lower(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_alnum(char c)
{
    return is_lower(c) || (c >= 'A' && c <= 'Z');
}

/* Position of the first (or last) `c`; s.len when there is none. */
static size_t find_char(berm_str s, char c, bool last)
{
    size_t found = s.len;
    for (size_t i = 0; i < s.len && (last || found == s.len); i++)
        if (s.ptr[i] == c) found = i;
    return found;
}

/* Letters and digits, in one case or both, with single dots or single or double underscores or
   dashes in between. */
static bool is_path_component(berm_str s)
{
    if (s.len == 0 || !is_lower(s.ptr[0]) || !is_lower(s.ptr[s.len - 1])) return false;
    for (size_t i = 1; i < s.len; i++) {
        char c = s.ptr[i];
        if (is_lower(c)) continue;
        size_t from = i;
        while (s.ptr[i + 1] == c) i++; /* the last character is none of these */
        size_t run = i - from + 1;
        if (!(c == '-' || (c == '.' && run == 1) || (c == '_' && run <= 2)) ||
            !is_lower(s.ptr[i + 1]))
            return false;
    }
    return true;
}

static bool is_repository(berm_str path)
{
    for (size_t at = 0; at <= path.len;) {
        berm_str rest = berm_str_cut(path, at, path.len);
        size_t end = find_char(rest, '/', false);
        if (!is_path_component(berm_str_cut(rest, 0, end))) return false;
        at += end + 1;
    }
    return true;
}

static bool are_digits(berm_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9') return false;
    return s.len > 0;
}

static bool is_host_part(berm_str part)
{
    if (part.len == 0 || !is_alnum(part.ptr[0]) || !is_alnum(part.ptr[part.len - 1])) return false;
    for (size_t i = 0; i < part.len; i++)
        if (!is_alnum(part.ptr[i]) && part.ptr[i] != '-') return false;
    return true;
}

/* A host name, or an IPv6 address in brackets, with an optional port. */
static bool is_registry(berm_str s)
{
    size_t end;
    if (s.len && s.ptr[0] == '[') {
        end = find_char(s, ']', false);
        if (end == s.len || end < 3) return false;
        for (size_t i = 1; i < end; i++)
            if (!is_alnum(s.ptr[i]) && s.ptr[i] != ':') return false;
        end++;
    } else {
        end = find_char(s, ':', false);
        for (size_t at = 0; at <= end;) {
            berm_str rest = berm_str_cut(s, at, end);
            size_t dot = find_char(rest, '.', false);
            if (!is_host_part(berm_str_cut(rest, 0, dot))) return false;
            at += dot + 1;
        }
    }
    return end == s.len || (s.ptr[end] == ':' && are_digits(berm_str_cut(s, end + 1, s.len)));
}

static bool is_tag(berm_str s)
{
    if (s.len == 0 || s.len > IMAGE_TAG_MAX || s.ptr[0] == '.' || s.ptr[0] == '-') return false;
    for (size_t i = 0; i < s.len; i++)
        if (!is_alnum(s.ptr[i]) && !strchr("_.-", s.ptr[i])) return false;
    return !memchr(s.ptr, 0, s.len);
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool is_digest(berm_str s)
{
    size_t colon = find_char(s, ':', false);
    if (colon == 0 || colon == s.len || s.len - colon - 1 < IMAGE_DIGEST_MIN) return false;
    for (size_t i = 0; i < colon; i++)
        if (!is_alnum(s.ptr[i]) && s.ptr[i] != '+' && s.ptr[i] != '.' && s.ptr[i] != '_' &&
            s.ptr[i] != '-')
            return false;
    for (size_t i = colon + 1; i < s.len; i++)
        if (!is_hex(s.ptr[i])) return false;
    return true;
}

static bool names_registry(berm_str component)
{
    if (berm_str_is(component, "localhost")) return true;
    for (size_t i = 0; i < component.len; i++) {
        char c = component.ptr[i];
        if (c == '.' || c == ':' || (c >= 'A' && c <= 'Z')) return true;
    }
    return false;
}

/* Takes off what follows `mark` at `at`; "" when there is no mark. */
static berm_str take_behind(berm_str *s, size_t at)
{
    berm_str behind = {"", 0};
    if (at < s->len) {
        behind = berm_str_cut(*s, at + 1, s->len);
        s->len = at;
    }
    return behind;
}

static bool read_reference(berm_str s, reference *ref)
{
    size_t at = find_char(s, '@', false);
    bool digest = at < s.len;
    ref->digest = take_behind(&s, at);
    if (digest && !is_digest(ref->digest)) return false;
    size_t slash = find_char(s, '/', true), colon = find_char(s, ':', true);
    bool tag = colon < s.len && (slash == s.len || colon > slash);
    ref->tag = take_behind(&s, tag ? colon : s.len);
    if (tag && !is_tag(ref->tag)) return false;
    if (!tag && !digest) ref->tag = BERM_STR("latest");
    if (s.len > IMAGE_NAME_MAX) return false;
    slash = find_char(s, '/', false);
    ref->registry = BERM_STR("docker.io");
    ref->repository = s;
    if (slash < s.len && names_registry(berm_str_cut(s, 0, slash))) {
        ref->registry = berm_str_cut(s, 0, slash);
        ref->repository = berm_str_cut(s, slash + 1, s.len);
        if (berm_str_is(ref->registry, "index.docker.io")) ref->registry = BERM_STR("docker.io");
    }
    return is_registry(ref->registry) && is_repository(ref->repository);
}

/* The repository as the registry knows it. */
static berm_cell full_repository(berm_vm *vm, const reference *ref)
{
    char name[IMAGE_NAME_MAX + sizeof "library/"];
    bool implied = berm_str_is(ref->registry, "docker.io") &&
                   find_char(ref->repository, '/', false) == ref->repository.len;
    if (!implied) return berm_fn_text(vm, ref->repository);
    memcpy(name, "library/", 8);
    memcpy(name + 8, ref->repository.ptr, ref->repository.len);
    return berm_fn_text(vm, (berm_str){name, ref->repository.len + 8});
}

BERM_FN_BODY(IMAGE)
{
    reference ref;
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    if (!read_reference(berm_text_of(&vm->space, *args), &ref)) {
        return berm_fn_fail_conversion(vm, *args, BERM_TYPE_IMAGE, word);
    }
    berm_cell image = {.tag = BERM_TAG_OBJECT, .aux = BERM_TYPE_IMAGE};
    berm_cell *parts = berm_space_cells(&vm->space, IMAGE_PARTS, &image);
    if (!parts) return *args;
    for (uint32_t i = 0; i < IMAGE_PARTS; i++) parts[i] = berm_cell_of(BERM_TAG_NULL);
    parts[IMAGE_REGISTRY] = berm_fn_text(vm, ref.registry);
    parts[IMAGE_REPOSITORY] = full_repository(vm, &ref);
    parts[IMAGE_TAG] = berm_fn_text(vm, ref.tag);
    parts[IMAGE_DIGEST] = berm_fn_text(vm, ref.digest);
    return image;
}

BERM_FN_BODY(IS_IMAGE)
{
    reference ref;
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    return berm_cell_bool(read_reference(berm_text_of(&vm->space, *args), &ref));
}

static bool is_image(berm_cell c)
{
    return c.tag == BERM_TAG_OBJECT && c.aux == BERM_TYPE_IMAGE && c.as.ref.len == IMAGE_PARTS;
}

static berm_cell image_part(berm_vm *vm, berm_cell image, uint32_t part, uint32_t word)
{
    if (!is_image(image)) return berm_no_overload(vm, &image, 1, word);
    return berm_list_at(&vm->space, image, part);
}

BERM_FN_BODY(IMAGE_REGISTRY)
{
    return image_part(vm, *args, IMAGE_REGISTRY, word);
}

BERM_FN_BODY(IMAGE_REPOSITORY)
{
    return image_part(vm, *args, IMAGE_REPOSITORY, word);
}

BERM_FN_BODY(IMAGE_TAG)
{
    return image_part(vm, *args, IMAGE_TAG, word);
}

BERM_FN_BODY(IMAGE_DIGEST)
{
    return image_part(vm, *args, IMAGE_DIGEST, word);
}

BERM_FN_BODY(IMAGE_NAME)
{
    if (!is_image(*args)) return berm_no_overload(vm, args, 1, word);
    berm_text name;
    berm_text_init(&name, vm->space.alloc);
    berm_cell registry = berm_list_at(&vm->space, *args, IMAGE_REGISTRY);
    berm_cell repository = berm_list_at(&vm->space, *args, IMAGE_REPOSITORY);
    if (registry.tag == BERM_TAG_STRING) berm_text_put(&name, berm_text_of(&vm->space, registry));
    berm_text_putc(&name, '/');
    if (repository.tag == BERM_TAG_STRING)
        berm_text_put(&name, berm_text_of(&vm->space, repository));
    return berm_fn_take_text(vm, &name);
}
