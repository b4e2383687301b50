/* Texts in the forms that reports are written in. */
#ifndef BERM_REPORT_FORMATS_OUT_H
#define BERM_REPORT_FORMATS_OUT_H

#include "base/text.h"
#include "data/time.h"

/* JSON, member by member; commas, indentation and escapes are its own business. */
typedef struct berm_out {
    berm_text *text;
    berm_text scratch; /* of formatted values */
    uint32_t depth;
    uint32_t lines; /* down to this depth each member has a line of its own */
    bool any;       /* the open container has a member */
} berm_out;
void berm_out_init(berm_out *o, berm_text *text, uint32_t lines);
void berm_out_free(berm_out *o); /* no memory for a scratch: text->failed is set */
/* `name` NULL: an element of a list, or the whole. */
void berm_out_open(berm_out *o, const char *name, char bracket);
void berm_out_close(berm_out *o, char bracket);
void berm_out_str(berm_out *o, const char *name, berm_str value);
void berm_out_opt(berm_out *o, const char *name, berm_str value); /* nothing when it is empty */
void berm_out_lit(berm_out *o, const char *name, const char *value);
void berm_out_num(berm_out *o, const char *name, uint64_t value);
void berm_out_bool(berm_out *o, const char *name, bool value);
/* A string that is formatted as berm_text_format does. */
void berm_out_fmt(berm_out *o, const char *name, const char *format, ...);
/* JSON that is already there. */
void berm_out_raw(berm_out *o, const char *name, berm_str json);
/* What is written into the returned text becomes the value of the next berm_out_made. */
berm_text *berm_out_make(berm_out *o);
void berm_out_made(berm_out *o, const char *name);

/* For XML 1.0 and HTML, in texts and attributes: markup escaped, and what XML forbids or what would
   turn the reading direction as U+FFFD. */
void berm_put_markup(berm_text *out, berm_str text);
/* For a cell of a Markdown table: nothing in it is markup. */
void berm_put_markdown(berm_text *out, berm_str text);
/* The path of a URI reference: what is not allowed there in %XX. */
void berm_put_uri(berm_text *out, berm_str path);
void berm_put_time(berm_text *out, berm_time time);
/* RFC 9562 version 5 over the namespace of Berm's findings and `name`. */
void berm_put_uuid(berm_text *out, berm_str name);
void berm_put_hex(berm_text *out, const unsigned char *bytes, size_t count);

#endif
