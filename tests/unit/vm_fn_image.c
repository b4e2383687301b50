#include "vm_expect.h"

#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

VM_TABLE(
    parts,
    {"cel.bind(i, image('nginx'), [i.registry(), i.repository(), i.name(), i.tag(), i.digest()])",
     "[\"docker.io\", \"library/nginx\", \"docker.io/library/nginx\", \"latest\", \"\"]"},
    {"cel.bind(i, image('acme/web:v1'), [i.registry(), i.repository(), i.tag()])",
     "[\"docker.io\", \"acme/web\", \"v1\"]"},
    {"cel.bind(i, image('localhost:5000/a/b/c'), [i.registry(), i.repository(), i.tag()])",
     "[\"localhost:5000\", \"a/b/c\", \"latest\"]"},
    {"cel.bind(i, image('ghcr.io/acme/web@" DIGEST "'), [i.name(), i.tag(), i.digest()])",
     "[\"ghcr.io/acme/web\", \"\", \"" DIGEST "\"]"},
    {"cel.bind(i, image('ghcr.io/acme/web:v1@" DIGEST "'), [i.tag(), i.digest() != ''])",
     "[\"v1\", true]"},
    {"image('index.docker.io/nginx').name()", "\"docker.io/library/nginx\""},
    {"image('[::1]:5000/a').registry()", "\"[::1]:5000\""},
    {"image('localhost/a').name()", "\"localhost/a\""}, {"type(image('a'))", "berm.Image"},
    {"image('nginx') == image('docker.io/library/nginx:latest')", "true"},
    {"image('a') == image('b')", "false"}, {"image(s).name()", "*\"docker.io/library/secret\""})

VM_TABLE(malformed, {"image('')", "error CONVERSION"}, {"image('Nginx')", "error CONVERSION"},
         {"image('a//b')", "error CONVERSION"}, {"image('a:')", "error CONVERSION"},
         {"image('a:.x')", "error CONVERSION"}, {"image('a@sha256:123')", "error CONVERSION"},
         {"image('a@')", "error CONVERSION"}, {"image('a..b')", "error CONVERSION"},
         {"image('a___b')", "error CONVERSION"}, {"image('a__b--c.d')!= null", "true"},
         {"image('-a')", "error CONVERSION"}, {"image('a/')", "error CONVERSION"},
         {"image('ghcr.io/')", "error CONVERSION"}, {"image('ghcr.io:x/a')", "error CONVERSION"},
         {"image('a b')", "error CONVERSION"}, {"image('-x.io/a')", "error CONVERSION"},
         {"image(1)", "error NO_OVERLOAD"}, {"'a'.tag()", "error NO_OVERLOAD"},
         {"isImage('a:b:c')", "false"}, {"isImage('nginx:1.25')", "true"},
         {"isImage(1)", "error NO_OVERLOAD"})

VM_TABLE(hosts_and_digests, {"image('[::1:5/a')", "error CONVERSION"},
         {"image('[]:5/a')", "error CONVERSION"}, {"image('[::-1]:5/a')", "error CONVERSION"},
         {"image('[::1]x:5/a')", "error CONVERSION"}, {"image('[::1]:x/a')", "error CONVERSION"},
         {"isImage('a@sha512+b64u.x_y-z:0123456789abcdef0123456789abcdef')", "true"},
         {"isImage('a@sha!256:0123456789abcdef0123456789abcdef')", "false"},
         {"isImage('a@sha256:0123456789abcdef0123456789abcdefG')", "false"},
         {"isImage('a@sha256:0123456789abcdef0123456789abcdef.')", "false"},
         {"isImage('a@sha256:0123456789abcdef0123456789abcdefg')", "false"},
         {"isImage('a@sha256:0123456789abcdef0123456789abcdef:')", "false"},
         {"ip('::1').tag()", "error NO_OVERLOAD"}, {"'a'.name()", "error NO_OVERLOAD"},
         {"ip('::1').name()", "error NO_OVERLOAD"})

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts),
        cmocka_unit_test(malformed),
        cmocka_unit_test(hosts_and_digests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
