/* The kernels, and which of them a machine has. */
#include "data/fast/scan_block.h"
#include "data/fast/skip_block.h"

#include "data/json_parts.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define SCAN_X86 1
#include <immintrin.h>
#elif defined(__aarch64__) && defined(__GNUC__)
#define SCAN_NEON 1
#include <arm_neon.h>
#endif

/* --- escapes --- */

static bool read_scan_unit(const berm_scan *scan, uint32_t at, uint32_t *unit)
{
    *unit = 0;
    if (scan->len - at < 5) return false;
    for (uint32_t i = at + 1; i < at + 5; i++) {
        char c = scan->text[i], low = (char)(c | 0x20);
        bool digit = c >= '0' && c <= '9';
        if (!digit && (low < 'a' || low > 'f')) return false;
        *unit = *unit << 4 | (uint32_t)(digit ? c - '0' : low - 'a' + 10);
    }
    return true;
}

static inline bool is_simple_escape(char c)
{
    switch (c) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't': return true;
    default: return false;
    }
}

/* Surrogates come in pairs: behind a high one's digits a backslash and the u of the low one. */
static bool is_scan_escape(berm_scan *scan, uint32_t at)
{
    uint32_t unit, wanted = scan->low_half;
    char c = at < scan->len ? scan->text[at] : '\0';
    scan->low_half = 0;
    if (wanted && wanted != at) return false;
    if (c != 'u') return !wanted && is_simple_escape(c);
    if (!read_scan_unit(scan, at, &unit)) return false;
    if (unit >= 0xD800 && unit <= 0xDBFF) scan->low_half = at + 6;
    return (unit >= 0xDC00 && unit <= 0xDFFF) == (wanted != 0);
}

void berm_scan_escapes(berm_scan *scan, uint64_t escaped, uint32_t base)
{
    for (; escaped; escaped &= escaped - 1)
        if (!is_scan_escape(scan, base + berm_first_bit(escaped))) scan->fault = true;
}

/* --- portable: a look at each byte --- */

#define SCAN_BIT(test) ((uint64_t)(test) << i)

static void classify_portable(const char *p, berm_masks *m)
{
    *m = (berm_masks){0};
    for (uint32_t i = 0; i < BERM_SCAN_BLOCK; i++) {
        unsigned char c = (unsigned char)p[i];
        m->quote |= SCAN_BIT(c == '"');
        m->slash |= SCAN_BIT(c == '\\');
        m->op |= SCAN_BIT((c | 0x20) == '{' || (c | 0x20) == '}' || c == ',' || c == ':');
        m->space |= SCAN_BIT(c == ' ' || c == '\n' || c == '\r' || c == '\t');
        m->control |= SCAN_BIT(c < 0x20);
    }
}

static void brackets_portable(const char *p, uint64_t *open, uint64_t *shut, uint64_t *quote,
                              uint64_t *slash)
{
    *open = *shut = *quote = *slash = 0;
    for (uint32_t i = 0; i < BERM_SCAN_BLOCK; i++) {
        unsigned char c = (unsigned char)p[i];
        *open |= SCAN_BIT((c | 0x20) == '{');
        *shut |= SCAN_BIT((c | 0x20) == '}');
        *quote |= SCAN_BIT(c == '"');
        *slash |= SCAN_BIT(c == '\\');
    }
}

static void planes_portable(const char *p, berm_planes *m)
{
    *m = (berm_planes){0};
    for (uint32_t i = 0; i < BERM_SCAN_BLOCK; i++) {
        unsigned char c = (unsigned char)p[i];
        m->quote |= SCAN_BIT(c == '"');
        m->slash |= SCAN_BIT(c == '\\');
        m->space |= SCAN_BIT(c == ' ' || c == '\n' || c == '\r' || c == '\t');
        m->control |= SCAN_BIT(c < 0x20);
        m->open |= SCAN_BIT((c | 0x20) == '{');
        m->shut |= SCAN_BIT((c | 0x20) == '}');
        m->curly |= SCAN_BIT(c >> 5 & 1);
        m->colon |= SCAN_BIT(c == ':');
        m->comma |= SCAN_BIT(c == ',');
    }
}

/* What may stand behind a backslash, u left out. */
static uint64_t simple_portable(const char *p)
{
    uint64_t simple = 0;
    for (uint32_t i = 0; i < BERM_SCAN_BLOCK; i++) simple |= SCAN_BIT(is_simple_escape(p[i]));
    return simple;
}

static inline uint64_t prefix_portable(uint64_t bits)
{
    return berm_prefix_xor(bits);
}

