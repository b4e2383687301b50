/* RFC 4180. Programs that calculate tables take some texts for formulas: those get an apostrophe in
   front. */
#include "report/formats/formats.h"

#include "base/utf8.h"
#include "policy/words.h"

static void put_csv_field(berm_text *out, berm_str text, bool last)
{
    berm_text_putc(out, '"');
    if (text.len && strchr("=+-@\t\r\n|", text.ptr[0]) && text.ptr[0]) berm_text_putc(out, '\'');
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        int32_t code = berm_utf8_next(text, &at);
        if (code == '"') berm_text_put(out, BERM_STR("\"\""));
        else if (code < 0x20 && code != '\n' && code != '\t')
            berm_text_put(out, BERM_STR("\xef\xbf\xbd"));
        else berm_text_put(out, berm_str_cut(text, from, at));
    }
    berm_text_put(out, last ? BERM_STR("\"\r\n") : BERM_STR("\","));
}

static void put_number_field(berm_text *out, uint32_t number)
{
    if (number) berm_text_format(out, "%u", number);
    berm_text_putc(out, ',');
}

static void put_csv_row(berm_text *out, berm_survey *view, uint32_t index)
{
    const berm_entry *e = &view->report->entries.items[index];
    const berm_finding *f = &e->finding;
    const berm_str front[] = {berm_str_of(berm_verdict_word(f->verdict)),
                              berm_str_of(berm_severity_word(f->severity)),
                              berm_str_of(berm_enforcement_word(f->enforcement)),
                              f->guardrail,
                              f->validation,
                              e->title,
                              e->category,
                              f->kind,
                              f->address,
                              f->path,
                              berm_str_of(berm_action_word(f->action)),
                              berm_entry_owner(view, e),
                              berm_survey_path(view, e->source)};
    for (size_t i = 0; i < sizeof front / sizeof *front; i++) put_csv_field(out, front[i], false);
    put_number_field(out, f->line);
    put_number_field(out, f->column);
    put_csv_field(out, f->message, false);
    put_csv_field(out, f->waiver, false);
    put_csv_field(out, view->identities[index], true);
}

bool berm_formats_csv(berm_text *out, const berm_report *report, uint32_t flags)
{
    berm_survey view;
    bool made = berm_survey_open(&view, report, flags);
    berm_text_put(out, BERM_STR("verdict,severity,enforcement,guardrail,validation,title,category,"
                                "kind,address,element,action,owner,file,line,column,message,"
                                "waiver,fingerprint\r\n"));
    for (uint32_t i = 0; made && i < report->entries.count; i++) {
        put_csv_row(out, &view, i);
        if (out->len > report->output_len) break; /* the caller refuses it */
    }
    return berm_survey_close(&view, out);
}
