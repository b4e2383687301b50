/* Sets of code points. Each item of a bracket is folded and negated by itself, then all are
   sorted, joined and, for [^..], negated together. */
#include "code/regex_tree.h"

#include <stdlib.h>

berm_regex_set berm_regex_set_begin(berm_regex_tree *tree, bool fold)
{
    return (berm_regex_set){.tree = tree, .first = tree->ranges.count, .fold = fold};
}

void berm_regex_push_range(berm_regex_tree *tree, uint32_t low, uint32_t high)
{
    berm_img_range range = {low, high};
    if (!berm_array_push(tree->alloc, &tree->ranges, range)) tree->failed = true;
}

#define KELVIN 0x212au /* folds to k */
#define LONG_S 0x17fu  /* folds to s */

static bool has_code(const berm_regex_tree *tree, uint32_t first, uint32_t end, uint32_t code)
{
    for (uint32_t i = first; i < end; i++)
        if (code >= tree->ranges.items[i].low && code <= tree->ranges.items[i].high) return true;
    return false;
}

/* Whether the other cases of all letters in the ranges from `first` on are known without tables:
   ASCII, the two that fold into it, and everything beyond ASCII at once. */
static bool folds_into_ascii(const berm_regex_tree *tree, uint32_t first)
{
    for (uint32_t i = first; i < tree->ranges.count; i++) {
        berm_img_range range = tree->ranges.items[i];
        bool all = range.low <= 0x80 && range.high == BERM_REGEX_CODE_MAX;
        bool special = range.low == range.high && (range.low == KELVIN || range.low == LONG_S);
        if (range.high >= 0x80 && !all && !special) return false;
    }
    return true;
}

static void fold_ranges(berm_regex_tree *tree, uint32_t first)
{
    uint32_t end = tree->ranges.count;
    for (uint32_t c = 'a'; c <= 'z' && !tree->failed; c++) {
        uint32_t far = c == 'k' ? KELVIN : c == 's' ? LONG_S : c;
        bool any = has_code(tree, first, end, c) || has_code(tree, first, end, c ^ 0x20u);
        if (!any && !has_code(tree, first, end, far)) continue;
        berm_regex_push_range(tree, c, c);
        berm_regex_push_range(tree, c ^ 0x20u, c ^ 0x20u);
        berm_regex_push_range(tree, far, far);
    }
}

static int compare_ranges(const void *a, const void *b)
{
    uint32_t x = ((const berm_img_range *)a)->low, y = ((const berm_img_range *)b)->low;
    return (x > y) - (x < y);
}

/* Ranges from `first` on in order, those that touch joined. */
static void sort_ranges(berm_regex_tree *tree, uint32_t first)
{
    uint32_t count = tree->ranges.count - first, kept = 0;
    if (count == 0) return;
    berm_img_range *ranges = tree->ranges.items + first;
    qsort(ranges, count, sizeof *ranges, compare_ranges);
    for (uint32_t i = 0; i < count; i++) {
        if (kept && ranges[i].low <= ranges[kept - 1].high + 1) {
            if (ranges[i].high > ranges[kept - 1].high) ranges[kept - 1].high = ranges[i].high;
        } else {
            ranges[kept++] = ranges[i];
        }
    }
    tree->ranges.count = first + kept;
}

/* The gaps between sorted ranges, in their place: there is at most one more gap than ranges. */
static void negate_ranges(berm_regex_tree *tree, uint32_t first)
{
    uint32_t next = 0, kept = first, end = tree->ranges.count;
    bool open = true;
    for (uint32_t i = first; i < end; i++) {
        berm_img_range range = tree->ranges.items[i];
        if (range.low > next) tree->ranges.items[kept++] = (berm_img_range){next, range.low - 1};
        open = range.high < BERM_REGEX_CODE_MAX;
        next = range.high + 1;
    }
    tree->ranges.count = kept;
    if (open) berm_regex_push_range(tree, next, BERM_REGEX_CODE_MAX);
}

/* What was added from `first` on is one item: case is folded before a complement is taken. */
static void finish_item(berm_regex_set *set, uint32_t first, bool negated)
{
    berm_regex_tree *tree = set->tree;
    if (set->fold && !folds_into_ascii(tree, first)) berm_regex_add_cases(tree, first);
    else if (set->fold) fold_ranges(tree, first);
    if (!negated || tree->failed) return;
    sort_ranges(tree, first);
    negate_ranges(tree, first);
}

void berm_regex_set_add(berm_regex_set *set, uint32_t low, uint32_t high)
{
    uint32_t first = set->tree->ranges.count;
    berm_regex_push_range(set->tree, low, high);
    finish_item(set, first, false);
}

/* --- classes with names --- */

static void add_pairs(berm_regex_set *set, const char *pairs, bool negated)
{
    uint32_t first = set->tree->ranges.count;
    for (const unsigned char *p = (const unsigned char *)pairs; *p; p += 2)
        berm_regex_push_range(set->tree, p[0], p[1]);
    finish_item(set, first, negated);
}

#define PAIRS_DIGIT "09"
#define PAIRS_SPACE "\t\n\f\r  "
#define PAIRS_WORD "09AZ__az"

