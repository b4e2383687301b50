"""Does the package work here? Run by itself, with every Python there is."""
import pickle
import sys

import berm

policy = berm.compile("""\
guardrail: replicas
title: Two replicas
match: {kinds: [document]}
validations: [{name: two, expression: object.replicas >= 2}]
""")
policy = pickle.loads(pickle.dumps(policy))
assert policy.check({"replicas": 1}).denied
assert policy.check(b'{"replicas": 2}').allowed
report = policy.check_many(({"replicas": i} for i in range(3000)), workers=2)
assert report.verdicts["fail"] == 2, report
assert berm.evaluate("object.a + 1", {"a": 1}) == 2
print(f"berm {berm.__version__} works on Python {sys.version.split()[0]}")
