#include "report/formats/out.h"

#include "base/diag.h"
#include "base/hash.h"
#include "base/utf8.h"

/* --- JSON --- */

void berm_out_init(berm_out *o, berm_text *text, uint32_t lines)
{
    *o = (berm_out){.text = text, .lines = lines};
    berm_text_init(&o->scratch, text->alloc);
}

void berm_out_free(berm_out *o)
{
    if (o->scratch.failed) o->text->failed = true;
    berm_text_free(&o->scratch);
}

static void break_json_line(berm_out *o)
{
    berm_text_putc(o->text, '\n');
    berm_text_pad(o->text, ' ', (size_t)o->depth * 2);
}

static void begin_json_member(berm_out *o, const char *name)
{
    if (o->any) berm_text_putc(o->text, ',');
    if (o->depth && o->depth <= o->lines) break_json_line(o);
    else if (o->any) berm_text_putc(o->text, ' ');
    if (name) {
        berm_text_quote(o->text, berm_str_of(name));
        berm_text_put(o->text, BERM_STR(": "));
    }
    o->any = true;
}

void berm_out_open(berm_out *o, const char *name, char bracket)
{
    begin_json_member(o, name);
    berm_text_putc(o->text, bracket);
    o->depth++;
    o->any = false;
}

void berm_out_close(berm_out *o, char bracket)
{
    bool any = o->any, lines = o->depth <= o->lines;
    o->depth--;
    if (any && lines) break_json_line(o);
    berm_text_putc(o->text, bracket);
    o->any = true;
}

void berm_out_str(berm_out *o, const char *name, berm_str value)
{
    begin_json_member(o, name);
    berm_text_quote(o->text, value);
}

void berm_out_opt(berm_out *o, const char *name, berm_str value)
{
    if (value.len) berm_out_str(o, name, value);
}

void berm_out_lit(berm_out *o, const char *name, const char *value)
{
    berm_out_str(o, name, berm_str_of(value));
}

void berm_out_num(berm_out *o, const char *name, uint64_t value)
{
    begin_json_member(o, name);
    berm_text_format(o->text, "%L", value);
}

void berm_out_bool(berm_out *o, const char *name, bool value)
{
    begin_json_member(o, name);
    berm_text_put(o->text, value ? BERM_STR("true") : BERM_STR("false"));
}

berm_text *berm_out_make(berm_out *o)
{
    o->scratch.len = 0;
    return &o->scratch;
}

void berm_out_made(berm_out *o, const char *name)
{
    berm_out_str(o, name, berm_text_view(&o->scratch));
}

void berm_out_fmt(berm_out *o, const char *name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    berm_text_vformat(berm_out_make(o), format, args);
    va_end(args);
    berm_out_made(o, name);
}

void berm_out_raw(berm_out *o, const char *name, berm_str json)
{
    begin_json_member(o, name);
    berm_text_put(o->text, json);
}

/* --- escapes --- */

static void put_code(berm_text *out, int32_t code)
{
    char bytes[4];
    size_t len = berm_utf8_encode((uint32_t)code, bytes);
    berm_text_put(out, (berm_str){bytes, len});
}

/* Marks that turn the direction of what follows, and what XML has no place for; line ends and tabs
   are told before. */
static bool is_unprintable(int32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200e && code <= 0x200f) ||
           (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
           (code & 0xfffe) == 0xfffe;
}

void berm_put_markup(berm_text *out, berm_str text)
{
    for (size_t at = 0; at < text.len;) {
        int32_t code = berm_utf8_next(text, &at);
        switch (code) {
        case '&': berm_text_put(out, BERM_STR("&amp;")); break;
        case '<': berm_text_put(out, BERM_STR("&lt;")); break;
        case '>': berm_text_put(out, BERM_STR("&gt;")); break;
        case '"': berm_text_put(out, BERM_STR("&quot;")); break;
        case '\'': berm_text_put(out, BERM_STR("&#39;")); break;
        case '\t': berm_text_put(out, BERM_STR("&#9;")); break;
        case '\n': berm_text_put(out, BERM_STR("&#10;")); break;
        case '\r': berm_text_put(out, BERM_STR("&#13;")); break;
        default: put_code(out, is_unprintable(code) ? 0xfffd : code);
        }
    }
}

