package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"berm.dev/berm/bindings/go"
)

const policies = `guardrail: tf-owner
title: Somebody answers for it
severity: high
enforcement: hard-mandatory
remediation: Say who, in input.owner.
match: {target: terraform, kinds: [terraform_data]}
validations:
  - {name: owner, expression: "object.input.owner != ''", message: "{resource.address} has no owner"}
---
guardrail: tf-acl
title: Nothing is public
severity: critical
enforcement: soft-mandatory
match: {target: terraform, kinds: [terraform_data]}
validations:
  - {name: acl, expression: "object.input.acl != 'public-read'", message: "acl is {object.input.acl}, password {object.input.?password.orValue('none')}"}
---
guardrail: tf-names
title: Names say what it is
enforcement: advisory
match: {target: terraform, kinds: [terraform_data]}
validations:
  - {name: long, expression: "resource.name.size() > 5", message: "{resource.name} is short"}
`

// plan is what terraform shows of bucket, which is public and nobody's, with a password; and of later, whose acl is not known yet.
const plan = `{"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": [
{"address": "terraform_data.bucket", "mode": "managed", "type": "terraform_data", "name": "bucket", "provider_name": "terraform.io/builtin/terraform",
 "change": {"actions": ["create"], "before": null, "after": {"input": {"acl": "public-read", "owner": "%s", "password": "hunter2"}},
 "after_unknown": {"id": true}, "before_sensitive": false, "after_sensitive": {"input": {"password": true}}}},
{"address": "terraform_data.later", "mode": "managed", "type": "terraform_data", "name": "later", "provider_name": "terraform.io/builtin/terraform",
 "change": {"actions": ["create"], "before": null, "after": {"input": {"owner": "bob"}}, "after_unknown": {"id": true, "input": {"acl": true}},
 "before_sensitive": false, "after_sensitive": {}}}]}`

type outcome struct {
	code                    int
	stdout, stderr, comment string
}

