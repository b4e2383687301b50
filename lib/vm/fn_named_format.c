/* The format library of Kubernetes: named formats of strings. validate() gives what is wrong, in
   the words of Kubernetes' own validation, which people search for.

     kubernetes.NamedFormat  name */
#include "data/time.h"
#include "vm/object.h"
#include "vm/url.h"

#define LABEL_MAX 63u
#define SUBDOMAIN_MAX 253u
#define FAULTS_MAX 3u

/* What is wrong with a text: up to three messages. */
typedef struct format_faults {
    berm_vm *vm;
    berm_cell messages[FAULTS_MAX];
    uint32_t count;
} format_faults;

static void note_fault(format_faults *faults, const char *format, ...)
{
    berm_text text;
    va_list args;
    if (faults->count == FAULTS_MAX) return;
    berm_text_init(&text, faults->vm->space.alloc);
    va_start(args, format);
    berm_text_vformat(&text, format, args);
    va_end(args);
    faults->messages[faults->count++] = berm_fn_take_text(faults->vm, &text);
}

/* --- sets of characters --- */

static bool is_small(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_name_edge(char c)
{
    return is_small(c) || (c >= 'A' && c <= 'Z');
}

static bool is_name_inner(char c)
{
    return is_name_edge(c) || c == '-' || c == '_' || c == '.';
}

static bool is_label_inner(char c)
{
    return is_small(c) || c == '-';
}

/* One character or more, of one set at both ends and of another between. */
static bool has_edges(berm_str s, bool (*edge)(char), bool (*inner)(char))
{
    if (s.len == 0 || !edge(s.ptr[0]) || !edge(s.ptr[s.len - 1])) return false;
    for (size_t i = 1; i < s.len; i++)
        if (!inner(s.ptr[i])) return false;
    return true;
}

static bool is_dns_label(berm_str s)
{
    return has_edges(s, is_small, is_label_inner);
}

static bool is_dns_subdomain(berm_str s)
{
    for (size_t from = 0, i = 0; i <= s.len; i++) {
        if (i < s.len && s.ptr[i] != '.') continue;
        if (!is_dns_label(berm_str_cut(s, from, i))) return false;
        from = i + 1;
    }
    return true;
}

/* --- names --- */

#define LABEL_PATTERN "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
#define NAME_PATTERN "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
#define NAME_RULE \
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " \
    "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for " \
    "validation is '" NAME_PATTERN "')"

/* Kubernetes counts in bytes, but says so only of labels. */
static void check_length(format_faults *faults, const char *part, berm_str s, uint32_t most,
                         const char *unit)
{
    if (s.len > most) note_fault(faults, "%smust be no more than %u %s", part, most, unit);
}

static void check_dns_label(format_faults *faults, berm_str s)
{
    check_length(faults, "", s, LABEL_MAX, "characters");
    if (is_dns_label(s)) return;
    if (is_dns_subdomain(s)) {
        note_fault(faults, "must not contain dots");
        return;
    }
    note_fault(faults,
               "a lowercase RFC 1123 label must consist of lower case alphanumeric characters "
               "or '-', and must start and end with an alphanumeric character (e.g. "
               "'my-name',  or '123-abc', regex used for validation is '" LABEL_PATTERN "')");
}

static void check_subdomain(format_faults *faults, const char *part, berm_str s)
{
    check_length(faults, part, s, SUBDOMAIN_MAX, *part ? "bytes" : "characters");
    if (is_dns_subdomain(s)) return;
    note_fault(
        faults,
        "%sa lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, "
        "'-' or '.', and must start and end with an alphanumeric character (e.g. "
        "'example.com', regex used for validation is '" LABEL_PATTERN "(\\." LABEL_PATTERN ")*')",
        part);
}

static void check_dns_subdomain(format_faults *faults, berm_str s)
{
    check_subdomain(faults, "", s);
}

static void check_old_label(format_faults *faults, berm_str s)
{
    check_length(faults, "", s, LABEL_MAX, "characters");
    if (is_dns_label(s) && s.ptr[0] >= 'a') return;
    note_fault(faults,
               "a DNS-1035 label must consist of lower case alphanumeric characters or '-', "
               "start with an alphabetic character, and end with an alphanumeric character "
               "(e.g. 'my-name',  or 'abc-123', regex used for validation is "
               "'[a-z]([-a-z0-9]*[a-z0-9])?')");
}