BERM_SCAN_KERNEL(portable, )
BERM_SKIP_KERNEL(portable, )

/* Spaces and operators are told by looking each byte up by its low four bits and comparing it with
   what is found there; letters of the upper case are lowered, so that [ ] are like { }. */
#define SCAN_SPACES ' ', 100, 100, 100, 17, 100, 113, 2, 100, '\t', '\n', 112, 100, '\r', 100, 100
/* Of the bytes behind backslashes, those but " and r, which have the low bits of b. */
#define SCAN_ESCAPES 1, 0, 'b', 0, 't', 0, 'f', 0, 0, 0, 0, 0, '\\', 0, 'n', '/'
#define SCAN_OPS 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0

#ifdef SCAN_X86

#define SCAN_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt,pclmul")))
#define SCAN_AVX512 __attribute__((target("avx512f,avx512bw,avx2,bmi,bmi2,popcnt,lzcnt,pclmul")))

SCAN_AVX2 static inline uint64_t join_avx2(__m256i low, __m256i high)
{
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high)
                                                     << 32;
}

SCAN_AVX2 static inline uint64_t equal_avx2(__m256i low, __m256i high, char c)
{
    __m256i all = _mm256_set1_epi8(c);
    return join_avx2(_mm256_cmpeq_epi8(low, all), _mm256_cmpeq_epi8(high, all));
}

SCAN_AVX2 static inline void classify_avx2(const char *p, berm_masks *m)
{
    const __m256i spaces = _mm256_setr_epi8(SCAN_SPACES, SCAN_SPACES);
    const __m256i ops = _mm256_setr_epi8(SCAN_OPS, SCAN_OPS);
    const __m256i lower = _mm256_set1_epi8(0x20), most = _mm256_set1_epi8(0x1F);
    __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));
    m->quote = equal_avx2(a, b, '"');
    m->slash = equal_avx2(a, b, '\\');
    m->space = join_avx2(_mm256_cmpeq_epi8(a, _mm256_shuffle_epi8(spaces, a)),
                         _mm256_cmpeq_epi8(b, _mm256_shuffle_epi8(spaces, b)));
    m->op = join_avx2(_mm256_cmpeq_epi8(_mm256_or_si256(a, lower), _mm256_shuffle_epi8(ops, a)),
                      _mm256_cmpeq_epi8(_mm256_or_si256(b, lower), _mm256_shuffle_epi8(ops, b)));
    m->control = join_avx2(_mm256_cmpeq_epi8(_mm256_min_epu8(a, most), a),
                           _mm256_cmpeq_epi8(_mm256_min_epu8(b, most), b));
}

SCAN_AVX2 static inline void brackets_avx2(const char *p, uint64_t *open, uint64_t *shut,
                                           uint64_t *quote, uint64_t *slash)
{
    const __m256i lower = _mm256_set1_epi8(0x20);
    __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));
    *quote = equal_avx2(a, b, '"');
    *slash = equal_avx2(a, b, '\\');
    a = _mm256_or_si256(a, lower);
    b = _mm256_or_si256(b, lower);
    *open = equal_avx2(a, b, '{');
    *shut = equal_avx2(a, b, '}');
}

SCAN_AVX2 static inline void planes_avx2(const char *p, berm_planes *m)
{
    const __m256i spaces = _mm256_setr_epi8(SCAN_SPACES, SCAN_SPACES);
    const __m256i lower = _mm256_set1_epi8(0x20), most = _mm256_set1_epi8((char)0x9F);
    __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));
    m->quote = equal_avx2(a, b, '"');
    m->slash = equal_avx2(a, b, '\\');
    m->colon = equal_avx2(a, b, ':');
    m->comma = equal_avx2(a, b, ',');
    m->space = join_avx2(_mm256_cmpeq_epi8(a, _mm256_shuffle_epi8(spaces, a)),
                         _mm256_cmpeq_epi8(b, _mm256_shuffle_epi8(spaces, b)));
    m->control = join_avx2(_mm256_subs_epu8(most, a), _mm256_subs_epu8(most, b));
    m->curly = join_avx2(_mm256_slli_epi16(a, 2), _mm256_slli_epi16(b, 2));
    a = _mm256_or_si256(a, lower);
    b = _mm256_or_si256(b, lower);
    m->open = equal_avx2(a, b, '{');
    m->shut = equal_avx2(a, b, '}');
}