func judge(t *testing.T, policies, stdin string, args ...string) outcome {
	t.Helper()
	dir := t.TempDir()
	path, comment := filepath.Join(dir, "p.yaml"), filepath.Join(dir, "comment.md")
	if err := os.WriteFile(path, []byte(policies), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	code := run(context.Background(), append([]string{"-policies", path, "-comment", comment}, args...), strings.NewReader(stdin), &stdout, &stderr)
	text, _ := os.ReadFile(comment)
	for what, text := range map[string]string{"stdout": stdout.String(), "stderr": stderr.String(), "the comment": string(text)} {
		if strings.Contains(text, "hunter2") {
			t.Errorf("the password is in %s:\n%s", what, text)
		}
	}
	return outcome{code, stdout.String(), stderr.String(), string(text)}
}

func TestDenied(t *testing.T) {
	got := judge(t, policies, fmt.Sprintf(plan, ""))
	if got.code != exitDenied || !strings.Contains(got.stdout, "terraform_data.bucket has no owner") || !strings.Contains(got.stdout, "\ndenied\n") {
		t.Errorf("%+v", got)
	}
	// What Atlantis looks for in the output.
	if !regexp.MustCompile(`([1-9][0-9]* failure)`).MatchString(got.stdout) {
		t.Error(got.stdout)
	}
	lines := strings.Split(got.comment, "\n")
	if lines[0] != commentMark || lines[1] != "### Guardrails: ❌ denied" {
		t.Error(got.comment)
	}
	// The worst first; the secret is not shown; the advisory one last but for what is not known.
	for i, part := range []string{
		"| fail, critical | tf-acl/acl | terraform&#95;data.bucket | acl is", "| fail, high | tf-owner/owner |", "| unknown, critical | tf-acl/acl |", "| fail, medium | tf-names/long |",
	} {
		if line := lines[7+i]; !strings.HasPrefix(line, part) {
			t.Errorf("line %d is not %q...: %s", 7+i, part, line)
		}
	}
	if !strings.Contains(got.comment, "**fix:** Say who, in input.owner.") {
		t.Error(got.comment)
	}
}

func TestAllowed(t *testing.T) {
	lenient := strings.Replace(policies, "soft-mandatory", "advisory", 1)
	got := judge(t, lenient, fmt.Sprintf(plan, "ann"))
	if got.code != exitAllowed || !strings.Contains(got.stdout, ", 0 failures, ") || !strings.Contains(got.comment, "✅ allowed") {
		t.Errorf("%+v", got)
	}
	for failOn, code := range map[string]int{"mandatory": 0, "unknown": 0, "any": 1, "never": 0} {
		if got := judge(t, lenient, fmt.Sprintf(plan, "ann"), "-fail-on", failOn); got.code != code || (code == 0) == regexp.MustCompile(`[1-9][0-9]* failure`).MatchString(got.stdout) {
			t.Errorf("-fail-on %s: %+v", failOn, got)
		}
	}
	private := strings.Replace(fmt.Sprintf(plan, "ann"), "public-read", "private", 1)
	for failOn, code := range map[string]int{"mandatory": 0, "unknown": 1} {
		if got := judge(t, policies, private, "-fail-on", failOn); got.code != code {
			t.Errorf("-fail-on %s: %+v", failOn, got)
		}
	}
}

// What cannot be judged is never a pass.
func TestFailures(t *testing.T) {
	good := fmt.Sprintf(plan, "ann")
	for name, input := range map[string]string{
		"empty": "", "no JSON": good[:100], "no plan": "{}", "another document": `{"kind": "Pod"}`, "twice": strings.Replace(good, `"actions"`, `"actions": ["no-op"], "actions"`, 1),
		"another version": strings.Replace(good, `"1.2"`, `"2.0"`, 1),
	} {
		got := judge(t, policies, input)
		if got.code == exitAllowed || got.code == exitDenied && name != "another version" || !strings.Contains(got.stdout, "1 failures") {
			t.Errorf("%s: %+v", name, got)
		}
		if strings.Contains(got.comment, "allowed") {
			t.Errorf("%s: %s", name, got.comment)
		}
	}
	if got := judge(t, "guardrail: x\n", good); got.code != exitUsage || !strings.Contains(got.stderr, "p.yaml:1:1") {
		t.Errorf("%+v", got)
	}
	for _, args := range [][]string{{"-fail-on", "x"}, {"-report", "json"}, {"-report", "x=y"}, {"a", "b"}, {"-nonsense"}, {"-policies", "nowhere"}} {
		if got := judge(t, policies, good, args...); got.code != exitUsage {
			t.Errorf("%q: %+v", args, got)
		}
	}
	if got := judge(t, policies, "", "nowhere.json"); got.code != exitFailed {
		t.Errorf("%+v", got)
	}
	if got := judge(t, policies, good, "-comment", "nowhere/c.md"); got.code != exitFailed {
		t.Errorf("%+v", got)
	}
	zip := filepath.Join(t.TempDir(), "tfplan")
	os.WriteFile(zip, []byte("PK\x03\x04"), 0o600)
	if got := judge(t, policies, "", "-terraform", "/bin/false", zip); got.code != exitFailed {
		t.Errorf("%+v", got)
	}
}

func TestReports(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.json")
	got := judge(t, policies, fmt.Sprintf(plan, ""), "-report", "json="+path)
	text, err := os.ReadFile(path)
	if got.code != exitDenied || err != nil || !bytes.Contains(text, []byte(`"denied": true`)) {
		t.Errorf("%v %s", err, text)
	}
}

func TestGovernance(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		os.WriteFile(path, []byte(text), 0o600)
		return path
	}
	waiver := write("waivers.yaml", "waiver: W-1\nguardrails: [tf-acl/acl]\nscope: {resources: [terraform_data.bucket]}\ncategory: accepted-risk\n"+
		"reason: a demonstration\nowner: web\napprovers: [{name: ann, approvedAt: 2026-01-01}]\nticket: T-1\ncreated: 2026-01-01\nexpires: 2099-01-01\n")
	waivable := strings.Replace(policies, "title: Nothing is public", "title: Nothing is public\nwaivable: {maxDays: 36500}", 1)
	got := judge(t, waivable, fmt.Sprintf(plan, "ann"), "-waivers", waiver)
	if got.code != exitAllowed || !strings.Contains(got.stdout, "1 exceptions") || !strings.Contains(got.comment, "1 waived") {
		t.Errorf("%+v", got)
	}
	pack := waivable + "---\npack: p\nguardrails: [tf-acl]\nprofiles: {dev: [{guardrails: [tf-acl], enforcement: advisory}]}\n"
	if got = judge(t, pack, fmt.Sprintf(plan, "ann"), "-profile", "dev"); got.code != exitAllowed {
		t.Errorf("%+v", got)
	}
	parameters := write("parameters.yaml", "guardrails: {tf-acl: {acl: none}}\n")
	if got = judge(t, waivable, fmt.Sprintf(plan, "ann"), "-parameters", parameters); got.code != exitUsage || !strings.Contains(got.stderr, "no parameter") {
		t.Errorf("%+v", got)
	}
}

