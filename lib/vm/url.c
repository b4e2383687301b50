#include "vm/url.h"

#include "vm/address.h"

/* --- characters --- */

static bool is_url_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_url_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

/* Whether a byte of a part has to be written with a percent sign. */
static bool must_escape(char c, berm_url_part part)
{
    if (is_url_letter(c) || is_url_digit(c) || is_one_of(c, "-_.~")) return false;
    switch (part) {
    case BERM_URL_PATH: return !is_one_of(c, "$&+,/:;=@");
    case BERM_URL_HOST:
    case BERM_URL_ZONE: return !is_one_of(c, "!$&'()*+,;=:[]<>\"");
    case BERM_URL_USER: return !is_one_of(c, "$&+,;=");
    case BERM_URL_FRAGMENT: return !is_one_of(c, "$&+,/:;=?@!()*");
    default: return true;
    }
}

static int read_url_digit(char c)
{
    if (is_url_digit(c)) return c - '0';
    char small = (char)(c | 0x20);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/* The byte behind a percent sign at `at`; -1 when there is none. */
static int read_escape(berm_str s, size_t at)
{
    if (s.len - at < 3) return -1;
    int high = read_url_digit(s.ptr[at + 1]), low = read_url_digit(s.ptr[at + 2]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* In a host only bytes beyond ASCII are escaped, and the percent sign before a zone; in a zone also
   what could stand there itself, and spaces. */
static bool allows_escape(int byte, berm_url_part part)
{
    if (part != BERM_URL_HOST && part != BERM_URL_ZONE) return true;
    if (byte == '%' || byte >= 0x80) return true;
    return part == BERM_URL_ZONE && (byte == ' ' || !must_escape((char)byte, BERM_URL_HOST));
}

static bool is_host_byte(char c, berm_url_part part)
{
    if (part != BERM_URL_HOST && part != BERM_URL_ZONE) return true;
    return (unsigned char)c >= 0x80 || !must_escape(c, part);
}

bool berm_url_unescape(berm_text *out, berm_str text, berm_url_part part)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '%') {
            int byte = read_escape(text, i);
            if (byte < 0 || !allows_escape(byte, part)) return false;
            c = (char)byte;
            i += 2;
        } else if (!is_host_byte(c, part)) {
            return false;
        } else if (c == '+' && part == BERM_URL_QUERY) {
            c = ' ';
        }
        berm_text_putc(out, c);
    }
    return true;
}

/* The same without writing anything. */
static bool can_unescape(berm_str text, berm_url_part part)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '%') {
            if (!is_host_byte(text.ptr[i], part)) return false;
            continue;
        }
        int byte = read_escape(text, i);
        if (byte < 0 || !allows_escape(byte, part)) return false;
        i += 2;
    }
    return true;
}

static void put_escaped_byte(berm_text *out, char c)
{
    static const char hex[] = "0123456789ABCDEF";
    berm_text_putc(out, '%');
    berm_text_putc(out, hex[(unsigned char)c >> 4]);
    berm_text_putc(out, hex[c & 15]);
}

/* Unescaped and escaped again: what need not be escaped is not. */
static void put_normal_escapes(berm_text *out, berm_str text, berm_url_part part)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '%') {
            c = (char)read_escape(text, i);
            i += 2;
        }
        if (must_escape(c, part)) put_escaped_byte(out, c);
        else berm_text_putc(out, c);
    }
}

/* Whether a text is written with no byte that should have been escaped. */
static bool is_well_escaped(berm_str text, berm_url_part part)
{
    for (size_t i = 0; i < text.len; i++)
        if (must_escape(text.ptr[i], part) && !is_one_of(text.ptr[i], "!$&'()*+,;=:@[]%"))
            return false;
    return true;
}

/* --- pieces --- */

