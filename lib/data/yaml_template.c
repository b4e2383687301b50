/* Is a file that is no YAML a template that was never rendered? {{ and {% are asked for where they
   explain the fault: on its line or the one before, or in front of it wherever a value could start,
   which quoted templates and the ${{ }} of workflows never do. */
#include "data/yaml_parts.h"

/* A template's opening braces at `pos`, where a brace is. */
static bool is_template_mark(berm_str text, size_t pos)
{
    if (pos + 1 >= text.len) return false;
    if (text.ptr[pos + 1] != '{' && text.ptr[pos + 1] != '%') return false;
    return pos == 0 || (text.ptr[pos - 1] != '$' && text.ptr[pos - 1] != '{');
}

/* First on its line but for a `-` or a key: YAML would see a flow mapping. */
static bool starts_yaml_value(berm_str text, size_t pos)
{
    while (pos > 0 && (text.ptr[pos - 1] == ' ' || text.ptr[pos - 1] == '\t')) pos--;
    return pos == 0 || memchr("\r\n:-", text.ptr[pos - 1], 4) != NULL;
}

bool berm_yaml_template_at(berm_str text, uint32_t off, uint32_t *found)
{
    size_t near = off, end = off;
    for (uint32_t lines = 0; near > 0 && (text.ptr[near - 1] != '\n' || ++lines < 2);) near--;
    while (end < text.len && text.ptr[end] != '\n') end++;
    bool any = false;
    for (size_t pos = 0; pos < end; pos++) {
        const char *next = memchr(text.ptr + pos, '{', end - pos);
        if (!next) break;
        pos = (size_t)(next - text.ptr);
        if (!is_template_mark(text, pos) || (pos < near && !starts_yaml_value(text, pos))) continue;
        *found = (uint32_t)pos;
        any = true;
        if (pos >= near) break;
    }
    return any;
}