SCAN_AVX2 static inline uint64_t simple_avx2(const char *p)
{
    const __m256i letters = _mm256_setr_epi8(SCAN_ESCAPES, SCAN_ESCAPES);
    __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));
    return equal_avx2(a, b, '"') | equal_avx2(a, b, 'r') |
           join_avx2(_mm256_cmpeq_epi8(a, _mm256_shuffle_epi8(letters, a)),
                     _mm256_cmpeq_epi8(b, _mm256_shuffle_epi8(letters, b)));
}

SCAN_AVX2 static inline uint64_t prefix_avx2(uint64_t bits)
{
    __m128i all = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)bits), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(all);
}

BERM_SCAN_KERNEL(avx2, SCAN_AVX2)
BERM_SKIP_KERNEL(avx2, SCAN_AVX2)

SCAN_AVX512 static inline void classify_avx512(const char *p, berm_masks *m)
{
    const __m512i spaces = _mm512_broadcast_i32x4(_mm_setr_epi8(SCAN_SPACES));
    const __m512i ops = _mm512_broadcast_i32x4(_mm_setr_epi8(SCAN_OPS));
    __m512i a = _mm512_loadu_si512((const void *)p);
    m->quote = _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8('"'));
    m->slash = _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8('\\'));
    m->space = _mm512_cmpeq_epi8_mask(a, _mm512_shuffle_epi8(spaces, a));
    m->op = _mm512_cmpeq_epi8_mask(_mm512_or_si512(a, _mm512_set1_epi8(0x20)),
                                   _mm512_shuffle_epi8(ops, a));
    m->control = _mm512_cmplt_epu8_mask(a, _mm512_set1_epi8(0x20));
}

SCAN_AVX512 static inline void brackets_avx512(const char *p, uint64_t *open, uint64_t *shut,
                                               uint64_t *quote, uint64_t *slash)
{
    __m512i a = _mm512_loadu_si512((const void *)p);
    *quote = _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8('"'));
    *slash = _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8('\\'));
    a = _mm512_or_si512(a, _mm512_set1_epi8(0x20));
    *open = _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8('{'));
    *shut = _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8('}'));
}

SCAN_AVX512 static inline void planes_avx512(const char *p, berm_planes *m)
{
    const __m512i spaces = _mm512_broadcast_i32x4(_mm_setr_epi8(SCAN_SPACES));
    const __m512i lower = _mm512_set1_epi8(0x20);
    __m512i a = _mm512_loadu_si512((const void *)p);
    m->quote = _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8('"'));
    m->slash = _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8('\\'));
    m->colon = _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8(':'));
    m->comma = _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8(','));
    m->space = _mm512_cmpeq_epi8_mask(a, _mm512_shuffle_epi8(spaces, a));
    m->control = _mm512_cmplt_epu8_mask(a, lower);
    m->curly = _mm512_test_epi8_mask(a, lower);
    a = _mm512_or_si512(a, lower);
    m->open = _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8('{'));
    m->shut = _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8('}'));
}

SCAN_AVX512 static inline uint64_t simple_avx512(const char *p)
{
    const __m512i letters = _mm512_broadcast_i32x4(_mm_setr_epi8(SCAN_ESCAPES));
    __m512i a = _mm512_loadu_si512((const void *)p);
    return _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8('"')) |
           _mm512_cmpeq_epi8_mask(a, _mm512_set1_epi8('r')) |
           _mm512_cmpeq_epi8_mask(a, _mm512_shuffle_epi8(letters, a));
}

SCAN_AVX512 static inline uint64_t prefix_avx512(uint64_t bits)
{
    __m128i all = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)bits), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(all);
}

BERM_SCAN_KERNEL(avx512, SCAN_AVX512)
BERM_SKIP_KERNEL(avx512, SCAN_AVX512)

#endif
#ifdef SCAN_NEON

typedef struct neon_block {
    uint8x16_t part[4];
} neon_block;

static inline neon_block load_neon(const char *p)
{
    const uint8_t *bytes = (const uint8_t *)p;
    return (neon_block){
        {vld1q_u8(bytes), vld1q_u8(bytes + 16), vld1q_u8(bytes + 32), vld1q_u8(bytes + 48)}};
}

/* A bit for each byte that is all ones. */
static inline uint64_t join_neon(neon_block is)
{
    const uint8x16_t bits = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t low = vpaddq_u8(vandq_u8(is.part[0], bits), vandq_u8(is.part[1], bits));
    uint8x16_t high = vpaddq_u8(vandq_u8(is.part[2], bits), vandq_u8(is.part[3], bits));
    low = vpaddq_u8(low, high);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(low, low)), 0);
}