void berm_regex_set_add_perl(berm_regex_set *set, char letter)
{
    char lower = (char)(letter | 0x20);
    add_pairs(set,
              lower == 'd'   ? PAIRS_DIGIT
              : lower == 's' ? PAIRS_SPACE
                             : PAIRS_WORD,
              letter != lower);
}

bool berm_regex_set_add_posix(berm_regex_set *set, berm_str name, bool negated)
{
    static const struct {
        const char *name, *pairs;
    } classes[] = {{"alnum", "09AZaz"},    {"alpha", "AZaz"},     {"blank", "\t\t  "},
                   {"digit", PAIRS_DIGIT}, {"graph", "!~"},       {"lower", "az"},
                   {"print", " ~"},        {"punct", "!/:@[`{~"}, {"space", "\t\r  "},
                   {"upper", "AZ"},        {"word", PAIRS_WORD},  {"xdigit", "09AFaf"}};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (!berm_str_is(name, classes[i].name)) continue;
        add_pairs(set, classes[i].pairs, negated);
        return true;
    }
    /* Two that begin at NUL, which no text of pairs can say. */
    bool ascii = berm_str_is(name, "ascii");
    if (!ascii && !berm_str_is(name, "cntrl")) return false;
    uint32_t first = set->tree->ranges.count;
    berm_regex_push_range(set->tree, 0, ascii ? 0x7f : 0x1f);
    berm_regex_push_range(set->tree, 0x7f, 0x7f);
    finish_item(set, first, negated);
    return true;
}

/* The general categories and scripts that RE2 and pcre2 both know, each between spaces. */
static const char property_names[] =
    " C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z "
    "Zl Zp Zs"
    " Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak "
    "Bengali Bhaiksuki Bopomofo"
    " Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham "
    "Cherokee Chorasmian Common"
    " Coptic Cuneiform Cypriot Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan "
    "Egyptian_Hieroglyphs"
    " Elbasan Elymaic Ethiopic Georgian Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi "
    "Gurmukhi Han Hangul"
    " Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana Imperial_Aramaic Inherited "
    "Inscriptional_Pahlavi"
    " Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kayah_Li Kharoshthi "
    "Khitan_Small_Script Khmer Khojki"
    " Khudawadi Lao Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian Mahajani Makasar "
    "Malayalam Mandaic"
    " Manichaean Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui Meroitic_Cursive "
    "Meroitic_Hieroglyphs Miao"
    " Modi Mongolian Mro Multani Myanmar Nabataean Nandinagari New_Tai_Lue Newa Nko Nushu "
    "Nyiakeng_Puachue_Hmong Ogham"
    " Ol_Chiki Old_Hungarian Old_Italic Old_North_Arabian Old_Permic Old_Persian Old_Sogdian "
    "Old_South_Arabian Old_Turkic"
    " Old_Uyghur Oriya Osage Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau Phags_Pa Phoenician "
    "Psalter_Pahlavi Rejang Runic"
    " Samaritan Saurashtra Sharada Shavian Siddham SignWriting Sinhala Sogdian Sora_Sompeng "
    "Soyombo Sundanese"
    " Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangsa Tangut "
    "Telugu Thaana Thai Tibetan"
    " Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi Wancho Warang_Citi Yezidi Yi Zanabazar_Square ";

bool berm_regex_set_add_property(berm_regex_set *set, berm_str name, bool negated)
{
    berm_regex_tree *tree = set->tree;
    if (name.len && name.ptr[0] == '^') {
        negated = !negated;
        name = berm_str_cut(name, 1, name.len);
    }
    if (berm_str_is(name, "Any")) {
        if (!negated) berm_regex_push_range(tree, 0, BERM_REGEX_CODE_MAX);
        return true;
    }
    bool known = false;
    for (const char *p = property_names; !known && name.len && *p; p = strchr(p + 1, ' ')) {
        const char *end = strchr(p + 1, ' ');
        if (!end) break;
        known = berm_str_equal((berm_str){p + 1, (size_t)(end - p - 1)}, name);
    }
    uint32_t first = tree->ranges.count;
    if (!known || !berm_regex_add_property(tree, name)) return false;
    finish_item(set, first, negated);
    return true;
}

/* --- the set --- */

#define SHARED_NEAR 64u

static bool is_same_set(const berm_regex_tree *tree, uint32_t set, uint32_t first)
{
    berm_run_ref run = tree->sets.items[set].ranges;
    size_t len = (tree->ranges.count - first) * sizeof(berm_img_range);
    if (run.count != tree->ranges.count - first) return false;
    return len == 0 || memcmp(tree->ranges.items + run.first, tree->ranges.items + first, len) == 0;
}

uint32_t berm_regex_set_end(berm_regex_set *set)
{
    berm_regex_tree *tree = set->tree;
    if (tree->failed) return 0;
    sort_ranges(tree, set->first);
    if (set->negated) negate_ranges(tree, set->first);
    for (uint32_t i = tree->sets.count, k = 0; i-- > 0 && k < SHARED_NEAR; k++) {
        if (!is_same_set(tree, i, set->first)) continue;
        tree->ranges.count = set->first;
        return i;
    }
    berm_img_set made = {.ranges = {set->first, tree->ranges.count - set->first}};
    berm_regex_set_ascii(&made, tree->ranges.items);
    if (!berm_array_push(tree->alloc, &tree->sets, made)) tree->failed = true;
    return tree->failed ? 0 : tree->sets.count - 1;
}
