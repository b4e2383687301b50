/* Tags: YAML's own, CloudFormation's short forms, GitLab's !reference, and base64 for !!binary.
   Every other tag says nothing about the value and is passed over: !vault of Ansible, !custom of
   anybody keep the value they stand at. */
#include "data/yaml_parts.h"

static const struct {
    const char *name;
    berm_yaml_tag tag;
} yaml_tags[] = {
    {"str", BERM_YAML_TAG_STR},     {"int", BERM_YAML_TAG_INT},
    {"float", BERM_YAML_TAG_FLOAT}, {"bool", BERM_YAML_TAG_BOOL},
    {"null", BERM_YAML_TAG_NULL},   {"binary", BERM_YAML_TAG_BINARY},
    {"merge", BERM_YAML_TAG_MERGE}, {"seq", BERM_YAML_TAG_LIST},
    {"map", BERM_YAML_TAG_MAP},     {"timestamp", BERM_YAML_TAG_STR},
};

/* The intrinsic functions with a short form, and those of rules and of the language extensions. Ref
   and Condition have no Fn:: in front. GitLab's tag has no long form; it is one here. */
static const char *const yaml_intrinsics[] = {
    "!reference",       "Ref",
    "Condition",        "Fn::And",
    "Fn::Base64",       "Fn::Cidr",
    "Fn::Contains",     "Fn::EachMemberEquals",
    "Fn::EachMemberIn", "Fn::Equals",
    "Fn::FindInMap",    "Fn::GetAtt",
    "Fn::GetAZs",       "Fn::GetStackOutput",
    "Fn::If",           "Fn::ImportValue",
    "Fn::Join",         "Fn::Length",
    "Fn::Not",          "Fn::Or",
    "Fn::RefAll",       "Fn::Select",
    "Fn::Split",        "Fn::Sub",
    "Fn::ToJsonString", "Fn::Transform",
    "Fn::ValueOf",      "Fn::ValueOfAll",
};

static bool find_yaml_intrinsic(berm_str name, berm_str *out)
{
    for (size_t i = 0; i < sizeof yaml_intrinsics / sizeof *yaml_intrinsics; i++) {
        berm_str full = berm_str_of(yaml_intrinsics[i]);
        size_t prefix = full.ptr[0] == '!' ? 1 : full.ptr[2] == ':' ? 4 : 0;
        if (!berm_str_equal(berm_str_cut(full, prefix, full.len), name)) continue;
        *out = full;
        return true;
    }
    return false;
}

berm_yaml_tag berm_yaml_tag_of(berm_str tag, berm_str *intrinsic)
{
    static const berm_str core = {"tag:yaml.org,2002:", 18};
    if (tag.len == 0) return BERM_YAML_TAG_NONE;
    if (tag.ptr[0] == '!')
        return find_yaml_intrinsic(berm_str_cut(tag, 1, tag.len), intrinsic)
                   ? BERM_YAML_TAG_INTRINSIC
                   : BERM_YAML_TAG_NONE;
    if (!berm_str_starts(tag, core)) return BERM_YAML_TAG_NONE;
    for (size_t i = 0; i < sizeof yaml_tags / sizeof *yaml_tags; i++)
        if (berm_str_is(berm_str_cut(tag, core.len, tag.len), yaml_tags[i].name))
            return yaml_tags[i].tag;
    return BERM_YAML_TAG_NONE;
}

const char *berm_yaml_tag_name(berm_yaml_tag tag)
{
    for (size_t i = 0; i < sizeof yaml_tags / sizeof *yaml_tags; i++)
        if (yaml_tags[i].tag == tag) return yaml_tags[i].name;
    return "";
}

static int32_t base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool berm_base64_decode(berm_str in, char *out, uint32_t *out_len)
{
    uint32_t bits = 0, digits = 0, padding = 0, len = 0;
    for (size_t i = 0; i < in.len; i++) {
        char c = in.ptr[i];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
        if (c == '=') {
            padding++;
            continue;
        }
        int32_t digit = base64_digit(c);
        if (digit < 0 || padding > 0) return false;
        bits = bits << 6 | (uint32_t)digit;
        if (++digits % 4 == 0) {
            out[len++] = (char)(bits >> 16 & 0xff);
            out[len++] = (char)(bits >> 8 & 0xff);
            out[len++] = (char)(bits & 0xff);
        }
    }
    uint32_t rest = digits % 4;
    if (rest == 1 || padding != (rest == 0 ? 0 : 4 - rest)) return false;
    if (rest >= 2) out[len++] = (char)(bits >> (rest == 2 ? 4 : 10) & 0xff);
    if (rest == 3) out[len++] = (char)(bits >> 2 & 0xff);
    *out_len = len;
    return true;
}