static inline uint64_t equal_neon(neon_block b, uint8_t c)
{
    for (int i = 0; i < 4; i++) b.part[i] = vceqq_u8(b.part[i], vdupq_n_u8(c));
    return join_neon(b);
}

static inline neon_block lower_neon(neon_block b)
{
    for (int i = 0; i < 4; i++) b.part[i] = vorrq_u8(b.part[i], vdupq_n_u8(0x20));
    return b;
}

static inline uint64_t control_neon(neon_block b)
{
    for (int i = 0; i < 4; i++) b.part[i] = vcltq_u8(b.part[i], vdupq_n_u8(0x20));
    return join_neon(b);
}

/* Bytes over 0x7F are looked up without their high bit, and then differ from what is found. */
static inline uint64_t lookup_neon(neon_block b, neon_block compared, uint8x16_t table)
{
    for (int i = 0; i < 4; i++)
        b.part[i] =
            vceqq_u8(compared.part[i], vqtbl1q_u8(table, vandq_u8(b.part[i], vdupq_n_u8(15))));
    return join_neon(b);
}

static inline void classify_neon(const char *p, berm_masks *m)
{
    const uint8x16_t spaces = {SCAN_SPACES}, ops = {SCAN_OPS};
    neon_block b = load_neon(p);
    m->quote = equal_neon(b, '"');
    m->slash = equal_neon(b, '\\');
    m->space = lookup_neon(b, b, spaces);
    m->op = lookup_neon(b, lower_neon(b), ops);
    m->control = control_neon(b);
}

static inline void brackets_neon(const char *p, uint64_t *open, uint64_t *shut, uint64_t *quote,
                                 uint64_t *slash)
{
    neon_block b = load_neon(p);
    *quote = equal_neon(b, '"');
    *slash = equal_neon(b, '\\');
    *open = equal_neon(lower_neon(b), '{');
    *shut = equal_neon(lower_neon(b), '}');
}

static inline void planes_neon(const char *p, berm_planes *m)
{
    const uint8x16_t spaces = {SCAN_SPACES};
    neon_block b = load_neon(p), low = lower_neon(b), curly = b;
    for (int i = 0; i < 4; i++) curly.part[i] = vtstq_u8(b.part[i], vdupq_n_u8(0x20));
    m->quote = equal_neon(b, '"');
    m->slash = equal_neon(b, '\\');
    m->colon = equal_neon(b, ':');
    m->comma = equal_neon(b, ',');
    m->space = lookup_neon(b, b, spaces);
    m->control = control_neon(b);
    m->curly = join_neon(curly);
    m->open = equal_neon(low, '{');
    m->shut = equal_neon(low, '}');
}

static inline uint64_t simple_neon(const char *p)
{
    const uint8x16_t letters = {SCAN_ESCAPES};
    neon_block b = load_neon(p);
    return equal_neon(b, '"') | equal_neon(b, 'r') | lookup_neon(b, b, letters);
}

static inline uint64_t prefix_neon(uint64_t bits)
{
    return berm_prefix_xor(bits);
}

BERM_SCAN_KERNEL(neon, )
BERM_SKIP_KERNEL(neon, )

#endif

/* --- which one --- */

static bool has_kernel(berm_kernel kernel)
{
    switch (kernel) {
    case BERM_KERNEL_PORTABLE: return true;
#ifdef SCAN_NEON
    case BERM_KERNEL_NEON: return true;
#endif
#ifdef SCAN_X86
    case BERM_KERNEL_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
               __builtin_cpu_supports("pclmul");
    case BERM_KERNEL_AVX512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("pclmul");
#endif
    default: return false;
    }
}

const berm_kernel_info *berm_kernel_find(berm_kernel kernel)
{
    static const berm_kernel_info kernels[BERM_KERNEL_COUNT] = {
        [BERM_KERNEL_PORTABLE] = {"portable", scan_window_portable, scan_close_portable,
                                  scan_skip_portable},
#ifdef SCAN_X86
        [BERM_KERNEL_AVX2] = {"avx2", scan_window_avx2, scan_close_avx2, scan_skip_avx2},
        [BERM_KERNEL_AVX512] = {"avx512", scan_window_avx512, scan_close_avx512, scan_skip_avx512},
#endif
#ifdef SCAN_NEON
        [BERM_KERNEL_NEON] = {"neon", scan_window_neon, scan_close_neon, scan_skip_neon},
#endif
    };
    if (kernel == BERM_KERNEL_AUTO)
        for (kernel = BERM_KERNEL_AVX512; !has_kernel(kernel);) kernel--;
    return has_kernel(kernel) ? &kernels[kernel] : NULL;
}
