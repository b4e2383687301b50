"""The examples of docs/python.md, in order and in one namespace; those that name a package run where it is installed."""
import importlib.util
import re

from conftest import ROOT

PAGE = ROOT / "docs/python.md"
BLOCK = re.compile(r"<!-- test: none (?:needs (\w+); )?([^\n]*) -->\n```python\n(.*?)```", re.S)


def test_the_page():
    names, ran = {}, 0
    for package, why, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if "test_docs.py" not in why or (package and not importlib.util.find_spec(package)):
            continue
        exec(compile(text, str(PAGE), "exec"), names)
        ran += 1
    assert ran >= 4
