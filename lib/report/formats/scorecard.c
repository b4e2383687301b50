#include "report/formats/scorecard.h"

#include "data/ops.h"

static const char *const measure_words[] = {"controls-covered", "controls-passed",
                                            "findings-waived", "resources-passed",
                                            "resources-unmatched"};

bool berm_cards_open(berm_card_reader *r, const berm_alloc *alloc, const berm_doc *doc,
                     berm_error *err)
{
    *r = (berm_card_reader){.doc = doc, .err = err, .status = BERM_OK};
    berm_space_init(&r->space, alloc, UINT64_MAX);
    return berm_space_add(&r->space, &doc->store) != 0;
}

void berm_cards_close(berm_card_reader *r)
{
    berm_space_free(&r->space);
}

/* The first fault is told, at its place. False, so that it ends the reading. */
static bool refuse_card(berm_card_reader *r, berm_cell at, const char *what, berm_str which)
{
    berm_cell cell = at;
    cell.store = BERM_STORE_SELF;
    size_t off = at.aux == BERM_NO_SPAN ? 0 : (size_t)berm_doc_span(r->doc, &cell).off;
    r->status = berm_error_at(r->err, BERM_E_POLICY, BERM_D_SCORECARD, r->doc->text, off, "%s%S",
                              what, which);
    return false;
}

static berm_cell find_card_member(const berm_card_reader *r, berm_cell map, const char *name)
{
    return berm_map_find_text(&r->space, map, berm_str_of(name));
}

/* Every key is one of the words in `known`, a list that ends with NULL. */
static bool check_keys(berm_card_reader *r, berm_cell map, const char *const *known)
{
    for (uint32_t i = 0; i < map.as.ref.len; i++) {
        berm_cell key = berm_map_key_at(&r->space, map, i);
        berm_cell value = berm_map_value_at(&r->space, map, i);
        berm_str text = key.tag == BERM_TAG_STRING ? berm_text_of(&r->space, key) : BERM_STR("");
        const char *const *word = known;
        while (*word && !berm_str_is(text, *word)) word++;
        if (!*word) return refuse_card(r, value, "a scorecard has no member called ", text);
    }
    return true;
}

static bool take_card_text(berm_card_reader *r, berm_cell map, const char *name, bool needed,
                           berm_str *out)
{
    berm_cell value = find_card_member(r, map, name);
    *out = BERM_STR("");
    if (value.tag == BERM_TAG_MISSING && !needed) return true;
    if (value.tag == BERM_TAG_MISSING)
        return refuse_card(r, map, "a scorecard's part lacks the member ", berm_str_of(name));
    if (value.tag != BERM_TAG_STRING)
        return refuse_card(r, value, "this is a text: ", berm_str_of(name));
    *out = berm_text_of(&r->space, value);
    return true;
}

static bool is_glob_list(const berm_card_reader *r, berm_cell value)
{
    if (value.tag == BERM_TAG_STRING) return true;
    if (value.tag != BERM_TAG_LIST) return false;
    for (uint32_t i = 0; i < value.as.ref.len; i++)
        if (berm_list_at(&r->space, value, i).tag != BERM_TAG_STRING) return false;
    return true;
}

static bool take_globs(berm_card_reader *r, berm_cell map, const char *name, berm_cell *out)
{
    *out = find_card_member(r, map, name);
    if (out->tag == BERM_TAG_MISSING || is_glob_list(r, *out)) return true;
    return refuse_card(r, *out, "this is a list of patterns: ", berm_str_of(name));
}

bool berm_cards_match(const berm_card_reader *r, berm_cell globs, berm_str text)
{
    if (globs.tag == BERM_TAG_MISSING) return true;
    if (globs.tag == BERM_TAG_STRING) return berm_glob_match(berm_text_of(&r->space, globs), text);
    for (uint32_t i = 0; i < globs.as.ref.len; i++) {
        berm_cell glob = berm_list_at(&r->space, globs, i);
        if (berm_glob_match(berm_text_of(&r->space, glob), text)) return true;
    }
    return false;
}

static bool take_tags(berm_card_reader *r, berm_cell map, berm_figure_def *out)
{
    out->tags = find_card_member(r, map, "tags");
    if (out->tags.tag == BERM_TAG_MISSING) return true;
    if (out->tags.tag != BERM_TAG_MAP)
        return refuse_card(r, out->tags, "tags are a map of lists of patterns", BERM_STR(""));
    for (uint32_t i = 0; i < out->tags.as.ref.len; i++)
        if (berm_map_key_at(&r->space, out->tags, i).tag != BERM_TAG_STRING ||
            !is_glob_list(r, berm_map_value_at(&r->space, out->tags, i)))
            return refuse_card(r, out->tags, "tags are a map of lists of patterns", BERM_STR(""));
    return true;
}

static bool take_percent(berm_card_reader *r, berm_cell value, uint32_t *out)
{
    double percent = value.tag == BERM_TAG_INT      ? (double)value.as.i
                     : value.tag == BERM_TAG_DOUBLE ? value.as.d
                                                    : -1;
    if (!(percent >= 0 && percent <= 100))
        return refuse_card(r, value, "this is a percentage from 0 to 100", BERM_STR(""));
    *out = (uint32_t)(percent * 10 + 0.5);
    return true;
}

