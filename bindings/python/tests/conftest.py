import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]

REPLICAS = """\
guardrail: replicas
title: Two replicas
severity: high
enforcement: soft-mandatory
match: {kinds: [document]}
validations: [{name: two, expression: object.replicas >= 2, message: "only {object.replicas}"}]
"""


@pytest.fixture(scope="session")
def root() -> pathlib.Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def replicas():
    """A policy that denies what has fewer than two replicas."""
    import berm
    return berm.compile(REPLICAS)
