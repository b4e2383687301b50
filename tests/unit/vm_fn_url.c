/* The urls library; what is expected is what Go's net/url makes of the same texts. */
#include "vm_expect.h"

VM_TABLE(parts, {"url('HTTPS://u:p@example.com:80/a?q#f').getScheme()", "\"https\""},
         {"url('https://u:p@example.com:80/a?q#f').getHost()", "\"example.com:80\""},
         {"url('https://u:p@example.com:80/a').getHostname()", "\"example.com\""},
         {"url('https://u:p@example.com:80/a').getPort()", "\"80\""},
         {"url('https://example.com').getPort()", "\"\""},
         {"url('https://example.com:').getPort()", "\"\""},
         {"url('https://example.com/a/b').getEscapedPath()", "\"/a/b\""},
         {"url('mailto:a@b').getScheme() + url('mailto:a@b').getHost()", "\"mailto\""},
         {"url('mailto:a@b').getEscapedPath()", "\"\""}, {"url('*').getEscapedPath()", "\"*\""},
         {"url('///x').getHost()", "\"\""}, {"url('///x').getEscapedPath()", "\"///x\""})

VM_TABLE(literal_hosts, {"url('http://[::1]:80/').getHostname()", "\"::1\""},
         {"url('http://[fe80::1%25en0]:80/').getHost()", "\"[fe80::1%en0]:80\""},
         {"url('http://[fe80::1%25en0]:80/').getHostname()", "\"fe80::1%en0\""},
         {"url('http://[fe80::1%25a%20b]/').getHost()", "\"[fe80::1%a b]\""},
         {"isURL('http://[fe80::1%25]/')", "false"}, {"isURL('http://[fe80::1%25a%0a]/')", "false"},
         {"isURL('http://[::1')", "false"}, {"isURL('http://[::1]x/')", "false"},
         {"isURL('http://[1.2.3.4]/')", "false"}, {"isURL('http://[::12345]/')", "false"},
         {"isURL('http://[::1]:8a/')", "false"})

VM_TABLE(what_is_none, {"isURL('')", "false"}, {"isURL('relative')", "false"},
         {"isURL(':no-scheme')", "false"}, {"isURL('1a:b')", "false"},
         {"isURL('http://h/\\u007f')", "false"}, {"isURL('http://h/\\n')", "false"},
         {"isURL('http://u v@h/')", "false"}, {"isURL('http://u%zz@h/')", "false"},
         {"isURL('http://h:x/')", "false"}, {"isURL('http://%41/')", "false"},
         {"isURL('http://a b/')", "false"}, {"isURL('/%zz')", "false"}, {"isURL('/%4')", "false"},
         {"url('relative')", "error CONVERSION"}, {"url(1)", "error NO_OVERLOAD"},
         {"isURL(1)", "error NO_OVERLOAD"}, {"'/a'.getHost()", "error NO_OVERLOAD"},
         {"'/a'.getPort()", "error NO_OVERLOAD"}, {"'/a'.getHostname()", "error NO_OVERLOAD"},
         {"'/a'.getQuery()", "error NO_OVERLOAD"})

/* What need not be escaped is the same as what is; what was escaped stays so in a path. */
VM_TABLE(escapes, {"url('/a%2Fb').getEscapedPath()", "\"/a%2Fb\""},
         {"url('/%e9').getEscapedPath()", "\"/%e9\""},
         {"url('/a b').getEscapedPath()", "\"/a%20b\""},
         {"url('/a\"b%41').getEscapedPath()", "\"/a%22bA\""},
         {"url('/\\u00e9').getEscapedPath()", "\"/%C3%A9\""},
         {"url('http://%e4%b8%96/').getHost()", "\"\u4e16\""}, {"url('http://%FF/')", "error UTF8"},
         {"url('http://%75@h/') == url('http://u@h/')", "true"},
         {"url('http://u:%70@h/') == url('http://u:p@h/')", "true"},
         {"url('http://u:p@h/') == url('http://u@h/')", "false"},
         {"url('http://u%40:p@h/') == url('http://u:p@h/')", "false"},
         {"url('HTTP://h/') == url('http://h/')", "true"},
         {"url('http://h/#a b') == url('http://h/#a%20b')", "true"},
         {"url('http://h/#a[b]') == url('http://h/#ab')", "false"},
         {"isURL('http://h/?%zz')", "true"}, {"url('http://h/#%zz')", "error CONVERSION"})

VM_TABLE(queries, {"url('/?a=1&b=2&a=3').getQuery()", "{\"a\": [\"1\", \"3\"], \"b\": [\"2\"]}"},
         {"url('/?a&b=&&=c').getQuery() == {'a': [''], 'b': [''], '': ['c']}", "true"},
         {"url('/?a=%C3%A9+x&%62=%41').getQuery() == {'a': ['\\u00e9 x'], 'b': ['A']}", "true"},
         {"url('/?c;d=1&e=%zz&%z=1&f=1').getQuery()", "{\"f\": [\"1\"]}"},
         {"url('/?a=%ff').getQuery()", "error UTF8"}, {"url('/?%ff=a').getQuery()", "error UTF8"},
         {"url('/').getQuery()", "{}"}, {"url('/?').getQuery()", "{}"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts),   cmocka_unit_test(literal_hosts), cmocka_unit_test(what_is_none),
        cmocka_unit_test(escapes), cmocka_unit_test(queries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