// A plan may try to write into the comment.
func TestCommentIsNoMarkup(t *testing.T) {
	hostile := "x | <script>alert(1)</script> [a](http://b.example) @everyone `code` **bold** \\n# title ~~~"
	text := strings.Replace(fmt.Sprintf(plan, "ann"), `"public-read"`, `"public-read"`, 1)
	text = strings.ReplaceAll(text, "terraform_data.bucket", strings.ReplaceAll(hostile, `\n`, `\\n`))
	got := judge(t, policies, text)
	for _, part := range []string{"<script", "](", "@everyone", "`code`", "**bold**", "http://", "~~~"} {
		if strings.Contains(got.comment, part) {
			t.Errorf("%s in\n%s", part, got.comment)
		}
	}
	said := &findings{}
	for i := 0; i < 1000; i++ {
		said.Findings = append(said.Findings, finding{Message: strings.Repeat("é|", 1000)})
	}
	if comment := said.comment(exitDenied); len([]rune(comment)) > 65536 || !strings.Contains(comment, " more; ") {
		t.Error(len(comment))
	}
}

// A real plan, of the resource that needs no provider.
func TestRealPlan(t *testing.T) {
	for _, name := range []string{"terraform", "tofu"} {
		t.Run(name, func(t *testing.T) {
			path, err := exec.LookPath(name)
			if err != nil {
				t.Skip("there is no " + name)
			}
			testRealPlan(t, path)
		})
	}
}

func testRealPlan(t *testing.T, terraform string) {
	dir := t.TempDir()
	for _, name := range []string{"main.tf"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		os.WriteFile(filepath.Join(dir, name), text, 0o600)
	}
	command := func(args ...string) []byte {
		c := exec.Command(terraform, args...)
		c.Dir = dir
		c.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_CLI_CONFIG_FILE="+filepath.Join(dir, "none.tfrc"))
		out, err := c.Output()
		if err != nil {
			t.Fatalf("%s %q: %v %s", terraform, args, err, out)
		}
		return out
	}
	os.WriteFile(filepath.Join(dir, "none.tfrc"), nil, 0o600)
	command("init", "-no-color", "-input=false")
	command("plan", "-no-color", "-input=false", "-out=tfplan")
	shown := string(command("show", "-json", "-no-color", "tfplan"))
	for name, got := range map[string]outcome{
		"shown": judge(t, policies, shown), "file": judge(t, policies, "", "-terraform", terraform, filepath.Join(dir, "tfplan")),
	} {
		if got.code != exitDenied {
			t.Errorf("%s: %+v", name, got)
		}
		for _, part := range []string{
			"fail tf-owner/owner (high, hard-mandatory): terraform_data.bucket has no owner",
			"fail tf-acl/acl (critical, soft-mandatory): acl is public-read, password none",
			"fail tf-acl/acl (critical, soft-mandatory): acl is public-read, password (sensitive)",
			"unknown tf-acl/acl (critical, soft-mandatory): acl is (known after apply)",
		} {
			if !strings.Contains(got.stdout, part) {
				t.Errorf("%s: %q is not in\n%s", name, part, got.stdout)
			}
		}
	}
	fixed, _ := os.ReadFile(filepath.Join(dir, "main.tf"))
	fixed = bytes.ReplaceAll(bytes.ReplaceAll(fixed, []byte(`"public-read"`), []byte(`"private"`)), []byte(`owner = ""`), []byte(`owner = "ann"`))
	os.WriteFile(filepath.Join(dir, "main.tf"), fixed, 0o600)
	command("plan", "-no-color", "-input=false", "-out=tfplan")
	if got := judge(t, policies, string(command("show", "-json", "tfplan"))); got.code != exitAllowed {
		t.Errorf("mended: %+v", got)
	}
}

// Every call of the program in the hooks is one that it understands.
func TestHooks(t *testing.T) {
	calls := 0
	paths, _ := filepath.Glob("../hooks/*/*")
	hidden, _ := filepath.Glob("../hooks/*/.*")
	for _, path := range append(append(paths, hidden...), "../README.md", "../../../.pre-commit-hooks.yaml") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`berm-plan ((?:-[\w-]+ [^ ;]+ ?)+)([^ ;\n]*)`).FindAllStringSubmatch(strings.ReplaceAll(string(text), `", "`, " "), -1) {
			calls++
			args := strings.Fields(strings.NewReplacer(`"`, "", `'`, "", "`", "", "<", "").Replace(match[1] + match[2]))
			if o, err := parse(args, os.Stderr); err != nil || len(*o.inputs[berm.RolePolicy]) == 0 {
				t.Errorf("%s: %s: %v", path, match[0], err)
			}
		}
	}
	if calls < 6 {
		t.Errorf("%d calls were found", calls)
	}
}
