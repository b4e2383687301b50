// Command berm-plan judges a Terraform or OpenTofu plan: what `terraform show -json` says in; a report, an exit code and a comment for a
// merge request out.
//
//	terraform plan -out tfplan && terraform show -json tfplan | berm-plan -policies policies
//	berm-plan -policies policies tfplan        # the plan file itself: terraform or tofu is asked to show it
//
// It exits with 0 when nothing mandatory is violated, 1 when something is, 2 when the policies or the arguments are faulty, and 3 when
// the plan cannot be read or judged, which is never a pass.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"

	"berm.dev/berm/bindings/go"
)

const (
	exitAllowed = iota
	exitDenied
	exitUsage
	exitFailed
)

type list []string

func (l *list) String() string { return strings.Join(*l, ",") }

func (l *list) Set(value string) error {
	*l = append(*l, value)
	return nil
}

type options struct {
	inputs    map[berm.Role]*list // files of policies, parameters, waivers
	profile   string
	reports   list
	comment   string
	terraform string
	failOn    string
	color     bool
	plan      string
}

func parse(args []string, stderr io.Writer) (*options, error) {
	o := &options{inputs: map[berm.Role]*list{berm.RolePolicy: {}, berm.RoleParameters: {}, berm.RoleWaivers: {}}}
	flags := flag.NewFlagSet("berm-plan", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Var(o.inputs[berm.RolePolicy], "policies", "file or directory of policies; may be given again")
	flags.Var(o.inputs[berm.RoleParameters], "parameters", "file of values of parameters; may be given again")
	flags.Var(o.inputs[berm.RoleWaivers], "waivers", "file or directory of waivers; may be given again")
	flags.StringVar(&o.profile, "profile", "", "profile of the packs among the policies")
	flags.Var(&o.reports, "report", "FORMAT=FILE: a report, such as json=berm.json; may be given again")
	flags.StringVar(&o.comment, "comment", "", "file for a comment in Markdown")
	flags.StringVar(&o.terraform, "terraform", "", "the program that shows plan files (default: terraform, else tofu)")
	flags.StringVar(&o.failOn, "fail-on", "mandatory", "what makes the exit code 1: mandatory, unknown (that, too), any, never")
	flags.BoolVar(&o.color, "color", false, "colours on the standard output")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	switch {
	case len(*o.inputs[berm.RolePolicy]) == 0:
		return nil, errors.New("there are no -policies")
	case flags.NArg() > 1:
		return nil, errors.New("one plan is judged at a time")
	case !strings.Contains(" mandatory unknown any never ", " "+o.failOn+" "):
		return nil, fmt.Errorf("-fail-on is mandatory, unknown, any or never, not %q", o.failOn)
	}
	for _, report := range o.reports {
		if _, _, err := reportOf(report); err != nil {
			return nil, err
		}
	}
	o.plan = "-"
	if flags.NArg() == 1 {
		o.plan = flags.Arg(0)
	}
	return o, nil
}

// reportOf takes FORMAT=FILE apart.
func reportOf(text string) (format berm.ReportFormat, path string, err error) {
	word, path, found := strings.Cut(text, "=")
	if !found || path == "" {
		return 0, "", fmt.Errorf("-report is FORMAT=FILE, not %q", text)
	}
	return format, path, format.UnmarshalText([]byte(word))
}

func (o *options) compile() (*berm.Policy, error) {
	var sources []berm.Source
	for role, paths := range o.inputs {
		for _, path := range *paths {
			found, err := berm.Files(os.DirFS(filepath.Dir(filepath.Clean(path))), filepath.Base(path))
			if err != nil {
				return nil, err
			}
			sources = append(sources, berm.As(role, found)...)
		}
	}
	return berm.Compile(sources, berm.WithProfile(o.profile))
}

// read gives the plan as JSON; of a plan file, which is an archive, what terraform makes of it.
func (o *options) read(ctx context.Context, stdin io.Reader) ([]byte, error) {
	if o.plan == "-" {
		return io.ReadAll(stdin)
	}
	text, err := os.ReadFile(o.plan)
	if err != nil || !bytes.HasPrefix(text, []byte("PK")) {
		return text, err
	}
	program, err := o.program()
	if err != nil {
		return nil, err
	}
	path, err := filepath.Abs(o.plan)
	if err != nil {
		return nil, err
	}
	show := exec.CommandContext(ctx, program, "show", "-json", "-no-color", path)
	show.Dir = filepath.Dir(path) // where its providers are
	var faults bytes.Buffer
	show.Stderr = &faults
	text, err = show.Output()
	if err != nil {
		return nil, fmt.Errorf("%s show: %w: %s", program, err, strings.TrimSpace(faults.String()))
	}
	return text, nil
}

func (o *options) program() (string, error) {
	if o.terraform != "" {
		return o.terraform, nil
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("there is no terraform and no tofu that could show the plan")
}

func (o *options) exitCode(result berm.Result) int {
	counts := result.Counts
	failures := counts[berm.VerdictFail] + counts[berm.VerdictError]
	switch {
	case o.failOn == "never":
		return exitAllowed
	case !result.Allowed,
		o.failOn == "any" && failures+counts[berm.VerdictUnknown] > 0,
		o.failOn == "unknown" && unknownMandatory(result):
		return exitDenied
	}
	return exitAllowed
}

func unknownMandatory(result berm.Result) bool {
	for i := range result.Findings {
		if f := &result.Findings[i]; f.Verdict == berm.VerdictUnknown && f.Enforcement != berm.EnforcementAdvisory {
			return true
		}
	}
	return false
}

// run is main with everything that it touches as arguments.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitAllowed
	}
	if err != nil {
		fmt.Fprintln(stderr, "berm-plan:", err)
		return exitUsage
	}
	policy, err := o.compile()
	if err != nil {
		fmt.Fprintln(stderr, "berm-plan:", err)
		return exitUsage
	}
	defer policy.Close()
	report, err := policy.NewReport()
	if err != nil {
		fmt.Fprintln(stderr, "berm-plan:", err)
		return exitFailed
	}
	defer report.Close()
	result, err := o.judge(ctx, policy, report, stdin)
	code := o.exitCode(result)
	if err != nil {
		fmt.Fprintln(stderr, "berm-plan:", err)
		code = exitFailed
	}
	if err := o.write(report, stdout, code); err != nil {
		fmt.Fprintln(stderr, "berm-plan:", err)
		return exitFailed
	}
	return code
}

