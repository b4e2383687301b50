/* Kubernetes' named formats: what they take, and the first words of what they say of the rest. */
#include "vm_expect.h"

#define FINE(format, text) \
    { \
        "format." format "().validate('" text "').hasValue()", "false" \
    }
#define SAYS(format, text, words) \
    { \
        "format." format "().validate('" text "').value()[0].startsWith('" words "')", "true" \
    }
#define LONG "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" /* 64 */
#define LONGER LONG "." LONG "." LONG "." LONG

VM_TABLE(labels, FINE("dns1123Label", "a-1"), SAYS("dns1123Label", "a.b", "must not contain dots"),
         SAYS("dns1123Label", "A", "a lowercase RFC 1123 label must consist of"),
         SAYS("dns1123Label", "", "a lowercase RFC 1123 label must consist of"),
         SAYS("dns1123Label", "a-", "a lowercase RFC 1123 label must consist of"),
         SAYS("dns1123Label", LONG, "must be no more than 63 characters"),
         FINE("dns1123Subdomain", "a.b-c.1"),
         SAYS("dns1123Subdomain", "a..b", "a lowercase RFC 1123 subdomain must consist of"),
         SAYS("dns1123Subdomain", LONGER, "must be no more than 253 characters"),
         FINE("dns1035Label", "a1"), SAYS("dns1035Label", "1a", "a DNS-1035 label must consist of"))

VM_TABLE(prefixes, FINE("dns1123LabelPrefix", "a-"), FINE("dns1123SubdomainPrefix", "a.b-"),
         FINE("dns1035LabelPrefix", "a1-"),
         SAYS("dns1123LabelPrefix", "A--", "a lowercase RFC 1123 label must consist of"),
         SAYS("dns1123LabelPrefix", "-", "a lowercase RFC 1123 label must consist of"),
         SAYS("dns1035LabelPrefix", "1b-a", "a DNS-1035 label must consist of"))

VM_TABLE(names, FINE("qualifiedName", "example.com/My.Name_1"), FINE("qualifiedName", "a"),
         SAYS("qualifiedName", "/a", "prefix part must be non-empty"),
         SAYS("qualifiedName", "A.b/a", "prefix part a lowercase RFC 1123 subdomain"),
         SAYS("qualifiedName", "a/", "name part must be non-empty"),
         SAYS("qualifiedName", "a/b/c", "a valid label key must consist of alphanumeric"),
         SAYS("qualifiedName", "-a", "name part must consist of alphanumeric characters"),
         SAYS("qualifiedName", LONG, "name part must be no more than 63 bytes"),
         {"format.qualifiedName().validate('/').value().size()", "3"}, FINE("labelValue", ""),
         FINE("labelValue", "A_b.c"), SAYS("labelValue", "a b", "a valid label must be an empty"),
         SAYS("labelValue", LONG, "must be no more than 63 bytes"))

VM_TABLE(others, FINE("uri", "https://a/b"), SAYS("uri", "a b", "parse "),
         FINE("uuid", "123e4567-e89b-12d3-a456-426614174000"),
         FINE("uuid", "123E4567E89B12D3A456426614174000"), SAYS("uuid", "123e", "does not match"),
         SAYS("uuid", "123e4567-e89b-12d3-a456-4266141740000", "does not match"),
         FINE("byte", "aGk="), SAYS("byte", "aGk", "invalid base64"), SAYS("byte", "", "invalid"),
         SAYS("byte", "a=k=", "invalid base64"), SAYS("byte", "====", "invalid base64"),
         FINE("byte", "a+/k"), FINE("byte", "aa=="), SAYS("byte", "a-bc", "invalid base64"),
         SAYS("byte", "=", "invalid base64"),
         SAYS("uuid", "123g4567-e89b-12d3-a456-426614174000", "does not match"),
         SAYS("uuid", "123:4567-e89b-12d3-a456-426614174000", "does not match"),
         FINE("date", "2024-02-29"), FINE("date", "0000-02-29"),
         SAYS("date", "2023-02-29", "invalid date"), SAYS("date", "2023-2-1", "invalid date"))

VM_TABLE(moments, FINE("datetime", "2024-02-29T23:59:59Z"),
         FINE("datetime", "2024-02-29t00:00:00z"),
         FINE("datetime", "2024-02-29T00:00:00.123456789Z"),
         FINE("datetime", "2024-02-29T00:00:00.1+05:30"),
         FINE("datetime", "2024-02-29T00:00:00-05:30"),
         SAYS("datetime", "2024-02-29T00:00:00.Z", "invalid datetime"),
         SAYS("datetime", "2024-02-29T00:00:00.1", "invalid datetime"),
         SAYS("datetime", "2024-02-29T00:00:00", "invalid datetime"),
         SAYS("datetime", "2024-02-29T00:00:00+0530", "invalid datetime"),
         SAYS("datetime", "2024-02-29T00:00:00+05:3x", "invalid datetime"),
         SAYS("datetime", "2024-02-29T00:00:00Z0", "invalid datetime"),
         SAYS("datetime", "2024-02-29 00:00:00Z", "invalid datetime"),
         SAYS("datetime", "2024-02-30T00:00:00Z", "invalid datetime"),
         SAYS("datetime", "2024-02-29T24:00:00Z", "invalid datetime"),
         SAYS("datetime", "2024-02-29T00:60:00Z", "invalid datetime"),
         SAYS("datetime", "2024-02-29T00-00:00Z", "invalid datetime"),
         SAYS("datetime", "2024-02-29T-1:00:00Z", "invalid datetime"),
         SAYS("datetime", "2024-02-29T1-:00:00Z", "invalid datetime"),
         SAYS("datetime", "2024-02-29T1::00:00Z", "invalid datetime"),
         SAYS("datetime", "2024-02-29T00:00:00+05-30", "invalid datetime"),
         SAYS("datetime", "2024-02-29T00:00:00+x5:30", "invalid datetime"),
         SAYS("datetime", "2024-02-29T00:00:00x05:30", "invalid datetime"),
         SAYS("datetime", "2024-02-29T00:00-00Z", "invalid datetime"))

VM_TABLE(by_name, {"format.named('date').value() == format.date()", "true"},
         {"format.named('date').value() == format.datetime()", "false"},
         {"format.named('nothing').hasValue()", "false"}, {"format.named(1)", "error NO_OVERLOAD"},
         {"format.date().validate(1)", "error NO_OVERLOAD"},
         {"'date'.validate('x')", "error NO_OVERLOAD"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels), cmocka_unit_test(prefixes), cmocka_unit_test(names),
        cmocka_unit_test(others), cmocka_unit_test(moments),  cmocka_unit_test(by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
