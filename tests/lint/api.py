"""The functions a public header declares, with the comment that documents them."""
import re

import csource

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DECLARATION = re.compile(r"^BERM_API\b[^;]*;", re.MULTILINE)


class Function:
    def __init__(self, name, declaration, parameters, comment, line):
        self.name, self.declaration, self.parameters = name, declaration, parameters
        self.comment, self.line = comment, line

    @property
    def fallible(self):
        return re.search(r"\bberm_status\s+" + self.name + r"\b", self.declaration) is not None


def split_parameters(text):
    """Parameter texts, split at commas that stand in no inner brackets."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if char == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    parts.append(text[start:])
    return [p.strip() for p in parts]


def parameter_name(text):
    if text in ("", "void", "..."):
        return None
    callback = re.match(r".*?\(\s*\*\s*(\w+)\s*\)\s*\(", text)
    return callback[1] if callback else re.findall(r"\w+", re.sub(r"\[.*?\]", "", text))[-1]


def comment_before(text, code, offset):
    """The comment that ends right above `offset`; declarations without blank lines between share the one above them."""
    while True:
        above = text[:offset].rstrip(" \t")
        match = None
        for match in COMMENT.finditer(above):
            pass
        if match and above[match.end():].strip() == "" and above[match.end():].count("\n") <= 1:
            return match.group()
        previous = None
        for previous in DECLARATION.finditer(code[:offset]):
            pass
        if previous is None or code[previous.end():offset].count("\n") > 1 or text[previous.end():offset].strip():
            return None
        offset = previous.start()


def functions(text):
    code = csource.code_only(text)
    found = []
    for match in DECLARATION.finditer(code):
        declaration = " ".join(match.group().split())
        name = re.search(r"\b(berm_\w+)\s*\(", declaration)
        if not name:
            continue
        inner = declaration[name.end():declaration.rindex(")")]
        names = [parameter_name(p) for p in split_parameters(inner)]
        found.append(Function(name[1], declaration, [n for n in names if n],
                              comment_before(text, code, match.start()), csource.line_of(text, match.start())))
    return found