/* Entities where CommonMark and GitHub's tables know markup: a backslash would be taken apart by a
   table's own rule for |. */
void berm_put_markdown(berm_text *out, berm_str text)
{
    for (size_t at = 0; at < text.len;) {
        int32_t code = berm_utf8_next(text, &at);
        if (code == '\n' || code == '\r' || code == '\t') berm_text_putc(out, ' ');
        else if (code > 0 && code < 0x80 && strchr("\\`*_{}[]<>()#!|&~@:\"'$^", (int)code))
            berm_text_format(out, "&#%u;", (uint32_t)code);
        else put_code(out, is_unprintable(code) ? 0xfffd : code);
    }
}

void berm_put_uri(berm_text *out, berm_str path)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (plain || (c && strchr("-._~!$&'()*+,;=@/", c))) {
            berm_text_putc(out, (char)c);
            continue;
        }
        const char triple[] = {'%', digits[c >> 4], digits[c & 15]};
        berm_text_put(out, (berm_str){triple, sizeof triple});
    }
}

void berm_put_time(berm_text *out, berm_time time)
{
    char text[40];
    berm_text_put(out, (berm_str){text, berm_time_print(time, text)});
}

void berm_put_hex(berm_text *out, const unsigned char *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < count; i++) {
        berm_text_putc(out, digits[bytes[i] >> 4]);
        berm_text_putc(out, digits[bytes[i] & 15]);
    }
}

/* --- UUIDs --- */

static uint32_t rotate_left(uint32_t x, unsigned count)
{
    return x << count | x >> (32 - count);
}

static void mix_sha1(uint32_t state[5], const unsigned char *block)
{
    uint32_t w[80], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (size_t i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (size_t i = 16; i < 80; i++)
        w[i] = rotate_left(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (size_t i = 0; i < 80; i++) {
        uint32_t f = i < 20   ? (b & c) | (~b & d)
                     : i < 40 ? b ^ c ^ d
                     : i < 60 ? (b & c) | (b & d) | (c & d)
                              : b ^ c ^ d;
        static const uint32_t constants[] = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6};
        uint32_t t = rotate_left(a, 5) + f + e + constants[i / 20] + w[i];
        e = d, d = c, c = rotate_left(b, 30), b = a, a = t;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
}

/* SHA-1 as RFC 9562 asks for: a name for a name, nothing secret. */
static void hash_sha1(berm_str space, berm_str name, unsigned char out[20])
{
    uint32_t state[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    unsigned char block[64];
    size_t held = 0, total = space.len + name.len;
    for (size_t i = 0; i < total; i++) {
        block[held++] = (unsigned char)(i < space.len ? space.ptr[i] : name.ptr[i - space.len]);
        if (held == sizeof block) mix_sha1(state, block), held = 0;
    }
    block[held++] = 0x80;
    if (held > 56) {
        memset(block + held, 0, sizeof block - held);
        mix_sha1(state, block);
        held = 0;
    }
    memset(block + held, 0, sizeof block - held);
    for (size_t i = 0; i < 8; i++) block[63 - i] = (unsigned char)((uint64_t)total * 8 >> (8 * i));
    mix_sha1(state, block);
    for (size_t i = 0; i < 20; i++) out[i] = (unsigned char)(state[i / 4] >> (24 - 8 * (i % 4)));
}

void berm_put_uuid(berm_text *out, berm_str name)
{
    /* the version 5 UUID of "berm.dev/finding" in the DNS namespace's manner, chosen once */
    static const char space[] = "\x3b\x1e\x6a\x52\x8c\x0f\x5d\x47\x9a\x61\xe2\x74\x0d\xb3\x95\xc8";
    unsigned char hash[20];
    hash_sha1((berm_str){space, 16}, name, hash);
    hash[6] = (unsigned char)((hash[6] & 0x0f) | 0x50);
    hash[8] = (unsigned char)((hash[8] & 0x3f) | 0x80);
    static const uint8_t groups[] = {4, 2, 2, 2, 6};
    const unsigned char *at = hash;
    for (size_t i = 0; i < sizeof groups; i++) {
        if (i) berm_text_putc(out, '-');
        berm_put_hex(out, at, groups[i]);
        at += groups[i];
    }
}
