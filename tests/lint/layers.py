#!/usr/bin/env python3
"""layers.py ROOT: may every #include of the library, the command line and the bindings point where it points?

Checked: the layer matrix of docs/architecture.md; no cycle of includes among files, nor among modules (x.c and x.h are
one); third-party headers only where they are wrapped; nothing outside lib/ and its tests looks below berm.h.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import csource

MATRIX = {
    "base": {"base"},
    "data": {"base", "data"},
    "cel": {"base", "data", "cel"},
    "code": {"base", "data", "cel", "code"},
    "vm": {"base", "data", "code", "vm"},
    "policy": {"base", "data", "cel", "code", "vm", "policy"},
    "report": {"base", "data", "policy", "report"},
    "api": {"base", "data", "cel", "code", "vm", "policy", "report", "api"},
}
STANDARD = {
    "float.h", "limits.h", "math.h", "stdalign.h", "stdarg.h", "stdatomic.h", "stdbool.h", "stddef.h",
    "stdint.h", "stdlib.h", "string.h",
}
VECTOR = {"immintrin.h", "arm_neon.h"}
WRAPPED = {"pcre2.h": "lib/code/regex", "yaml.h": "lib/data/yaml"}


def resolve(root, path, target):
    """The file an #include names, relative to ROOT; None when it is not ours."""
    here = pathlib.PurePosixPath(path).parent / target
    for candidate in (f"lib/{target}", f"include/{target}", here.as_posix()):
        if (root / candidate).is_file():
            return candidate
    return None


def layer_of(path):
    parts = path.split("/")
    return parts[1] if parts[0] == "lib" and len(parts) > 2 else None


def check_include(path, layer, target, found):
    """What is wrong with one #include of a library file; None when nothing is."""
    if found is None:
        if target in WRAPPED:
            if path.startswith(WRAPPED[target]):
                return None
            return f"<{target}> belongs into {WRAPPED[target]}*.c alone"
        if target in STANDARD or target in VECTOR:
            return None
        return f"<{target}> is neither ours nor on the list of headers the library may use"
    if found.startswith("include/"):
        return None
    to = layer_of(found)
    if to not in MATRIX[layer]:
        return f"{layer} must not use {to} ({target})"
    if target.endswith(".c"):
        return f"{target}: only lib/berm.c includes .c files"
    if found != f"lib/{target}":
        return f'"{target}" must be written from lib/: "{found.removeprefix("lib/")}"'
    return None


def find_cycle(graph):
    """One cycle of the graph as a list of nodes, or None. Iterative: include chains may be long."""
    state = {}
    for start in sorted(graph):
        stack = [(start, iter(sorted(graph[start])))] if start not in state else []
        state.setdefault(start, "open")
        while stack:
            node, children = stack[-1]
            for child in children:
                if state.get(child) == "open":
                    nodes = [n for n, _ in stack]
                    return nodes[nodes.index(child):] + [child]
                if child not in state and child in graph:
                    state[child] = "open"
                    stack.append((child, iter(sorted(graph[child]))))
                    break
            else:
                state[node] = "done"
                stack.pop()
    return None


def module_of(path):
    """x.c and x.h are one module; a table (.def, .inc) is one by itself."""
    return path[:-2] if path.endswith((".c", ".h")) else path


def module_graph(files):
    graph = {}
    for path, targets in files.items():
        node = graph.setdefault(module_of(path), set())
        node.update(module_of(t) for t in targets if module_of(t) != module_of(path))
    return graph


def check_library(root, faults):
    graph = {}
    for path, text in csource.c_files(root, "lib", "include"):
        layer = layer_of(path)
        edges = graph.setdefault(path, set())
        if path == "lib/berm.c":
            continue
        if path.startswith("lib/") and layer not in MATRIX:
            faults.append(f"{path}: not in a layer")
            continue
        for _, target, line in csource.includes(text):
            found = resolve(root, path, target)
            if found:
                edges.add(found)
            fault = check_include(path, layer, target, found) if layer else None
            if fault:
                faults.append(f"{path}:{line}: {fault}")
    for what, one in (("files", graph), ("modules", module_graph(graph))):
        cycle = find_cycle(one)
        while cycle:
            faults.append(f"include cycle among {what}: " + " -> ".join(cycle))
            one[cycle[0]].discard(cycle[1])  # and look for others
            cycle = find_cycle(one)


def check_outside(root, faults):
    for path, text in csource.c_files(root, "cli", "bindings", "examples"):
        for _, target, line in csource.includes(text):
            found = resolve(root, path, target)
            if found and found.startswith("lib/") and not found.endswith("lib/berm.c"):
                faults.append(f"{path}:{line}: only the public header is for use outside the library ({target})")


def main(args):
    if len(args) != 1:
        print(__doc__)
        return 2
    root, faults = pathlib.Path(args[0]), []
    check_library(root, faults)
    check_outside(root, faults)
    print("\n".join(faults) if faults else "layers: clean")
    return 1 if faults else 0


sys.exit(main(sys.argv[1:]))
