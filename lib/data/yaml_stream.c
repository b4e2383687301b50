/* libyaml, made ours: its events with byte offsets, its errors in words that help. The only file
   that sees yaml.h.

   What bounds libyaml 0.2.5 on hostile input:
   - memory: tokens are fetched at most one simple key ahead (1024 characters), so it holds one
     scalar, one indent or state for each open collection, and the directives of a document;
   - it has no limit of its own on nesting; each level reaches us as an event, and the tree refuses
     the one too many. Flow levels cost it a step for each open level at each token: that limit
     bounds this, too;
   - %TAG directives are compared pairwise, and each tag with all of them: a text with many is
     refused here;
   - it keeps no anchors in its event interface; ours are in yaml_anchor.c. */
#include "base/utf8.h"
#include "data/yaml_parts.h"

#include <yaml.h>

#define YAML_TAG_DIRECTIVES_MAX 64

struct berm_yaml_stream {
    const berm_alloc *alloc;
    berm_str text;
    yaml_parser_t parser;
    yaml_event_t event; /* the one whose texts the caller may still look at */
    size_t index, off;  /* the same place as a count of code points and as a byte offset */
    uint32_t flood_off; /* where %TAG directives became too many; UINT32_MAX: nowhere */
    bool ascii;         /* offsets are counts */
};

static uint32_t find_directive_flood(berm_str text)
{
    uint32_t count = 0;
    for (size_t pos = 0; pos < text.len; pos++) {
        const char *next = memchr(text.ptr + pos, '%', text.len - pos);
        if (!next) break;
        pos = (size_t)(next - text.ptr);
        bool directive = berm_str_starts(berm_str_cut(text, pos, text.len), BERM_STR("%TAG")) &&
                         (pos == 0 || next[-1] == '\n' || next[-1] == '\r');
        if (directive && ++count > YAML_TAG_DIRECTIVES_MAX) return (uint32_t)pos;
    }
    return UINT32_MAX;
}

berm_yaml_stream *berm_yaml_stream_new(const berm_alloc *alloc, berm_str text)
{
    berm_yaml_stream *stream = berm_mem_new(alloc, sizeof *stream);
    if (!stream) return NULL;
    stream->alloc = alloc;
    stream->text = text;
    stream->ascii = berm_utf8_count(text) == text.len;
    stream->flood_off = find_directive_flood(text);
    if (!yaml_parser_initialize(&stream->parser)) {
        berm_mem_free(alloc, stream, sizeof *stream);
        return NULL;
    }
    yaml_parser_set_encoding(&stream->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&stream->parser, (const unsigned char *)(text.ptr ? text.ptr : ""),
                                 text.len);
    return stream;
}

void berm_yaml_stream_free(berm_yaml_stream *stream)
{
    if (!stream) return;
    yaml_event_delete(&stream->event);
    yaml_parser_delete(&stream->parser);
    berm_mem_free(stream->alloc, stream, sizeof *stream);
}

/* Byte offset of libyaml's mark, which counts code points. The cursor walks from the last place
   asked for: marks come in the order of the text but for a few steps back, so all of them together
   cost one walk over it. */
static uint32_t locate_mark(berm_yaml_stream *stream, yaml_mark_t mark)
{
    berm_str text = stream->text;
    if (stream->ascii) return (uint32_t)(mark.index < text.len ? mark.index : text.len);
    for (; stream->index < mark.index && stream->off < text.len; stream->index++) {
        stream->off++;
        while (stream->off < text.len && (text.ptr[stream->off] & 0xc0) == 0x80) stream->off++;
    }
    for (; stream->index > mark.index && stream->off > 0; stream->index--) {
        stream->off--;
        while (stream->off > 0 && (text.ptr[stream->off] & 0xc0) == 0x80) stream->off--;
    }
    return (uint32_t)stream->off;
}

/* --- nodes --- */

static bool is_yaml_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

/* White space, line breaks and comments between a node's properties and the node. */
static size_t skip_yaml_gap(berm_str text, size_t pos, size_t limit)
{
    while (pos < limit) {
        uint32_t len = berm_yaml_break(text, pos);
        if (len > 0 || text.ptr[pos] == ' ' || text.ptr[pos] == '\t') {
            pos += len > 0 ? len : 1;
        } else if (text.ptr[pos] == '#') {
            while (pos < limit && berm_yaml_break(text, pos) == 0) pos++;
        } else {
            break;
        }
    }
    return pos < limit ? pos : limit;
}

