#!/usr/bin/env python3
"""header_docs.py FILE: is every function of the public header documented as a manual?

The file opens with a comment that says what the library is for and holds a whole program. Each function has a comment
right above it (functions that follow each other without a blank line may share one), which names every parameter and
says `Threads:`, `Cost:` and `Since:`. A function that returns a status is BERM_MUST_USE and names the statuses.
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import api

LABELS = ("Threads:", "Cost:", "Since:")


def names_parameter(comment, name):
    """As `name` in the text, or at the head of a line of a list: `name: ...`, `name  ...`."""
    return re.search(rf"`{name}`|^[ *]*{name}(?::|  |,)", comment, re.MULTILINE) is not None


def check_function(function):
    if function.comment is None:
        return ["no comment right above it"]
    faults = [f"`{label}` is missing" for label in LABELS if label not in function.comment]
    for parameter in function.parameters:
        if not names_parameter(function.comment, parameter):
            faults.append(f"parameter `{parameter}` is not documented")
    if function.fallible:
        if "BERM_MUST_USE" not in function.declaration:
            faults.append("a status must be BERM_MUST_USE")
        if "BERM_E_" not in function.comment:
            faults.append("the statuses it can return are not named")
    return faults


def check_opening(text):
    opening = re.match(r"\s*/\*.*?\*/", text, re.DOTALL)
    if not opening:
        return ["the file must open with a comment: what the library is for, a whole program, the global rules"]
    if "main(" not in opening.group():
        return ["the opening comment holds no complete program"]
    return []


def main(args):
    if len(args) != 1:
        print(__doc__)
        return 2
    text = pathlib.Path(args[0]).read_text(encoding="utf-8")
    functions = api.functions(text)
    faults = [f"{args[0]}: {fault}" for fault in check_opening(text)]
    for function in functions:
        faults += [f"{args[0]}:{function.line}: {function.name}: {fault}" for fault in check_function(function)]
    if not functions:
        faults.append(f"{args[0]}: declares no BERM_API function")
    print("\n".join(faults) if faults else f"header: {len(functions)} functions documented")
    return 1 if faults else 0


sys.exit(main(sys.argv[1:]))