// errNoPlan is a text that says nothing of resources, nor of outputs: it is no plan, or an empty one that terraform did not write.
var errNoPlan = errors.New("the input is no plan")

func (o *options) judge(ctx context.Context, policy *berm.Policy, report *berm.Report, stdin io.Reader) (berm.Result, error) {
	name := o.plan
	if name == "-" {
		name = "plan"
	}
	text, err := o.read(ctx, stdin)
	if err == nil && !bytes.Contains(text, []byte(`"format_version"`)) {
		err = errNoPlan
	}
	if err != nil {
		report.Fail(name, err)
		return berm.Result{}, err
	}
	input := berm.Input{Name: name, Text: text, Format: berm.FormatJSON, Target: "terraform", Duplicates: berm.DuplicatesForbid}
	return policy.Run(ctx, berm.Run{Inputs: []berm.Input{input}, Report: report})
}

// write writes the text, the comment and the other reports. The last line of the text is in the words that Atlantis looks for.
func (o *options) write(report *berm.Report, stdout io.Writer, code int) error {
	var flags berm.ReportFlags
	if o.color {
		flags = berm.ReportColor
	}
	if err := report.Write(stdout, berm.ReportText, flags); err != nil {
		return err
	}
	var text bytes.Buffer
	if err := report.Write(&text, berm.ReportJSON, 0); err != nil {
		return err
	}
	said, err := readFindings(text.Bytes())
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(stdout, said.conftest(code)); err != nil {
		return err
	}
	for _, wanted := range o.reports {
		format, path, err := reportOf(wanted)
		if err == nil {
			err = writeReport(report, format, path)
		}
		if err != nil {
			return err
		}
	}
	if o.comment == "" {
		return nil
	}
	return os.WriteFile(o.comment, []byte(said.comment(code)), 0o644)
}

func writeReport(report *berm.Report, format berm.ReportFormat, path string) error {
	var text bytes.Buffer
	if err := report.Write(&text, format, 0); err != nil {
		return err
	}
	return os.WriteFile(path, text.Bytes(), 0o644)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