static void check_qualified_name(format_faults *faults, berm_str s)
{
    const char *slash = s.len ? memchr(s.ptr, '/', s.len) : NULL;
    berm_str name = s;
    if (slash) {
        size_t at = (size_t)(slash - s.ptr);
        name = berm_str_cut(s, at + 1, s.len);
        if (name.len && memchr(name.ptr, '/', name.len)) {
            note_fault(faults, "a valid label key " NAME_RULE
                               " with an optional DNS subdomain prefix and '/' (e.g. "
                               "'example.com/MyName')");
            return;
        }
        if (at == 0) note_fault(faults, "prefix part must be non-empty");
        else check_subdomain(faults, "prefix part ", berm_str_cut(s, 0, at));
    }
    if (name.len == 0) note_fault(faults, "name part must be non-empty");
    check_length(faults, "name part ", name, LABEL_MAX, "bytes");
    if (!has_edges(name, is_name_edge, is_name_inner)) note_fault(faults, "name part " NAME_RULE);
}

static void check_label_value(format_faults *faults, berm_str s)
{
    check_length(faults, "", s, LABEL_MAX, "bytes");
    if (s.len == 0 || has_edges(s, is_name_edge, is_name_inner)) return;
    note_fault(faults,
               "a valid label must be an empty string or consist of alphanumeric characters, "
               "'-', '_' or '.', and must start and end with an alphanumeric character "
               "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
               "'(" NAME_PATTERN ")?')");
}

/* --- others --- */

static void check_uri(format_faults *faults, berm_str s)
{
    const char *why = berm_url_check(s);
    if (why) note_fault(faults, "parse \"%S\": %s", s, why);
}

