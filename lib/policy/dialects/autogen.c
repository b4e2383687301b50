#include "policy/dialects/autogen.h"

#include "policy/dialects/params.h"

static const struct autogen_kind {
    berm_str kind, plural;
} autogen_kinds[] = {
    {{"DaemonSet", 9}, {"daemonsets", 10}},
    {{"Deployment", 10}, {"deployments", 11}},
    {{"Job", 3}, {"jobs", 4}},
    {{"ReplicaSet", 10}, {"replicasets", 11}},
    {{"ReplicationController", 21}, {"replicationcontrollers", 22}},
    {{"StatefulSet", 11}, {"statefulsets", 12}},
    {{"CronJob", 7}, {"cronjobs", 8}},
};
#define AUTOGEN_COUNT (sizeof autogen_kinds / sizeof *autogen_kinds)
#define AUTOGEN_CRON_JOB (AUTOGEN_COUNT - 1)

berm_part berm_autogen_annotation(berm_part document)
{
    berm_part annotations = berm_part_member(berm_part_member(document, "metadata"), "annotations");
    return berm_part_member(annotations, "pod-policies.kyverno.io/autogen-controllers");
}

/* "Deployment, CronJob" has the word. */
static bool names_word(berm_str words, berm_str word)
{
    while (words.len) {
        const char *comma = memchr(words.ptr, ',', words.len);
        size_t len = comma ? (size_t)(comma - words.ptr) : words.len;
        if (berm_str_equal(berm_str_trim(berm_str_cut(words, 0, len)), word)) return true;
        words = berm_str_cut(words, comma ? len + 1 : len, words.len);
    }
    return false;
}

static bool wants_controller(const berm_autogen *autogen, const struct autogen_kind *kind)
{
    if (berm_part_given(autogen->annotation))
        return names_word(berm_part_text(autogen->annotation), kind->kind);
    if (!berm_part_is(autogen->list, BERM_TAG_LIST)) return true;
    for (uint32_t i = 0; i < berm_part_count(autogen->list); i++)
        if (berm_str_equal(berm_part_text(berm_part_element_at(autogen->list, i)), kind->plural))
            return true;
    return false;
}

/* One guardrail for those of the kinds first..end that are wanted. */
static void add_autogen(berm_build *build, const berm_autogen *autogen, berm_admission_terms terms,
                        size_t first, size_t end)
{
    berm_cell kinds[AUTOGEN_COUNT];
    uint32_t count = 0;
    for (size_t i = first; i < end; i++)
        if (wants_controller(autogen, &autogen_kinds[i]))
            kinds[count++] = berm_space_string(&build->space, autogen_kinds[i].kind);
    if (!count) return;
    terms.admission.stands = berm_admission_list(build, kinds, count);
    berm_params_add(build, &terms);
}

void berm_autogen_add(berm_build *build, const berm_autogen *autogen,
                      const berm_admission_terms *terms, berm_str first, berm_str second)
{
    berm_admission_terms one = *terms;
    one.id = berm_admission_id(build, first, berm_admission_id(build, BERM_STR("autogen"), second));
    one.template = "spec.template.";
    add_autogen(build, autogen, one, 0, AUTOGEN_CRON_JOB);
    one.id = berm_admission_id(build, first,
                               berm_admission_id(build, BERM_STR("autogen-cronjob"), second));
    one.template = "spec.jobTemplate.spec.template.";
    add_autogen(build, autogen, one, AUTOGEN_CRON_JOB, AUTOGEN_COUNT);
}
