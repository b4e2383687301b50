"""What the readers of each format ask for, written down from their documentation; each check gives a list of faults."""
import base64
import csv
import hashlib
import html.parser
import io
import json
import re
import uuid

NAMESPACE = uuid.UUID(bytes=bytes.fromhex("3b1e6a528c0f5d479a61e2740db395c8"))
UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
TOKEN = re.compile(r"^[A-Za-z_][A-Za-z0-9.\-_]*$")


def uuid_of(name):
    return str(uuid.uuid5(NAMESPACE, name))


def need(faults, holds, what):
    if not holds:
        faults.append(what)


def members(faults, where, value, *names):
    for name in names:
        need(faults, isinstance(value, dict) and value.get(name) not in (None, "", []), f"{where} lacks {name}")


def unique(faults, what, values):
    need(faults, len(values) == len(set(values)), f"{what} are not unique")


# --- SARIF ---

def check_sarif_rule(faults, rule, at):
    members(faults, f"rule {at}", rule, "id", "shortDescription", "fullDescription", "help", "properties")
    for name in ("shortDescription", "fullDescription", "help"):
        text = rule.get(name, {}).get("text", "")
        need(faults, 0 < len(text) <= 1024, f"rule {at}: {name}.text has {len(text)} characters")
    properties = rule.get("properties", {})
    need(faults, 0 < float(properties.get("security-severity", 0)) <= 10, f"rule {at}: security-severity")
    need(faults, properties.get("precision") in ("very-high", "high", "medium", "low"), f"rule {at}: precision")
    need(faults, len(properties.get("tags", [])) <= 20, f"rule {at}: too many tags")


def check_sarif_result(faults, result, rules, at, github):
    where = f"result {at}"
    members(faults, where, result, "ruleId", "message", "locations", "partialFingerprints")
    need(faults, result.get("message", {}).get("text"), f"{where}: no text")
    if "ruleIndex" in result:
        need(faults, rules[result["ruleIndex"]]["id"] == result["ruleId"], f"{where}: ruleIndex is of another rule")
    need(faults, result["kind"] in ("pass", "fail", "notApplicable", "open", "review"), f"{where}: kind")
    need(faults, (result["kind"] == "fail") == (result["level"] != "none"), f"{where}: kind and level")
    need(faults, re.match(r"^[0-9a-f]{32}$", result["partialFingerprints"].get("primaryLocationLineHash", "")),
         f"{where}: primaryLocationLineHash")
    for location in result["locations"]:
        physical = location["physicalLocation"]
        uri, region = physical["artifactLocation"]["uri"], physical["region"]
        need(faults, uri and not uri.startswith("/") and " " not in uri, f"{where}: uri {uri}")
        need(faults, all(region[k] >= 1 for k in ("startLine", "startColumn", "endLine", "endColumn")), f"{where}: region")
        need(faults, (region["endLine"], region["endColumn"]) >= (region["startLine"], region["startColumn"]),
             f"{where}: region ends before it starts")
        for logical in location.get("logicalLocations", []):
            members(faults, f"{where}: logicalLocation", logical, "fullyQualifiedName", "kind")
    waived = result["properties"]["verdict"] == "waived"
    if github:
        need(faults, result["kind"] == "fail" and not waived and "suppressions" not in result, f"{where} is no failure")
    else:
        need(faults, [s["status"] for s in result["suppressions"]] == (["accepted"] if waived else []),
             f"{where}: suppressions")


