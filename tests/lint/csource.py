"""Reading C just well enough to check it: text without comments and strings, function definitions, includes."""
import pathlib
import re

BLANKED = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.MULTILINE)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
CONTROL = {"if", "for", "while", "switch", "return", "sizeof", "defined", "_Alignof", "_Static_assert"}


def blank(match):
    """Spaces of the same shape, so that offsets and line numbers stay true."""
    return re.sub(r"[^\n]", " ", match.group())


def code_only(text):
    return BLANKED.sub(blank, text)


def without_directives(code):
    return DIRECTIVE.sub(blank, code)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def includes(text):
    """(quote, path, line) of each #include; those in comments are none."""
    comments_gone = re.sub(r"/\*.*?\*/", blank, text, flags=re.DOTALL)
    return [(m[1], m[2], line_of(text, m.start())) for m in INCLUDE.finditer(comments_gone)]


def closing(code, start, opener, closer):
    """Offset of the bracket that closes the one at `start`, or -1."""
    depth = 0
    for at in range(start, len(code)):
        if code[at] == opener:
            depth += 1
        elif code[at] == closer:
            depth -= 1
            if depth == 0:
                return at
    return -1


def functions(text):
    """(name, is_static, first line, last line) of each function definition at file level."""
    code = without_directives(code_only(text))
    found, at, unit_start = [], 0, 0
    while at < len(code):
        char = code[at]
        if char == ";":
            unit_start = at + 1
        elif char == "{":
            end = closing(code, at, "{", "}")
            if end < 0:
                break
            head = code[unit_start:at]
            name = defined_name(head)
            if name:
                first = unit_start + len(head) - len(head.lstrip())
                is_static = re.search(r"\bstatic\b", head) is not None
                found.append((name, is_static, line_of(code, first), line_of(code, end)))
                unit_start = end + 1
            at = end
        at += 1
    return found


def defined_name(head):
    """The function that `head {` defines; None when it is a struct, an enum, an initialiser or linkage."""
    if not head.rstrip().endswith(")") or "=" in head:
        return None
    names = re.findall(r"\b([A-Za-z_]\w*)\s*\(", re.sub(r"__attribute__\s*\(\(.*?\)\)", "", head))
    names = [n for n in names if n not in CONTROL]
    if names and names[0].isupper():  # a macro makes the head: BERM_FN_BODY(SIZE) { ... }
        return " ".join(head.split())
    return names[0] if names else None


def c_files(root, *folders, suffixes=(".c", ".h", ".def", ".inc")):
    """Files below the folders, sorted, as (path relative to root, text)."""
    out = []
    for folder in folders:
        for path in sorted((pathlib.Path(root) / folder).rglob("*")):
            if path.suffix in suffixes and path.is_file():
                out.append((path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")))
    return out
