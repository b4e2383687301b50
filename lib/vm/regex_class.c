/* Sets of code points. Each item of a bracket is folded and negated by itself, then all are
   sorted, joined and, for [^..], negated together. */
#include "vm/regex_tree.h"

berm_regex_set berm_regex_set_begin(berm_regex_tree *tree, bool fold)
{
    return (berm_regex_set){.tree = tree,
                            .first = tree->ranges.count,
                            .property_first = tree->properties.count,
                            .fold = fold};
}

static void push_range(berm_regex_tree *tree, uint32_t low, uint32_t high)
{
    berm_regex_range range = {low, high};
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
        berm_regex_range range = tree->ranges.items[i];
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
        push_range(tree, c, c);
        push_range(tree, c ^ 0x20u, c ^ 0x20u);
        push_range(tree, far, far);
    }
}

/* Ranges from `first` on in order (insertion: mostly they come so), those that touch joined. */
static void sort_ranges(berm_regex_tree *tree, uint32_t first)
{
    uint32_t count = tree->ranges.count - first, kept = 0;
    if (count == 0) return;
    berm_regex_range *ranges = tree->ranges.items + first;
    for (uint32_t i = 1; i < count; i++) {
        berm_regex_range moved = ranges[i];
        uint32_t at = i;
        for (; at > 0 && ranges[at - 1].low > moved.low; at--) ranges[at] = ranges[at - 1];
        ranges[at] = moved;
    }
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
        berm_regex_range range = tree->ranges.items[i];
        if (range.low > next) tree->ranges.items[kept++] = (berm_regex_range){next, range.low - 1};
        open = range.high < BERM_REGEX_CODE_MAX;
        next = range.high + 1;
    }
    tree->ranges.count = kept;
    if (open) push_range(tree, next, BERM_REGEX_CODE_MAX);
}

/* What was added from `first` on is one item: case is folded before a complement is taken. */
static void finish_item(berm_regex_set *set, uint32_t first, bool negated)
{
    berm_regex_tree *tree = set->tree;
    if (set->fold && !folds_into_ascii(tree, first)) set->wide_fold = true;
    else if (set->fold) fold_ranges(tree, first);
    if (!negated || tree->failed) return;
    sort_ranges(tree, first);
    negate_ranges(tree, first);
}

void berm_regex_set_add(berm_regex_set *set, uint32_t low, uint32_t high)
{
    uint32_t first = set->tree->ranges.count;
    push_range(set->tree, low, high);
    finish_item(set, first, false);
}

/* --- classes with names --- */

static void add_pairs(berm_regex_set *set, const char *pairs, bool negated)
{
    uint32_t first = set->tree->ranges.count;
    for (const unsigned char *p = (const unsigned char *)pairs; *p; p += 2)
        push_range(set->tree, p[0], p[1]);
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
    push_range(set->tree, 0, ascii ? 0x7f : 0x1f);
    push_range(set->tree, 0x7f, 0x7f);
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
        if (!negated) push_range(tree, 0, BERM_REGEX_CODE_MAX);
        return true;
    }
    bool known = false;
    for (const char *p = property_names; !known && name.len && *p; p = strchr(p + 1, ' ')) {
        const char *end = strchr(p + 1, ' ');
        if (!end) break;
        known = berm_str_equal((berm_str){p + 1, (size_t)(end - p - 1)}, name);
    }
    berm_regex_property property = {(uint32_t)(name.ptr - tree->pattern.ptr), (uint32_t)name.len,
                                    negated};
    if (known && !berm_array_push(tree->alloc, &tree->properties, property)) tree->failed = true;
    return known;
}

/* --- the class --- */

static void fill_ascii(const berm_regex_tree *tree, berm_regex_class *class)
{
    for (uint32_t i = 0; i < class->count; i++) {
        berm_regex_range range = tree->ranges.items[class->first + i];
        for (uint32_t c = range.low; c <= range.high && c < 128; c++)
            class->ascii[c / 64] |= (uint64_t)1 << c % 64;
    }
}

uint32_t berm_regex_set_end(berm_regex_set *set)
{
    berm_regex_tree *tree = set->tree;
    berm_regex_class class = {.first = set->first,
                              .property_first = set->property_first,
                              .property_count = tree->properties.count - set->property_first};
    class.unicode = class.property_count > 0 || set->wide_fold;
    if (!tree->failed) {
        sort_ranges(tree, set->first);
        if (class.unicode) {
            class.negated = set->negated;
            class.fold = set->fold;
        } else if (set->negated) {
            negate_ranges(tree, set->first);
        }
        class.count = tree->ranges.count - set->first;
        if (!class.unicode) fill_ascii(tree, &class);
    }
    if (class.unicode) tree->unicode = true;
    if (!berm_array_push(tree->alloc, &tree->classes, class)) tree->failed = true;
    return tree->failed ? 0 : tree->classes.count - 1;
}

bool berm_regex_class_has_wide(const berm_regex_tree *tree, const berm_regex_class *class,
                               uint32_t code)
{
    const berm_regex_range *ranges = tree->ranges.items + class->first;
    uint32_t low = 0, high = class->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (code > ranges[middle].high) low = middle + 1;
        else if (code < ranges[middle].low) high = middle;
        else return true;
    }
    return false;
}

bool berm_regex_classes_meet(const berm_regex_tree *tree, uint32_t a, uint32_t b)
{
    const berm_regex_class *x = &tree->classes.items[a], *y = &tree->classes.items[b];
    if (x->unicode || y->unicode) return true;
    for (uint32_t i = 0, j = 0; i < x->count && j < y->count;) {
        berm_regex_range p = tree->ranges.items[x->first + i], q = tree->ranges.items[y->first + j];
        if (p.high < q.low) i++;
        else if (q.high < p.low) j++;
        else return true;
    }
    return false;
}