def check_sarif(data, github=False):
    faults, log = [], json.loads(data)
    need(faults, len(data) < 10 * 1024 * 1024, "larger than GitHub takes")
    members(faults, "log", log, "$schema", "version", "runs")
    need(faults, log["version"] == "2.1.0", "version")
    for run in log["runs"]:
        driver = run["tool"]["driver"]
        members(faults, "driver", driver, "name", "semanticVersion", "rules")
        need(faults, run["columnKind"] == "unicodeCodePoints", "columns are code points")
        need(faults, all(isinstance(i["executionSuccessful"], bool) for i in run["invocations"]), "executionSuccessful")
        members(faults, "run.properties", run["properties"], "policyDigests")
        need(faults, any("sha-256" in a.get("hashes", {}) for a in run["artifacts"]), "no digest of an input")
        need(faults, len(run["results"]) <= 25000 and len(driver["rules"]) <= 25000, "too many for GitHub")
        for at, rule in enumerate(driver["rules"]):
            check_sarif_rule(faults, rule, at)
        unique(faults, "rule ids", [r["id"] for r in driver["rules"]])
        for at, result in enumerate(run["results"]):
            check_sarif_result(faults, result, driver["rules"], at, github)
        unique(faults, "fingerprints", [r["partialFingerprints"]["primaryLocationLineHash"] for r in run["results"]])
        if not github:
            kinds = {r["kind"] for r in run["results"]}
            need(faults, {"pass", "fail", "open"} <= kinds, f"kinds are only {kinds}")
    return faults


# --- CI ---

def check_gitlab(data):
    faults = []
    need(faults, not data.startswith(b"\xef\xbb\xbf"), "a byte order mark")
    items = json.loads(data)
    for at, item in enumerate(items):
        members(faults, f"item {at}", item, "description", "check_name", "fingerprint", "severity", "location")
        need(faults, item["severity"] in ("info", "minor", "major", "critical", "blocker"), f"item {at}: severity")
        need(faults, not item["location"]["path"].startswith(("/", "./")), f"item {at}: path")
        need(faults, item["location"]["lines"]["begin"] >= 1, f"item {at}: line")
    unique(faults, "fingerprints", [i["fingerprint"] for i in items])
    need(faults, items, "nothing in it")
    return faults


def check_github(data):
    faults, shown = [], {}
    for line in data.decode().split("\n")[:-1]:
        match = re.match(r"^::(error|warning|notice) file=[^:,]*(,line=\d+,endLine=\d+(,col=\d+,endColumn=\d+)?)?"
                         r",title=[^:,]*::[^\r]*$", line)
        if match:
            shown[match[1]] = shown.get(match[1], 0) + 1
        else:
            need(faults, re.match(r"^\+\d+ more of the sort (error|warning|notice); a step shows 10$", line), f"line {line!r}")
    need(faults, shown and all(count <= 10 for count in shown.values()), f"annotations: {shown}")
    return faults


def check_junit(data):
    import xml.etree.ElementTree as tree
    faults, root = [], tree.fromstring(data)
    need(faults, root.tag == "testsuites", "root")
    totals = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in root:
        cases = list(suite)
        found = {"tests": len(cases), "failures": len(suite.findall("testcase/failure")),
                 "errors": len(suite.findall("testcase/error")), "skipped": len(suite.findall("testcase/skipped"))}
        for name, count in found.items():
            need(faults, int(suite.get(name)) == count, f"suite {suite.get('name')}: {name}")
            totals[name] += count
        for case in cases:
            need(faults, case.get("name") and case.get("classname") and case.get("file"), "a case without name or class")
    need(faults, all(int(root.get(name)) == count for name, count in totals.items()), f"totals are {totals}")
    return faults


def check_conftest(data):
    faults = []
    for at, item in enumerate(json.loads(data)):
        members(faults, f"item {at}", item, "filename", "namespace")
        need(faults, isinstance(item.get("successes"), int), f"item {at}: successes")
        for sort in ("warnings", "failures", "exceptions"):
            for one in item.get(sort, []):
                members(faults, f"item {at}: {sort}", one, "msg", "metadata")
    return faults


# --- Kubernetes ---

