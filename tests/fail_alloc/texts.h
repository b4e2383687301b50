/* Documents that take every allocating path of the readers. */
#ifndef BERM_TESTS_TEXTS_H
#define BERM_TESTS_TEXTS_H

#define JSON_TEXT \
    "{\"list\": [1, -2, 3.5e10, true, false, null, [], {}, [[[[]]]]],\n" \
    " \"escaped \\u00e9\\n\": \"\\ud83d\\ude00 and \\\"quotes\\\"\",\n" \
    " \"twice\": 1, \"twice\": 2, \"big\": 18446744073709551615,\n" \
    " \"wide\": {\"a\": 1, \"b\": 2, \"c\": 3, \"d\": 4, \"e\": 5, \"f\": 6, \"g\": 7, \"h\": 8, \"i\": 9, \"j\": 10,\n" \
    "   \"k\": 11, \"l\": 12, \"m\": 13, \"n\": 14, \"o\": 15, \"p\": 16, \"q\": 17, \"r\": 18, \"s\": 19}}\n"

#define NDJSON_TEXT "{\"a\": 1}\n{\"a\": [2, 3]}\n{\"a\": \"\\t\"}\n"

#define YAML_TEXT \
    "%YAML 1.2\n---\n" \
    "base: &base {image: nginx, ports: [80, 443], on: yes, mode: 0444}\n" \
    "web:\n  <<: *base\n  image: 'it''s'\n  script: |\n    line one\n    line two\n  folded: >-\n    one\n    two\n\n    three\n" \
    "quoted: \"tab\\t, \\u263a\"\n? [complex, key]\n: 1\n" \
    "aliases: [*base, *base]\ntagged: !!str 12\nshort: !Sub '${A}'\n" \
    "---\n- second\n- 2.5\n- ~\n...\n"

#define UTF16_TEXT "\xff\xfe{\0\"\0a\0\"\0:\0\"\0\xe9\0\"\0}\0"

#endif
