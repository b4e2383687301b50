/* Derived kinds as a graph: an arrow from a kind to each kind that is derived from it. It has no
   circle and no long chain, so deriving ends. */
#include "policy/index.h"
#include "policy/match.h"

typedef struct kind_visit {
    uint32_t kind, next; /* the arrow to look at next */
} kind_visit;

typedef struct kind_walk {
    berm_build *build;
    berm_kind_def *const *kinds;
    uint32_t count;
    uint32_t *depth; /* of the longest chain from here, itself included; 0: not yet known */
    bool *open;      /* on the path that is walked */
    kind_visit *path;
    uint32_t path_len;
    bool failed;
} kind_walk;

static bool is_glob(berm_str pattern)
{
    return pattern.len &&
           (memchr(pattern.ptr, '*', pattern.len) || memchr(pattern.ptr, '?', pattern.len));
}

/* Do both occur in documents of one target? What is described for a target occurs under those, too,
   whose kinds are that one's. */
static bool can_meet(const berm_model *model, berm_str a, berm_str b)
{
    if (berm_str_equal(a, b)) return true;
    const berm_target_def *first = berm_model_target(model, a),
                          *second = berm_model_target(model, b);
    if (first && berm_str_equal(first->kinds_of, b)) return true;
    return second && berm_str_equal(second->kinds_of, a);
}

/* As the index matches derived kinds: "*" alone means listed resources, so it derives from
   nothing derived. */
static bool derives_from(const berm_model *model, const berm_kind_def *kind,
                         const berm_kind_def *source)
{
    berm_part globs = kind->of.kinds;
    if (!can_meet(model, kind->of.target, source->of.target)) return false;
    for (uint32_t i = 0; berm_part_is(globs, BERM_TAG_LIST) && i < berm_part_count(globs); i++) {
        berm_str glob = berm_part_text(berm_part_element_at(globs, i));
        if (!glob.ptr || berm_str_is(glob, "*")) continue;
        if (is_glob(glob) ? berm_glob_match(glob, source->name)
                          : berm_str_equal(glob, source->name)) {
            return true;
        }
    }
    return false;
}

static void fault_circle(kind_walk *walk, uint32_t kind)
{
    uint32_t at = walk->path_len;
    while (at > 0 && walk->path[at - 1].kind != kind) at--;
    berm_text circle;
    berm_text_init(&circle, walk->build->alloc);
    for (uint32_t i = at ? at - 1 : 0; i < walk->path_len; i++) {
        berm_text_format(&circle, "%S -> ", walk->kinds[walk->path[i].kind]->name);
    }
    berm_text_put(&circle, walk->kinds[kind]->name);
    if (circle.failed) berm_build_fail(walk->build, BERM_E_NOMEM);
    berm_part_fault(walk->build, berm_part_member(walk->kinds[kind]->of.at, "kinds"),
                    BERM_D_POLICY_CYCLE, "kinds are derived from each other in a circle: %S",
                    berm_text_view(&circle));
    berm_text_free(&circle);
    walk->failed = true;
}

static void enter_kind(kind_walk *walk, uint32_t kind)
{
    walk->depth[kind] = 1;
    walk->open[kind] = true;
    walk->path[walk->path_len++] = (kind_visit){kind, 0};
}

static void leave_kind(kind_walk *walk)
{
    uint32_t kind = walk->path[--walk->path_len].kind;
    walk->open[kind] = false;
    if (walk->path_len == 0) return;
    uint32_t *above = &walk->depth[walk->path[walk->path_len - 1].kind];
    if (*above < walk->depth[kind] + 1) *above = walk->depth[kind] + 1;
}

/* Depth first, without recursion; stops at the first circle. */
static void walk_kinds_from(kind_walk *walk, uint32_t start)
{
    enter_kind(walk, start);
    while (walk->path_len && !walk->failed) {
        kind_visit *top = &walk->path[walk->path_len - 1];
        if (top->next == walk->count) {
            leave_kind(walk);
            continue;
        }
        uint32_t next = top->next++;
        if (!derives_from(walk->build->model, walk->kinds[next], walk->kinds[top->kind])) continue;
        if (walk->open[next]) {
            fault_circle(walk, next);
        } else if (walk->depth[next] == 0) {
            enter_kind(walk, next);
        } else if (walk->depth[top->kind] < walk->depth[next] + 1) {
            walk->depth[top->kind] = walk->depth[next] + 1;
        }
    }
}

static void walk_kinds(kind_walk *walk)
{
    for (uint32_t i = 0; i < walk->count && !walk->failed; i++) {
        if (walk->depth[i] == 0) walk_kinds_from(walk, i);
        if (!walk->failed && walk->depth[i] > BERM_KIND_DEPTH_MAX) {
            berm_part_fault(walk->build, berm_part_member(walk->kinds[i]->at, "kind"),
                            BERM_D_POLICY_TOO_MANY,
                            "`%S` starts a chain of %u derived kinds; %u is the most",
                            walk->kinds[i]->name, walk->depth[i], (uint32_t)BERM_KIND_DEPTH_MAX);
            return;
        }
    }
}

void berm_kinds_check(berm_build *build)
{
    berm_model *model = build->model;
    uint32_t count = model->kinds.count;
    if (count == 0) return;
    if (count > BERM_KIND_COUNT_MAX) {
        berm_part_fault(
            build, berm_part_member(model->kinds.items[BERM_KIND_COUNT_MAX]->at, "kind"),
            BERM_D_POLICY_TOO_MANY, "more than %u derived kinds", (uint32_t)BERM_KIND_COUNT_MAX);
        return;
    }
    kind_walk walk = {.build = build,
                      .kinds = model->kinds.items,
                      .count = count,
                      .depth = berm_build_alloc(build, count, sizeof *walk.depth),
                      .open = berm_build_alloc(build, count, sizeof *walk.open),
                      .path = berm_build_alloc(build, count, sizeof *walk.path)};
    if (walk.depth && walk.open && walk.path) walk_kinds(&walk);
}