/* Past the anchor and tag, in either order, from event->outer on: no node starts with & or !
   itself. */
static void skip_yaml_properties(berm_str text, size_t limit, berm_yaml_event *event)
{
    size_t pos = event->outer;
    while (pos < limit && (text.ptr[pos] == '&' || text.ptr[pos] == '!')) {
        size_t from = pos++;
        if (text.ptr[from] == '&') {
            while (pos < limit && is_yaml_name_char(text.ptr[pos])) pos++;
            event->anchor = berm_str_cut(text, from + 1, pos);
        } else {
            while (pos < limit && !memchr(" \t\r\n,[]{}", text.ptr[pos], 9) &&
                   berm_yaml_break(text, pos) == 0)
                pos++;
            if (pos == from + 1) event->verbatim = true;
        }
        pos = skip_yaml_gap(text, pos, limit);
    }
    event->start = (uint32_t)pos;
}

/* A block scalar ends for libyaml where the next token could start: the line breaks behind its text
   are not shown. */
static uint32_t trim_block_scalar(berm_str text, uint32_t start, uint32_t end)
{
    while (end > start + 1 && memchr(" \t\r\n", text.ptr[end - 1], 4)) end--;
    return end;
}

static void take_scalar(berm_yaml_stream *stream, berm_yaml_event *event)
{
    const yaml_event_t *e = &stream->event;
    yaml_scalar_style_t style = e->data.scalar.style;
    event->kind = BERM_YAML_SCALAR;
    event->plain = style == YAML_PLAIN_SCALAR_STYLE;
    event->tag = berm_str_of((const char *)e->data.scalar.tag);
    event->value = (berm_str){(const char *)e->data.scalar.value, e->data.scalar.length};
    skip_yaml_properties(stream->text, event->end, event);
    if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE)
        event->end = trim_block_scalar(stream->text, event->start, event->end);
}

static void take_collection(berm_yaml_stream *stream, berm_yaml_event *event, berm_yaml_kind kind,
                            const yaml_char_t *tag)
{
    event->kind = kind;
    event->tag = berm_str_of((const char *)tag);
    skip_yaml_properties(stream->text, stream->text.len, event);
}

static void take_event(berm_yaml_stream *stream, berm_yaml_event *event)
{
    const yaml_event_t *e = &stream->event;
    uint32_t start = locate_mark(stream, e->start_mark), end = locate_mark(stream, e->end_mark);
    *event = (berm_yaml_event){.kind = BERM_YAML_END, .outer = start, .start = start, .end = end};
    switch (e->type) {
    case YAML_DOCUMENT_START_EVENT: event->kind = BERM_YAML_DOCUMENT; break;
    case YAML_DOCUMENT_END_EVENT: event->kind = BERM_YAML_DOCUMENT_END; break;
    case YAML_ALIAS_EVENT:
        event->kind = BERM_YAML_ALIAS;
        event->anchor = berm_str_cut(stream->text, start + 1, end);
        break;
    case YAML_SCALAR_EVENT: take_scalar(stream, event); break;
    case YAML_SEQUENCE_START_EVENT:
        take_collection(stream, event, BERM_YAML_LIST, e->data.sequence_start.tag);
        break;
    case YAML_MAPPING_START_EVENT:
        take_collection(stream, event, BERM_YAML_MAP, e->data.mapping_start.tag);
        break;
    case YAML_SEQUENCE_END_EVENT: event->kind = BERM_YAML_LIST_END; break;
    case YAML_MAPPING_END_EVENT: event->kind = BERM_YAML_MAP_END; break;
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_NO_EVENT: break;
    }
}

/* --- faults --- */

typedef struct yaml_problem {
    const char *theirs, *ours;
    bool at_context; /* the place to show is where the construct starts */
} yaml_problem;