static bool is_hex_digit(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* 8-4-4-4-12 hexadecimal digits; each dash may be missing. */
static void check_uuid(format_faults *faults, berm_str s)
{
    static const uint8_t groups[] = {8, 4, 4, 4, 12};
    size_t at = 0;
    bool fine = true;
    for (size_t g = 0; g < sizeof groups && fine; g++) {
        if (g && at < s.len && s.ptr[at] == '-') at++;
        for (uint32_t i = 0; i < groups[g] && fine; i++)
            fine = at < s.len && is_hex_digit(s.ptr[at++]);
    }
    if (!fine || at != s.len) note_fault(faults, "does not match the UUID format");
}

/* base64 with its padding, and not empty. */
static void check_byte(format_faults *faults, berm_str s)
{
    size_t len = s.len;
    for (int i = 0; i < 2 && len && s.ptr[len - 1] == '='; i++) len--;
    bool fine = s.len > 0 && s.len % 4 == 0;
    for (size_t i = 0; i < len && fine; i++)
        fine = is_name_edge(s.ptr[i]) || s.ptr[i] == '+' || s.ptr[i] == '/';
    if (!fine) note_fault(faults, "invalid base64");
}

static bool are_two_digits(berm_str s, size_t at, uint32_t most)
{
    if (s.len < at + 2 || s.ptr[at] < '0' || s.ptr[at] > '9') return false;
    if (s.ptr[at + 1] < '0' || s.ptr[at + 1] > '9') return false;
    return (uint32_t)(s.ptr[at] - '0') * 10 + (uint32_t)(s.ptr[at + 1] - '0') <= most;
}

/* YYYY-MM-DD; the year 0000 is one, too: it has the days of 2000. */
static bool is_format_date(berm_str s)
{
    char text[10];
    berm_time unused;
    if (s.len != sizeof text) return false;
    memcpy(text, s.ptr, sizeof text);
    if (memcmp(text, "0000", 4) == 0) text[0] = '2';
    return berm_date_parse((berm_str){text, sizeof text}, false, &unused);
}

static void check_date(format_faults *faults, berm_str s)
{
    if (!is_format_date(s)) note_fault(faults, "invalid date");
}

/* A date, t or T, hh:mm:ss, a point and digits or none, z, Z or an offset. */
static bool is_format_datetime(berm_str s)
{
    size_t at = 19;
    if (s.len < 20 || (s.ptr[10] | 0x20) != 't' || !is_format_date(berm_str_cut(s, 0, 10)))
        return false;
    if (!are_two_digits(s, 11, 23) || s.ptr[13] != ':' || !are_two_digits(s, 14, 59)) return false;
    if (s.ptr[16] != ':' || !are_two_digits(s, 17, 59)) return false;
    if (s.ptr[at] == '.') {
        size_t from = ++at;
        while (at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9') at++;
        if (at == from || at == s.len) return false;
    }
    if ((s.ptr[at] | 0x20) == 'z') return at + 1 == s.len;
    return (s.ptr[at] == '+' || s.ptr[at] == '-') && s.len == at + 6 && s.ptr[at + 3] == ':' &&
           are_two_digits(s, at + 1, 99) && are_two_digits(s, at + 4, 99);
}

static void check_datetime(format_faults *faults, berm_str s)
{
    if (!is_format_datetime(s)) note_fault(faults, "invalid datetime");
}

/* --- the formats by name --- */

typedef struct named_format {
    const char *name;
    void (*check)(format_faults *faults, berm_str s);
    bool prefix; /* a name to which something will be added: it may end with a dash */
} named_format;

static const named_format named_formats[] = {{"dns1123Label", check_dns_label, false},
                                             {"dns1123Subdomain", check_dns_subdomain, false},
                                             {"dns1035Label", check_old_label, false},
                                             {"qualifiedName", check_qualified_name, false},
                                             {"dns1123LabelPrefix", check_dns_label, true},
                                             {"dns1123SubdomainPrefix", check_dns_subdomain, true},
                                             {"dns1035LabelPrefix", check_old_label, true},
                                             {"labelValue", check_label_value, false},
                                             {"uri", check_uri, false},
                                             {"uuid", check_uuid, false},
                                             {"byte", check_byte, false},
                                             {"date", check_date, false},
                                             {"datetime", check_datetime, false}};

static const named_format *find_named_format(berm_str name)
{
    for (size_t i = 0; i < sizeof named_formats / sizeof *named_formats; i++)
        if (berm_str_is(name, named_formats[i].name)) return &named_formats[i];
    return NULL;
}

static berm_cell new_named_format(berm_vm *vm, const char *name)
{
    berm_cell text = berm_fn_text(vm, berm_str_of(name));
    return berm_object_new(vm, BERM_TYPE_FORMAT, &text, 1);
}

BERM_FN_BODY(FORMAT_NAMED)
{
    if (args->tag != BERM_TAG_STRING) return berm_no_overload(vm, args, 1, word);
    const named_format *format = find_named_format(berm_text_of(&vm->space, *args));
    if (!format) return berm_optional_none();
    return berm_optional_of(vm, new_named_format(vm, format->name));
}

#define FORMAT_BODY(id, name) \
    BERM_FN_BODY(id) \
    { \
        (void)args, (void)word; \
        return new_named_format(vm, name); \
    }
FORMAT_BODY(FORMAT_DNS1123_LABEL, "dns1123Label")
FORMAT_BODY(FORMAT_DNS1123_SUBDOMAIN, "dns1123Subdomain")
FORMAT_BODY(FORMAT_DNS1035_LABEL, "dns1035Label")
FORMAT_BODY(FORMAT_QUALIFIED_NAME, "qualifiedName")
FORMAT_BODY(FORMAT_DNS1123_LABEL_PREFIX, "dns1123LabelPrefix")
FORMAT_BODY(FORMAT_DNS1123_SUBDOMAIN_PREFIX, "dns1123SubdomainPrefix")
FORMAT_BODY(FORMAT_DNS1035_LABEL_PREFIX, "dns1035LabelPrefix")
FORMAT_BODY(FORMAT_LABEL_VALUE, "labelValue")
FORMAT_BODY(FORMAT_URI, "uri")
FORMAT_BODY(FORMAT_UUID, "uuid")
FORMAT_BODY(FORMAT_BYTE, "byte")
FORMAT_BODY(FORMAT_DATE, "date")
FORMAT_BODY(FORMAT_DATETIME, "datetime")

/* --- validate --- */

static berm_cell check_named(berm_vm *vm, const named_format *format, berm_str s)
{
    format_faults faults = {.vm = vm};
    berm_cell list;
    format->check(&faults, s);
    if (faults.count == 0) return berm_optional_none();
    berm_cell *cells = berm_list_new(vm, faults.count, &list);
    if (!cells) return list;
    memcpy(cells, faults.messages, faults.count * sizeof *cells);
    return berm_optional_of(vm, list);
}

/* The same text with an "a" for its last dash and what stands before it, as Kubernetes has it. */
static berm_cell check_named_prefix(berm_vm *vm, const named_format *format, berm_str s)
{
    berm_text masked;
    berm_text_init(&masked, vm->space.alloc);
    berm_text_put(&masked, berm_str_cut(s, 0, s.len < 2 ? 0 : s.len - 2));
    berm_text_putc(&masked, 'a');
    if (masked.failed && vm->space.status == BERM_OK) vm->space.status = BERM_E_NOMEM;
    berm_cell result = masked.failed ? berm_cell_of(BERM_TAG_MISSING)
                                     : check_named(vm, format, berm_text_view(&masked));
    berm_text_free(&masked);
    return result;
}

BERM_FN_BODY(FORMAT_VALIDATE)
{
    if (!berm_is_object(args[0], BERM_TYPE_FORMAT) || args[1].tag != BERM_TAG_STRING)
        return berm_no_overload(vm, args, 2, word);
    const named_format *format = find_named_format(berm_object_text(vm, args[0], 0));
    if (!format) return berm_no_overload(vm, args, 2, word);
    berm_str s = berm_text_of(&vm->space, args[1]);
    bool masked = format->prefix && s.len > 1 && s.ptr[s.len - 1] == '-';
    return masked ? check_named_prefix(vm, format, s) : check_named(vm, format, s);
}
