/* The urls library of Kubernetes.

     kubernetes.URL  scheme, host with its port, path, query as written, text */
#include "base/utf8.h"
#include "data/tree.h"
#include "vm/object.h"
#include "vm/url.h"

enum { URL_SCHEME, URL_HOST, URL_PATH, URL_QUERY, URL_TEXT, URL_PARTS };

/* A text that was put together as a string; what is not UTF-8 (%ff) is an error. */
static berm_cell take_utf8(berm_vm *vm, berm_text *text, uint32_t word)
{
    if (!text->failed && berm_utf8_invalid(text->ptr, text->len) < text->len) {
        berm_text_free(text);
        return berm_value_error(&vm->space, BERM_ERR_UTF8, word, NULL, 0);
    }
    return berm_fn_take_text(vm, text);
}

static berm_cell make_host(berm_vm *vm, berm_str host, uint32_t word)
{
    berm_text text;
    berm_text_init(&text, vm->space.alloc);
    size_t zone = host.len; /* where an IPv6 address has one, it has an escape of its own */
    for (size_t i = 0; i + 3 <= host.len && host.ptr[0] == '['; i++) {
        if (memcmp(host.ptr + i, "%25", 3) != 0) continue;
        zone = i;
        break;
    }
    (void)berm_url_unescape(&text, berm_str_cut(host, 0, zone), BERM_URL_HOST);
    (void)berm_url_unescape(&text, berm_str_cut(host, zone, host.len), BERM_URL_ZONE);
    return take_utf8(vm, &text, word);
}