static const yaml_problem yaml_problems[] = {
    {"could not find expected ':'",
     "a ':' is missing: this is neither `key: value` nor an item of a list", true},
    {"mapping values are not allowed in this context",
     "a ':' is not expected here: quote a value that contains ': ', or mend the indentation",
     false},
    {"mapping keys are not allowed in this context", "a '?' key is not allowed here", false},
    {"block sequence entries are not allowed in this context",
     "a '-' item is not allowed here: mend the indentation", false},
    {"did not find expected key",
     "a key is expected here: the indentation does not fit the mapping around it", false},
    {"did not find expected '-' indicator",
     "a '-' is expected here: the indentation does not fit the list around it", false},
    {"did not find expected ',' or ']'", "a ',' or ']' is expected here", false},
    {"did not find expected ',' or '}'", "a ',' or '}' is expected here", false},
    {"did not find expected node content", "a value is expected here", false},
    {"did not find expected <document start>",
     "text behind the end of the document: a new one starts with ---", false},
    {"found character that cannot start any token",
     "a value cannot start with this character: quote it", false},
    {"found a tab character where an indentation space is expected",
     "a tab cannot indent YAML: use spaces", false},
    {"found a tab character that violates indentation", "a tab cannot indent YAML: use spaces",
     false},
    {"found unexpected end of stream", "the quoted text that starts here is never closed", true},
    {"found unexpected document indicator",
     "the quoted text that starts here is not closed before --- or ...", true},
    {"found unknown escape character",
     "YAML has no such escape: use single quotes for text with backslashes", false},
    {"did not find expected hexdecimal number", "hexadecimal digits are expected in the escape",
     false},
    {"found invalid Unicode character escape code", "the escape stands for no character", false},
    {"did not find expected alphabetic or numeric character",
     "a name of letters and digits is expected behind & or *", false},
    {"found undefined tag handle", "the tag's handle is not declared with %TAG", false},
    {"found incompatible YAML document", "only %YAML 1.1 and 1.2 are known", false},
    {"found unknown directive name", "only the directives %YAML and %TAG are known", false},
    {"could not find expected directive name", "the name of a directive is expected behind %",
     false},
    {"found an indentation indicator equal to 0", "the indentation of a block of text is 1 to 9",
     false},
    {"did not find expected comment or line break",
     "the text of a block starts on the line below its header", false},
    {"found unexpected ':'", "a ':' is not allowed inside this plain text: quote it", false},
    {"control characters are not allowed",
     "a control character, which YAML does not allow: escape it in double quotes", false},
};

/* "while parsing a block mapping": the noun alone. */
static const char *name_yaml_context(const char *context)
{
    static const char *const verbs[] = {"while parsing an ", "while parsing a ",
                                        "while scanning an ", "while scanning a "};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        size_t len = strlen(verbs[i]);
        if (strncmp(context, verbs[i], len) == 0) return context + len;
    }
    return "";
}

static void take_fault(berm_yaml_stream *stream, berm_yaml_fault *fault)
{
    const yaml_parser_t *parser = &stream->parser;
    *fault = (berm_yaml_fault){.status = BERM_E_SYNTAX,
                               .problem = parser->problem ? parser->problem : "",
                               .context = ""};
    if (parser->error == YAML_MEMORY_ERROR ||
        parser->error == YAML_NO_ERROR) { /* of a tag's, libyaml says nothing */
        fault->status = BERM_E_NOMEM;
        return;
    }
    bool reader = parser->error == YAML_READER_ERROR; /* has a byte offset and no mark */
    fault->off =
        reader ? (uint32_t)parser->problem_offset : locate_mark(stream, parser->problem_mark);
    fault->context_off = fault->off;
    if (!reader && parser->context) {
        fault->context = name_yaml_context(parser->context);
        fault->context_off = locate_mark(stream, parser->context_mark);
    }
    for (size_t i = 0; i < sizeof yaml_problems / sizeof *yaml_problems; i++) {
        if (strcmp(yaml_problems[i].theirs, fault->problem) != 0) continue;
        fault->problem = yaml_problems[i].ours;
        if (!yaml_problems[i].at_context) continue;
        fault->off = fault->context_off;
        fault->context = "";
    }
    if (fault->off < stream->text.len && stream->text.ptr[fault->off] == '\t' &&
        parser->error == YAML_SCANNER_ERROR)
        fault->problem = "a tab cannot indent YAML: use spaces";
}

bool berm_yaml_stream_next(berm_yaml_stream *stream, berm_yaml_event *event, berm_yaml_fault *fault)
{
    if (stream->flood_off != UINT32_MAX) {
        *fault = (berm_yaml_fault){BERM_E_SYNTAX, "too many %TAG directives", "", stream->flood_off,
                                   stream->flood_off};
        return false;
    }
    do {
        yaml_event_delete(&stream->event);
        if (!yaml_parser_parse(&stream->parser, &stream->event)) {
            take_fault(stream, fault);
            return false;
        }
    } while (stream->event.type == YAML_STREAM_START_EVENT);
    take_event(stream, event);
    return true;
}