static berm_str find_behind(berm_str *s, const char *mark)
{
    berm_str none = berm_str_cut(*s, s->len, s->len);
    for (size_t i = 0; i < s->len; i++) {
        if (!is_one_of(s->ptr[i], mark)) continue;
        berm_str behind = berm_str_cut(*s, i + 1, s->len);
        s->len = i;
        return behind;
    }
    return none;
}

/* Position of the last `c`; s.len when there is none. */
static size_t find_last(berm_str s, char c)
{
    for (size_t i = s.len; i > 0; i--)
        if (s.ptr[i - 1] == c) return i - 1;
    return s.len;
}

/* Letters, and behind the first one digits and +-. up to a colon; "" where that is not so. */
static berm_str take_scheme(berm_str *s)
{
    for (size_t i = 0; i < s->len; i++) {
        char c = s->ptr[i];
        if (is_url_letter(c) || (i && (is_url_digit(c) || is_one_of(c, "+-.")))) continue;
        if (c != ':') break;
        berm_str scheme = berm_str_cut(*s, 0, i);
        *s = berm_str_cut(*s, i + 1, s->len);
        return scheme;
    }
    return berm_str_cut(*s, 0, 0);
}

/* "" or a colon and digits. */
static bool is_port(berm_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (i == 0 ? s.ptr[i] != ':' : !is_url_digit(s.ptr[i])) return false;
    return true;
}

/* [address], [address%25zone], with a port or without. */
static const char *check_literal(berm_str host)
{
    size_t end = find_last(host, ']');
    if (end == host.len) return "missing ']' in host";
    if (!is_port(berm_str_cut(host, end + 1, host.len))) return "invalid port after host";
    berm_str inside = berm_str_cut(host, 1, end), address = inside;
    berm_address unused;
    for (size_t i = 0; i + 3 <= inside.len; i++) {
        if (memcmp(inside.ptr + i, "%25", 3) != 0) continue;
        address = berm_str_cut(inside, 0, i);
        berm_str zone = berm_str_cut(inside, i, inside.len);
        if (zone.len == 3 || !can_unescape(zone, BERM_URL_ZONE)) return "invalid zone in host";
        break;
    }
    bool colon = address.len && memchr(address.ptr, ':', address.len);
    if (!colon || berm_address_read(address, &unused) == BERM_ADDRESS_NONE) {
        return "invalid IPv6 address in host";
    }
    return NULL;
}

/* http or https, in letters of any case. */
static bool is_web_scheme(berm_str scheme)
{
    static const char web[] = "https";
    for (size_t i = 0; i < scheme.len && i < 5; i++)
        if ((scheme.ptr[i] | 0x20) != web[i]) return false;
    return scheme.len == 4 || scheme.len == 5;
}

/* On the web a host has one colon, before its port; elsewhere it may be a list of hosts. */
static const char *check_host(berm_str scheme, berm_str host)
{
    size_t bracket = find_last(host, '[');
    if (bracket > 0 && bracket < host.len) return "invalid IP-literal";
    if (bracket < host.len) return check_literal(host);
    size_t colon = find_last(host, ':');
    if (!is_port(berm_str_cut(host, colon, host.len))) return "invalid port after host";
    bool colons = find_last(berm_str_cut(host, 0, colon), ':') < colon;
    if (colons && is_web_scheme(scheme)) return "invalid port after host";
    return can_unescape(host, BERM_URL_HOST) ? NULL : "invalid character in host name";
}

static bool is_userinfo(berm_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!is_url_letter(c) && !is_url_digit(c) && !is_one_of(c, "-._:~!$&'()*+,;=%@"))
            return false;
    }
    return true;
}

/* user:password@host:port */
static const char *split_authority(berm_str s, berm_url *url)
{
    size_t at = find_last(s, '@');
    url->has_user = at < s.len;
    url->host = url->has_user ? berm_str_cut(s, at + 1, s.len) : s;
    const char *fault = check_host(url->scheme, url->host);
    if (fault || !url->has_user) return fault;
    url->user = berm_str_cut(s, 0, at);
    if (!is_userinfo(url->user) || !can_unescape(url->user, BERM_URL_USER))
        return "invalid userinfo";
    url->has_password = url->user.len && memchr(url->user.ptr, ':', url->user.len);
    url->password = find_behind(&url->user, ":");
    return NULL;
}

