#include "vm_expect.h"

VM_TABLE(base64, {"base64.encode(b'')", "\"\""},
         {"base64.encode(b'f') + base64.encode(b'fo') + base64.encode(b'foo')", "\"Zg==Zm8=Zm9v\""},
         {"base64.decode('Zg==') == b'f' && base64.decode('Zg') == b'f' && base64.decode('Zm8=') "
          "== b'fo'",
          "true"},
         {"base64.decode('Z\\ng\\r\\n=\\n=\\n') == b'f'", "true"},
         {"base64.decode('\\n') == b''", "true"}, {"base64.decode('Zg==Zg==')", "error CONVERSION"},
         {"base64.decode('Zg=')", "error CONVERSION"}, {"base64.decode('Z')", "error CONVERSION"},
         {"base64.decode('====')", "error CONVERSION"},
         {"base64.decode('Zm9v!')", "error CONVERSION"},
         {"base64.decode('Zm 9v')", "error CONVERSION"},
         {"base64.decode('-_-_')", "error CONVERSION"}, {"base64.decode('=')", "error CONVERSION"},
         {"base64.decode('') == b''", "true"}, {"base64.encode('f')", "error NO_OVERLOAD"},
         {"base64.decode(b'f')", "error NO_OVERLOAD"}, {"base64.encode(bytes(s))", "*\"c2VjcmV0\""})

VM_TABLE(json,
         {"json.parse('[1, -2, 18446744073709551615, 0.5, null, true]')",
          "[1, -2, 18446744073709551615u, 0.5, null, true]"},
         {"json.parse('{\"a\": {\"b\": [\"x\\\\u00e9\"]}}').a.b[0] == 'x\\u00e9'", "true"},
         {"json.parse('')", "error PARSE"}, {"json.parse('[1,]')", "error PARSE"},
         {"json.parse('1 2')", "error PARSE"}, {"json.parse(1)", "error NO_OVERLOAD"},
         {"json.parse('{\"k01\":1,\"k02\":2,\"k03\":3,\"k04\":4,\"k05\":5,\"k06\":6,\"k07\":7,"
          "\"k08\":8,\"k09\":9,\"k10\":10,"
          "\"k11\":11,\"k12\":12,\"k13\":13,\"k14\":14,\"k15\":15,\"k16\":16,\"k17\":17,\"k18\":18}"
          "').map(k, k).size()",
          "18"},
         {"cel.bind(m, "
          "json.parse('{\"k01\":1,\"k02\":2,\"k03\":3,\"k04\":4,\"k05\":5,\"k06\":6,\"k07\":7,"
          "\"k08\":8,\"k09\":9,\"k10\":10,"
          "\"k11\":11,\"k12\":12,\"k13\":13,\"k14\":14,\"k15\":15,\"k16\":16,\"k17\":17,\"k18\":18}"
          "'), [m.k01, m.k17, has(m.k18), has(m.k19)])",
          "[1, 17, true, false]"},
         {"json.encode(d.nested)", "\"{\\\"deep\\\":[{\\\"x\\\":1},{\\\"x\\\":2}]}\""},
         {"json.encode(part)", "unknown"}, {"json.encode([s])", "*\"[\\\"secret\\\"]\""},
         {"json.encode({1: 'a'}) == '{\"1\":\"a\"}'", "true"}, {"json.parse(s)", "*error PARSE"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64),
        cmocka_unit_test(json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
