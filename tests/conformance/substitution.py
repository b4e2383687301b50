#!/usr/bin/env python3
"""substitution.py BERM POLICIES FOLDER: what is decided while values are unknown stays so when they become known.

For every Terraform plan below FOLDER: each value that is configured and not known yet (`after_unknown`) is replaced by
five values of different types, one attribute of a resource at a time (in all resources side by side), and once all
together. A guardrail that passed or failed before must do so afterwards. An attribute that the configuration does not
mention is not unknown but unset (docs/targets.md) and stays as it is. Prints the verdicts before, and every flip.
"""
import collections
import copy
import json
import pathlib
import re
import subprocess
import sys
import tempfile

VALUES = ["text", 7, True, ["text"], {"key": "text"}]
LEAVES_MAX = 60  # of one resource; what has more repeats itself
DECIDED = ("pass", "fail")


def leaves_of(mask, path=()):
    """Paths of everything that a mask marks."""
    if mask is True:
        yield path
    elif isinstance(mask, dict):
        for key, below in mask.items():
            yield from leaves_of(below, path + (key,))
    elif isinstance(mask, list):
        for index, below in enumerate(mask):
            yield from leaves_of(below, path + (index,))


def configured_in(plan, change):
    """The configuration's expressions of a resource, or None where it cannot be found."""
    module = plan.get("configuration", {}).get("root_module", {})
    for call in re.findall(r"module\.([\w-]+)", change.get("module_address") or ""):
        module = module.get("module_calls", {}).get(call, {}).get("module", {})
    for resource in module.get("resources", []):
        if resource.get("type") == change.get("type") and resource.get("name") == change.get("name"):
            return resource.get("expressions", {})
    return None


def is_unset(expressions, path):
    """Does the configuration not mention the attribute, so that only the provider computes it?"""
    if expressions is None:
        return False
    here = expressions
    for step in path:
        if isinstance(step, str):
            if not isinstance(here, dict):
                return False
            if "references" in here or "constant_value" in here:
                return False
            if step not in here:
                return True
            here = here[step]
        elif isinstance(here, list):
            if step >= len(here):
                return False
            here = here[step]
    return False


def store(container, step, value):
    if isinstance(container, list):
        container.extend([None] * (step + 1 - len(container)))
    container[step] = value


def put(change, path, value):
    """Makes the leaf known: sets the value and takes the mark away."""
    if change.get("after") is None:
        change["after"] = {}
    after, mask = change["after"], change["after_unknown"]
    for step in path[:-1]:
        there = step < len(after) if isinstance(after, list) else step in after
        if not there or after[step] is None:
            store(after, step, [] if isinstance(mask[step], list) else {})
        after, mask = after[step], mask[step]
    store(after, path[-1], value)
    mask[path[-1]] = False


def variants(plan):
    """Plans that this one may turn into."""
    changes = [c for c in plan.get("resource_changes", []) if isinstance(c.get("change", {}).get("after_unknown"), dict)]
    todo = []
    for change in changes:
        expressions = configured_in(plan, change)
        leaves = [p for p in leaves_of(change["change"]["after_unknown"]) if p and not is_unset(expressions, p)]
        todo.append(leaves[:LEAVES_MAX])
    rounds = max(map(len, todo), default=0)
    for value in VALUES:
        for turn in list(range(rounds)) + ([None] if rounds > 1 else []):
            made = copy.deepcopy(plan)
            mine = [c for c in made["resource_changes"] if isinstance(c.get("change", {}).get("after_unknown"), dict)]
            for change, leaves in zip(mine, todo):
                for path in leaves if turn is None else leaves[turn:turn + 1]:
                    put(change["change"], path, value)
            yield made


def judge(berm, policies, paths):
    """{path: {(guardrail, validation, address, element): verdict}}"""
    command = [berm, "check", "-p", policies, "--now", "2026-11-28", "--verbose", "-o", "json", "--", *map(str, paths)]
    run = subprocess.run(command, capture_output=True, timeout=600)
    found = collections.defaultdict(dict)
    for f in json.loads(run.stdout)["findings"]:
        address = "" if f["kind"] == "document" else f["address"]  # a document's address is where it lies
        key = (f["guardrail"], f["validation"], address, f["action"], f["element"])
        found[f["location"]["file"]][key] = f["verdict"]
    return found


def flips_of(berm, policies, path, plan, before):
    flips, count, compared = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for made in variants(plan):
            paths.append(pathlib.Path(folder) / f"{len(paths)}.json")
            paths[-1].write_text(json.dumps(made), encoding="utf-8")
        for start in range(0, len(paths), 50):
            batch = paths[start:start + 50]
            after = judge(berm, policies, batch)
            for name in batch:
                count += 1
                for key, verdict in before.items():
                    if verdict not in DECIDED:
                        continue
                    compared += 1
                    now = after[str(name)].get(key)
                    if now != verdict:
                        flips.append((key, verdict, now))
    return flips, count, compared


def main(berm, policies, folder):
    verdicts, flips, plans, made, compared = collections.Counter(), [], 0, 0, 0
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if not path.is_file() or path.suffix not in (".json", ".tfplan"):
            continue
        try:
            plan = json.loads(path.read_bytes())
        except ValueError:
            continue
        if not isinstance(plan, dict) or not isinstance(plan.get("resource_changes"), list):
            continue
        before = judge(berm, policies, [path]).get(str(path), {})
        verdicts.update(before.values())
        plans += 1
        found, count, pairs = flips_of(berm, policies, path, plan, before)
        made += count
        compared += pairs
        for key, verdict, now in sorted(set(found), key=str):
            flips.append(f"{path.relative_to(folder)}: {'/'.join(key)}: {verdict}, then {now}")
    print(f"{plans} plans:", ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items())))
    print(f"{made} substituted plans, {compared} decided verdicts compared")
    print("\n".join(flips))
    print(f"{plans} passed, {len(flips)} failed")
    return 1 if flips else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