static berm_cell make_scheme(berm_vm *vm, berm_str scheme)
{
    berm_cell cell = berm_cell_of(BERM_TAG_STRING);
    char *to = berm_space_text(&vm->space, (uint32_t)scheme.len, &cell);
    for (size_t i = 0; to && i < scheme.len; i++) {
        char c = scheme.ptr[i];
        to[i] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    return cell;
}

static berm_cell make_url(berm_vm *vm, const berm_url *url, uint32_t word)
{
    berm_text path, text;
    berm_text_init(&path, vm->space.alloc);
    berm_text_init(&text, vm->space.alloc);
    berm_url_put_path(&path, url->path);
    berm_url_print(&text, url);
    berm_cell parts[URL_PARTS] = {[URL_SCHEME] = make_scheme(vm, url->scheme),
                                  [URL_HOST] = make_host(vm, url->host, word),
                                  [URL_PATH] = berm_fn_take_text(vm, &path),
                                  [URL_QUERY] = berm_fn_text(vm, url->query),
                                  [URL_TEXT] = berm_fn_take_text(vm, &text)};
    if (parts[URL_HOST].tag == BERM_TAG_ERROR) return parts[URL_HOST];
    return berm_object_new(vm, BERM_TYPE_URL, parts, URL_PARTS);
}

BERM_FN_BODY(URL)
{
    berm_url url;
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    berm_str text = berm_text_of(&vm->space, *args);
    if (berm_url_check(text) || berm_url_split(text, &url)) {
        return berm_fn_fail_conversion(vm, *args, BERM_TYPE_URL, word);
    }
    return make_url(vm, &url, word);
}

BERM_FN_BODY(IS_URL)
{
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    return berm_cell_bool(!berm_url_check(berm_text_of(&vm->space, *args)));
}

/* --- parts --- */

static berm_cell get_url_part(berm_vm *vm, const berm_cell *args, uint32_t part, uint32_t word)
{
    if (!berm_is_object(*args, BERM_TYPE_URL)) return berm_no_overload(vm, args, 1, word);
    return berm_object_part(vm, *args, part);
}

BERM_FN_BODY(URL_SCHEME)
{
    return get_url_part(vm, args, URL_SCHEME, word);
}

BERM_FN_BODY(URL_HOST)
{
    return get_url_part(vm, args, URL_HOST, word);
}

BERM_FN_BODY(URL_ESCAPED_PATH)
{
    return get_url_part(vm, args, URL_PATH, word);
}

/* Where the port begins, its colon included: at the end of a host without one. */
static uint32_t find_port(berm_str host)
{
    size_t at = host.len;
    while (at > 0 && host.ptr[at - 1] >= '0' && host.ptr[at - 1] <= '9') at--;
    return (uint32_t)(at > 0 && host.ptr[at - 1] == ':' ? at - 1 : host.len);
}

BERM_FN_BODY(URL_HOSTNAME)
{
    berm_cell host = get_url_part(vm, args, URL_HOST, word);
    if (host.tag != BERM_TAG_STRING) return host;
    berm_str text = berm_text_of(&vm->space, host);
    uint32_t from = 0, to = find_port(text);
    if (to >= 2 && text.ptr[0] == '[' && text.ptr[to - 1] == ']') {
        from++;
        to--;
    }
    return berm_cut_text(host, from, to);
}

BERM_FN_BODY(URL_PORT)
{
    berm_cell host = get_url_part(vm, args, URL_HOST, word);
    if (host.tag != BERM_TAG_STRING) return host;
    uint32_t at = find_port(berm_text_of(&vm->space, host));
    return berm_cut_text(host, at < host.as.ref.len ? at + 1 : at, host.as.ref.len);
}

/* --- the query as a map of lists --- */

/* The next key=value of a query, unescaped; false at the end. What is malformed is left out, as are
   pairs with a semicolon. Errors are in *key. */
static bool next_pair(berm_vm *vm, berm_str *query, berm_cell *key, berm_cell *value, uint32_t word)
{
    while (query->len) {
        const char *end = memchr(query->ptr, '&', query->len);
        size_t len = end ? (size_t)(end - query->ptr) : query->len;
        berm_str name = berm_str_cut(*query, 0, len), rest = berm_str_cut(name, len, len);
        *query = berm_str_cut(*query, end ? len + 1 : len, query->len);
        if (name.len == 0 || memchr(name.ptr, ';', name.len)) continue;
        const char *equals = memchr(name.ptr, '=', name.len);
        if (equals) {
            size_t at = (size_t)(equals - name.ptr);
            rest = berm_str_cut(name, at + 1, name.len);
            name.len = at;
        }
        berm_text left, right;
        berm_text_init(&left, vm->space.alloc);
        berm_text_init(&right, vm->space.alloc);
        bool fine = berm_url_unescape(&left, name, BERM_URL_QUERY) &&
                    berm_url_unescape(&right, rest, BERM_URL_QUERY);
        if (fine) {
            *key = take_utf8(vm, &left, word);
            *value = take_utf8(vm, &right, word);
            if (value->tag == BERM_TAG_ERROR) *key = *value;
            return true;
        }
        berm_text_free(&left);
        berm_text_free(&right);
    }
    return false;
}

/* Pairs in the order of the query: keys in even places, values in odd ones. An error instead, or
   MISSING without memory. */
static berm_cell read_pairs(berm_vm *vm, berm_str query, uint32_t word)
{
    uint32_t most = 1, count = 0;
    berm_cell list;
    for (size_t i = 0; i < query.len; i++) most += query.ptr[i] == '&';
    berm_cell *cells = berm_list_new(vm, 2 * most, &list);
    if (!cells || !berm_space_spend(&vm->space, query.len / 16 + most)) {
        return berm_cell_of(BERM_TAG_MISSING);
    }
    berm_cell key, value;
    while (next_pair(vm, &query, &key, &value, word)) {
        if (key.tag != BERM_TAG_STRING) return key;
        cells[count++] = key;
        cells[count++] = value;
    }
    list.as.ref.len = count;
    return list;
}

/* Every other cell of a list, from `first` on. */
static berm_cell pick_alternate(berm_vm *vm, berm_cell pairs, uint32_t first)
{
    berm_cell list;
    uint32_t count = pairs.as.ref.len / 2;
    berm_cell *cells = berm_list_new(vm, count, &list);
    for (uint32_t i = 0; cells && i < count; i++)
        cells[i] = berm_list_at(&vm->space, pairs, 2 * i + first);
    return list;
}

static bool are_same_texts(const berm_vm *vm, berm_cell a, berm_cell b)
{
    return berm_str_equal(berm_text_of(&vm->space, a), berm_text_of(&vm->space, b));
}

/* The values of equal keys together: sorted by key (stably), each key's are a slice of the list. */
static berm_cell group_pairs(berm_vm *vm, berm_cell pairs, uint32_t word)
{
    uint32_t count = pairs.as.ref.len / 2, member_count = 0;
    berm_cell keys = pick_alternate(vm, pairs, 0), values = pick_alternate(vm, pairs, 1);
    if (vm->space.status != BERM_OK) return pairs;
    values = berm_op_sort(vm, values, keys, word);
    keys = berm_op_sort(vm, keys, keys, word);
    berm_cell map = berm_cell_of(BERM_TAG_MAP), before = map;
    berm_cell *members =
        berm_space_cells(&vm->space, 2 * count + berm_map_order_cells(count), &map);
    if (vm->space.status != BERM_OK) return pairs;
    for (uint32_t i = 0; i < count; i++) {
        berm_cell key = berm_list_at(&vm->space, keys, i);
        if (i == 0 || !are_same_texts(vm, key, before)) {
            berm_cell slice = values;
            slice.as.ref.off += i;
            slice.as.ref.len = 0;
            members[2 * member_count] = key;
            members[2 * member_count++ + 1] = slice;
        }
        members[2 * member_count - 1].as.ref.len++;
        before = key;
    }
    map.as.ref.len = berm_map_finish(&vm->space, members, member_count, NULL);
    return map;
}

BERM_FN_BODY(URL_QUERY)
{
    berm_cell query = get_url_part(vm, args, URL_QUERY, word);
    if (query.tag != BERM_TAG_STRING) return query;
    berm_cell pairs = read_pairs(vm, berm_text_of(&vm->space, query), word);
    return pairs.tag == BERM_TAG_LIST ? group_pairs(vm, pairs, word) : pairs;
}
