#include "policy/words.h"

static const char *const severity_words[] = {
#define BERM_SEVERITY(id, word) word,
#include "policy/words.def"
#undef BERM_SEVERITY
};
static const char *const enforcement_words[] = {
#define BERM_ENFORCEMENT(id, word) word,
#include "policy/words.def"
#undef BERM_ENFORCEMENT
};
static const char *const verdict_words[] = {
#define BERM_VERDICT(id, word) word,
#include "policy/words.def"
#undef BERM_VERDICT
};
static const char *const action_words[] = {
#define BERM_ACTION(id, word) word,
#include "policy/words.def"
#undef BERM_ACTION
};

#define COUNT_WORDS(words) (sizeof(words) / sizeof *(words))

static const char *pick_word(const char *const *words, size_t count, uint32_t number)
{
    return number < count ? words[number] : "";
}

static int find_word(const char *const *words, size_t count, berm_str word)
{
    for (size_t i = 0; i < count; i++)
        if (berm_str_is(word, words[i])) return (int)i;
    return -1;
}

const char *berm_severity_word(uint32_t n)
{
    return pick_word(severity_words, COUNT_WORDS(severity_words), n);
}
const char *berm_enforcement_word(uint32_t n)
{
    return pick_word(enforcement_words, COUNT_WORDS(enforcement_words), n);
}
const char *berm_verdict_word(uint32_t n)
{
    return pick_word(verdict_words, COUNT_WORDS(verdict_words), n);
}
const char *berm_action_word(uint32_t n)
{
    return pick_word(action_words, COUNT_WORDS(action_words), n);
}
int berm_severity_number(berm_str w)
{
    return find_word(severity_words, COUNT_WORDS(severity_words), w);
}
int berm_enforcement_number(berm_str w)
{
    return find_word(enforcement_words, COUNT_WORDS(enforcement_words), w);
}
int berm_verdict_number(berm_str w)
{
    return find_word(verdict_words, COUNT_WORDS(verdict_words), w);
}
int berm_action_number(berm_str w)
{
    return find_word(action_words, COUNT_WORDS(action_words), w);
}