/* `request`: only absolute URLs and absolute paths, and no path begins with an authority. */
static const char *split_url(berm_str s, bool request, berm_url *url)
{
    *url = (berm_url){.has_query = false};
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7f)
            return "invalid control character in URL";
    if (s.len == 0 && request) return "empty url";
    if (berm_str_is(s, "*")) {
        url->path = s;
        return NULL;
    }
    if (s.len && s.ptr[0] == ':') return "missing protocol scheme";
    url->scheme = take_scheme(&s);
    url->has_query = s.len && memchr(s.ptr, '?', s.len);
    url->query = find_behind(&s, "?");
    bool rooted = s.len && s.ptr[0] == '/';
    if (!rooted && url->scheme.len) {
        url->opaque = s;
        return NULL;
    }
    if (!rooted) return "invalid URI for request";
    bool authority = berm_str_starts(s, BERM_STR("//")) &&
                     (url->scheme.len || (!request && !berm_str_starts(s, BERM_STR("///"))));
    url->has_authority = authority;
    if (authority) {
        berm_str rest = berm_str_cut(s, 2, s.len), path = rest;
        (void)find_behind(&rest, "/");
        const char *fault = split_authority(rest, url);
        if (fault) return fault;
        s = berm_str_cut(path, rest.len, path.len);
    }
    url->path = s;
    return can_unescape(s, BERM_URL_PATH) ? NULL : "invalid URL escape";
}

const char *berm_url_check(berm_str text)
{
    berm_url unused;
    return split_url(text, true, &unused);
}

const char *berm_url_split(berm_str text, berm_url *url)
{
    berm_str rest = text, fragment = find_behind(&rest, "#");
    const char *fault = split_url(rest, false, url);
    url->fragment = fragment;
    if (!fault && !can_unescape(fragment, BERM_URL_FRAGMENT)) fault = "invalid URL escape";
    return fault;
}

/* --- writing --- */

void berm_url_put_path(berm_text *out, berm_str path)
{
    if (berm_str_is(path, "*") || is_well_escaped(path, BERM_URL_PATH)) berm_text_put(out, path);
    else put_normal_escapes(out, path, BERM_URL_PATH);
}

static void put_fragment(berm_text *out, berm_str fragment)
{
    if (is_well_escaped(fragment, BERM_URL_FRAGMENT)) berm_text_put(out, fragment);
    else put_normal_escapes(out, fragment, BERM_URL_FRAGMENT);
}

static void put_authority(berm_text *out, const berm_url *url)
{
    berm_text_put(out, BERM_STR("//"));
    if (url->has_user) {
        put_normal_escapes(out, url->user, BERM_URL_USER);
        if (url->has_password) berm_text_putc(out, ':');
        put_normal_escapes(out, url->password, BERM_URL_USER);
        berm_text_putc(out, '@');
    }
    put_normal_escapes(out, url->host, BERM_URL_HOST);
}

void berm_url_print(berm_text *out, const berm_url *url)
{
    for (size_t i = 0; i < url->scheme.len; i++) {
        char c = url->scheme.ptr[i];
        berm_text_putc(out, (char)(is_url_letter(c) ? c | 0x20 : c));
    }
    if (url->scheme.len) berm_text_putc(out, ':');
    bool authority = url->has_authority && (url->host.len || url->has_user || url->path.len);
    if (url->opaque.len) berm_text_put(out, url->opaque);
    else if (authority) put_authority(out, url);
    if (!url->opaque.len) berm_url_put_path(out, url->path);
    if (url->has_query) berm_text_putc(out, '?');
    berm_text_put(out, url->query);
    if (url->fragment.len) {
        berm_text_putc(out, '#');
        put_fragment(out, url->fragment);
    }
}
