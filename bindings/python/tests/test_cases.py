import pytest

import cases

FILES = sorted(p for p in (cases.ROOT / "tests/cases").rglob("*.yaml") if p.parent.name != "wrong")


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_cases(path):
    results = list(cases.run_file(path))
    assert results
    wrong = [f"{name}: {fault}" for name, faults in results for fault in faults]
    assert not wrong, "\n".join(wrong[:20])


def test_every_wrong_case_is_caught():
    results = list(cases.run_file(cases.ROOT / "tests/cases/wrong/wrong.yaml"))
    assert results
    assert not [name for name, faults in results if not faults]


def test_there_are_all_files():
    assert len(FILES) >= 35