/* {min: 95} or {max: 10}; warn: between it and the target a figure is near. */
static bool take_target(berm_card_reader *r, berm_cell map, berm_figure *out)
{
    static const char *const known[] = {"min", "max", "warn", NULL};
    berm_cell target = find_card_member(r, map, "target");
    if (target.tag != BERM_TAG_MAP)
        return refuse_card(r, map, "a figure needs a target: {min: 95}", BERM_STR(""));
    if (!check_keys(r, target, known)) return false;
    berm_cell least = find_card_member(r, target, "min"), most = find_card_member(r, target, "max");
    berm_cell warn = find_card_member(r, target, "warn");
    out->at_most = most.tag != BERM_TAG_MISSING;
    if (out->at_most == (least.tag != BERM_TAG_MISSING))
        return refuse_card(r, target, "a target is either min or max", BERM_STR(""));
    if (!take_percent(r, out->at_most ? most : least, &out->target)) return false;
    out->warn = out->target;
    if (warn.tag != BERM_TAG_MISSING && !take_percent(r, warn, &out->warn)) return false;
    if (out->at_most ? out->warn < out->target : out->warn > out->target)
        return refuse_card(r, warn, "warn lies on the far side of the target", BERM_STR(""));
    return true;
}

static bool take_measure(berm_card_reader *r, berm_cell map, uint32_t *out)
{
    berm_str word;
    if (!take_card_text(r, map, "measure", true, &word)) return false;
    for (*out = 0; *out < BERM_MEASURE_COUNT; ++*out)
        if (berm_str_is(word, measure_words[*out])) return true;
    return refuse_card(r, find_card_member(r, map, "measure"), "there is no measure called ", word);
}

static bool read_figure(berm_card_reader *r, berm_cell map, berm_figure_def *out)
{
    static const char *const known[] = {"figure",  "title",      "measure",  "controls",
                                        "version", "guardrails", "elements", "kinds",
                                        "tags",    "target",     NULL};
    if (map.tag != BERM_TAG_MAP) return refuse_card(r, map, "a figure is a map", BERM_STR(""));
    if (!check_keys(r, map, known) || !take_measure(r, map, &out->measure)) return false;
    bool controls = out->measure <= BERM_MEASURE_CONTROLS_PASSED;
    return take_card_text(r, map, "figure", true, &out->shown.id) &&
           take_card_text(r, map, "title", true, &out->shown.title) &&
           take_card_text(r, map, "controls", controls, &out->controls) &&
           take_card_text(r, map, "version", false, &out->version) &&
           take_globs(r, map, "guardrails", &out->guardrails) &&
           take_globs(r, map, "elements", &out->elements) &&
           take_globs(r, map, "kinds", &out->kinds) && take_tags(r, map, out) &&
           take_target(r, map, &out->shown);
}

static bool read_card(berm_card_reader *r, berm_cell root,
                      bool (*each)(void *ctx, const berm_card_reader *reader,
                                   const berm_figure_def *figure),
                      void *ctx)
{
    static const char *const known[] = {"scorecard", "title", "description", "figures", NULL};
    berm_figure_def figure = {.measure = 0};
    berm_str title;
    if (root.tag != BERM_TAG_MAP) return refuse_card(r, root, "a scorecard is a map", BERM_STR(""));
    if (!check_keys(r, root, known) ||
        !take_card_text(r, root, "scorecard", true, &figure.shown.scorecard) ||
        !take_card_text(r, root, "title", false, &title))
        return false;
    berm_cell figures = find_card_member(r, root, "figures");
    if (figures.tag != BERM_TAG_LIST || !figures.as.ref.len)
        return refuse_card(r, root, "a scorecard has a list of figures", BERM_STR(""));
    for (uint32_t i = 0; i < figures.as.ref.len; i++) {
        if (!read_figure(r, berm_list_at(&r->space, figures, i), &figure)) return false;
        if (!each(ctx, r, &figure)) return r->status = BERM_E_NOMEM, false;
    }
    return true;
}

berm_status berm_cards_read(berm_card_reader *r,
                            bool (*each)(void *ctx, const berm_card_reader *reader,
                                         const berm_figure_def *figure),
                            void *ctx)
{
    for (uint32_t i = 0; i < r->doc->root_count; i++) {
        berm_cell root = r->doc->roots[i];
        root.store = BERM_STORE_IMAGE;
        if (!read_card(r, root, each, ctx)) return r->status;
    }
    if (!r->doc->root_count)
        refuse_card(r, berm_cell_of(BERM_TAG_MISSING), "there is no scorecard", BERM_STR(""));
    return r->status;
}

static bool ignore_figure(void *ctx, const berm_card_reader *reader, const berm_figure_def *figure)
{
    (void)ctx;
    (void)reader;
    (void)figure;
    return true;
}

berm_status berm_scorecards_add(berm_report *report, const berm_doc *definitions, berm_error *err)
{
    berm_card_reader reader;
    berm_status status = BERM_E_NOMEM;
    if (berm_cards_open(&reader, &report->alloc, definitions, err) &&
        berm_array_reserve(&report->alloc, &report->extras.scorecards, 1))
        status = berm_cards_read(&reader, ignore_figure, NULL);
    if (status == BERM_E_NOMEM) berm_error_set(err, status, BERM_D_NOMEM, "an allocation failed");
    if (!status)
        report->extras.scorecards.items[report->extras.scorecards.count++] =
            berm_doc_hold((berm_doc *)(uintptr_t)definitions);
    berm_cards_close(&reader);
    return status;
}
