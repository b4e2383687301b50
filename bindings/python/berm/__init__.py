"""Berm: guardrails for infrastructure documents.

    import berm
    policy = berm.compile("guardrails/")
    report = policy.check({"replicas": 1})
    print(report.denied, report.findings)
"""

from ._convert import UNKNOWN, UInt
from ._core import VERSION as __version__
from ._core import words as _words
from ._errors import CompileError, Diagnostic, DocumentError, Error, EvaluationError, ImageError, LimitError
from ._policy import Policy, TestResult, compile, evaluate, load, read
from ._report import Finding, Findings, Report, Waiver, merge

VERDICTS = tuple(_words("verdict"))
SEVERITIES = tuple(_words("severity"))
ENFORCEMENTS = tuple(_words("enforcement"))
ACTIONS = tuple(_words("action"))

__all__ = [
    "ACTIONS", "CompileError", "Diagnostic", "DocumentError", "ENFORCEMENTS", "Error", "EvaluationError", "Finding",
    "Findings", "ImageError", "LimitError", "Policy", "Report", "SEVERITIES", "TestResult", "UInt", "UNKNOWN",
    "VERDICTS", "Waiver", "compile", "evaluate", "load", "merge", "read",
]