def check_k8s(data, version, kind):
    faults, report = [], json.loads(data)
    need(faults, (report["apiVersion"], report["kind"]) == (version, kind), "apiVersion and kind")
    need(faults, re.match(r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", report["metadata"]["name"]), "name")
    counts = dict.fromkeys(("pass", "fail", "warn", "error", "skip"), 0)
    for at, result in enumerate(report["results"]):
        members(faults, f"result {at}", result, "policy", "source", "result", "timestamp", "properties", "severity")
        counts[result["result"]] += 1
        need(faults, result["severity"] in ("critical", "high", "medium", "low", "info"), f"result {at}: severity")
        need(faults, set(result["timestamp"]) == {"seconds", "nanos"}, f"result {at}: timestamp")
        need(faults, all(isinstance(v, str) for v in result["properties"].values()), f"result {at}: properties")
        if result["properties"]["verdict"] == "waived":
            need(faults, result["result"] == "skip" and result["properties"]["exception"], f"result {at}: waived")
    need(faults, report["summary"] == counts, f"summary is not {counts}")
    need(faults, counts["pass"] and counts["fail"], "nothing passed, or nothing failed")
    return faults


# --- OSCAL ---

def check_oscal_result(faults, result):
    members(faults, "result", result, "uuid", "title", "description", "start", "reviewed-controls", "observations")
    for selection in result["reviewed-controls"]["control-selections"]:
        for sort in ("include-controls", "exclude-controls"):
            for control in selection.get(sort, []):
                need(faults, TOKEN.match(control["control-id"]), f"control-id {control['control-id']}")
        need(faults, "include-all" in selection or selection.get("include-controls"), "no control is selected")
    observed = {o["uuid"] for o in result["observations"]}
    for observation in result["observations"]:
        members(faults, "observation", observation, "uuid", "description", "methods", "types", "subjects", "collected")
        need(faults, observation["methods"] == ["TEST"] and TIME.match(observation["collected"]), "methods, collected")
        for subject in observation["subjects"]:
            members(faults, "subject", subject, "subject-uuid", "type")
        for prop in observation["props"]:
            need(faults, TOKEN.match(prop["name"]) and re.match(r"^\S(.*\S)?$", prop["value"]), f"property {prop}")
    for finding in result.get("findings", []):
        members(faults, "finding", finding, "uuid", "title", "description", "target")
        target = finding["target"]
        need(faults, target["type"] in ("objective-id", "statement-id") and TOKEN.match(target["target-id"]), "target")
        need(faults, target["status"]["state"] in ("satisfied", "not-satisfied"), "state")
        need(faults, target["status"]["reason"] in ("pass", "fail", "other"), "reason")
        for related in finding.get("related-observations", []):
            need(faults, related["observation-uuid"] in observed, "an observation that is not there")
    for risk in result.get("risks", []):
        members(faults, "risk", risk, "uuid", "title", "description", "statement", "status")


def walk_uuids(value):
    if isinstance(value, dict):
        for name, one in value.items():
            if name == "uuid":
                yield one
            yield from walk_uuids(one)
    elif isinstance(value, list):
        for one in value:
            yield from walk_uuids(one)


def has_empty(value):
    if isinstance(value, dict):
        return any(has_empty(one) for one in value.values())
    return isinstance(value, list) and (not value or any(has_empty(one) for one in value))


def check_oscal(data):
    faults, results = [], json.loads(data)["assessment-results"]
    members(faults, "assessment-results", results, "uuid", "metadata", "import-ap", "results")
    members(faults, "metadata", results["metadata"], "title", "last-modified", "version", "oscal-version")
    need(faults, TIME.match(results["metadata"]["last-modified"]), "last-modified")
    resources = {r["uuid"] for r in results["back-matter"]["resources"]}
    need(faults, results["import-ap"]["href"][1:] in resources, "import-ap leads nowhere")
    hashes = [h for r in results["back-matter"]["resources"] for l in r.get("rlinks", []) for h in l.get("hashes", [])]
    need(faults, hashes, "no digest of an input")
    for result in results["results"]:
        check_oscal_result(faults, result)
    uuids = list(walk_uuids(results))
    need(faults, all(UUID.match(u) for u in uuids), "a UUID is not of version 5")
    unique(faults, "UUIDs", uuids)
    need(faults, not has_empty(results), "an empty list")
    return faults


# --- metrics and tables ---

def check_openmetrics(data):
    faults = []
    need(faults, data.endswith(b"\n# EOF\n") and data.count(b"# EOF") == 1, "no # EOF at the end")
    families = re.findall(rb"^# TYPE (\S+) (\S+)$", data, re.MULTILINE)
    unique(faults, "families", [name for name, _ in families])
    for line in data.decode().splitlines():
        if not line.startswith("#"):
            need(faults, re.match(r'^[a-z_]+(\{([a-z_]+="([^"\\\n]|\\[\\"n])*",?)*\})? [0-9.]+$', line), f"sample {line}")
    return faults


def check_csv(data):
    faults, text = [], data.decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    need(faults, text.endswith("\r\n"), "rows end with CRLF")
    for row in rows:
        need(faults, len(row) == len(rows[0]), f"a row of {len(row)} fields")
        need(faults, not any(field.startswith(("=", "+", "-", "@", "\t", "\r")) for field in row), f"a formula in {row}")
    need(faults, len(rows) > 1, "nothing in it")
    return faults


def check_jsonl(data):
    faults, lines = [], [json.loads(line) for line in data.decode().split("\n")[:-1]]
    need(faults, all("verdict" in line for line in lines[:-1]), "a line that is no finding")
    need(faults, lines[-1].get("schema") == "berm-report/1" and "summary" in lines[-1], "the last line")
    return faults


def check_markdown(data):
    """Nothing of a document is markup: outside of what the writer says there is no sign that Markdown knows."""
    faults = []
    for line in data.decode().split("\n"):
        if line.startswith("| ") and not line.startswith("| verdict"):
            cells = re.sub(r"&#\d+;", "", line)
            need(faults, not re.search(r"[<>`*_\[\]!]", cells), f"markup in {line!r}")
    need(faults, len(data) <= 1 << 20, "larger than a job summary")
    return faults


class Page(html.parser.HTMLParser):
    """What a browser would make of a page: its elements, attributes, scripts."""
    KNOWN = set("html head meta title style body header main footer div h1 h2 p span b i time table tr th td details summary "
                "strong form select option input button dl dt dd pre code a script".split())
    EMPTY = {"meta", "input"}

    def __init__(self):
        super().__init__()
        self.faults, self.open, self.scripts, self.policy, self.text = [], [], [], "", []

    def handle_starttag(self, tag, attributes):
        if tag not in self.KNOWN:
            self.faults.append(f"an element {tag}")
        for name, value in attributes:
            if name.startswith("on") or name in ("src", "srcdoc", "action", "formaction"):
                self.faults.append(f"an attribute {name} of {tag}")
            if name == "href" and not value.startswith(("https://", "http://")):
                self.faults.append(f"a link to {value}")
            if name == "content" and "script-src" in value:
                self.policy = value
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        (self.scripts if self.open and self.open[-1] == "script" else self.text).append(data)


def check_html(data):
    page, text = Page(), data.decode()
    page.feed(text)
    page.close()
    faults = page.faults
    need(faults, not page.open, f"left open: {page.open}")
    need(faults, text.count("<script") == 1, "more than one script")
    digest = base64.b64encode(hashlib.sha256("".join(page.scripts).encode()).digest()).decode()
    need(faults, f"'sha256-{digest}'" in page.policy, "the script is not the one that the page allows")
    shown = "".join(page.text)
    for word in ("Findings", "Controls", "Scorecard", "Evidence", "Passed"):
        need(faults, word in shown, f"no {word}")
    need(faults, "@media print" in text and "prefers-color-scheme:dark" in text, "no style for print or the dark")
    return faults


def check_schema(schema, data):
    try:
        import jsonschema
    except ImportError:
        return ["jsonschema is missing: tools/install-deps installs python3-jsonschema"]
    validator = jsonschema.Draft202012Validator(json.loads(schema.read_text()))
    return [f"json: {'/'.join(map(str, e.path))}: {e.message[:200]}" for e in validator.iter_errors(json.loads(data))]


CHECKS = {
    "sarif": check_sarif, "sarif-github": lambda data: check_sarif(data, github=True), "gitlab": check_gitlab,
    "github": check_github, "junit": check_junit, "conftest": check_conftest, "oscal": check_oscal,
    "policyreport": lambda data: check_k8s(data, "wgpolicyk8s.io/v1alpha2", "ClusterPolicyReport"),
    "openreports": lambda data: check_k8s(data, "openreports.io/v1alpha1", "ClusterReport"),
    "openmetrics": check_openmetrics, "csv": check_csv, "jsonl": check_jsonl, "markdown": check_markdown, "html": check_html,
}
