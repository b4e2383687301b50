// The peers that are written in Go, one round for each line of the input, as bench/round.c does its work:
//
//	peer_go cel|cel-eval|cel-cost|opa|opa-eval [-s SLICE] REVIEWS RULES.json|POLICY.rego
//	peer_go gojq QUERY INPUT
//
// A round reads the next SLICE AdmissionReviews and judges them; for `-eval` they are read before the first round.
// cel-cost tracks the cost of every evaluation, as Kubernetes does. For the line `verdicts` all reviews are judged and
// `ID COUNT` lines say how many failed each rule.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"sort"
	"strconv"
	"strings"
	"syscall"

	"cel.dev/cel-go/cel"
	"github.com/itchyny/gojq"
	"github.com/open-policy-agent/opa/v1/rego"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "peer_go:", err)
		os.Exit(1)
	}
}

// A judge says of a review, as it was read, which rules it fails.
type judge interface {
	read(text []byte) any
	judge(input any, failed func(rule string)) int
}

type celRule struct {
	name    string
	program cel.Program
}

type celJudge struct{ rules []celRule }

func newCel(path string, cost bool) *celJudge {
	text, err := os.ReadFile(path)
	must(err)
	var rules []struct{ Name, Expression string }
	must(json.Unmarshal(text, &rules))
	env, err := cel.NewEnv(cel.Variable("object", cel.DynType))
	must(err)
	judge := &celJudge{}
	for _, rule := range rules {
		ast, issues := env.Compile(rule.Expression)
		must(issues.Err())
		options := []cel.ProgramOption{cel.EvalOptions(cel.OptOptimize)}
		if cost { // what k8s.io/apiserver asks for
			options = []cel.ProgramOption{cel.EvalOptions(cel.OptOptimize, cel.OptTrackCost), cel.InterruptCheckFrequency(100),
				cel.CostLimit(math.MaxUint64)}
		}
		program, err := env.Program(ast, options...)
		must(err)
		judge.rules = append(judge.rules, celRule{rule.Name, program})
	}
	return judge
}

// As the API server has it: whole numbers are integers.
func wholeNumbers(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, member := range v {
			v[key] = wholeNumbers(member)
		}
	case []any:
		for i, element := range v {
			v[i] = wholeNumbers(element)
		}
	case float64:
		if v == math.Trunc(v) {
			return int64(v)
		}
	}
	return value
}

func (j *celJudge) read(text []byte) any {
	var review map[string]any
	must(json.Unmarshal(text, &review))
	return map[string]any{"object": wholeNumbers(review["request"].(map[string]any)["object"])}
}

func (j *celJudge) judge(input any, failed func(string)) int {
	count := 0
	for _, rule := range j.rules {
		value, _, err := rule.program.Eval(input)
		if err != nil || value.Value() != true {
			count++
			if failed != nil {
				failed(rule.name)
			}
		}
	}
	return count
}

type opaJudge struct {
	query rego.PreparedEvalQuery
	names []string
}

func newOpa(path string) *opaJudge {
	text, err := os.ReadFile(path)
	must(err)
	judge := &opaJudge{}
	judge.query, err = rego.New(rego.Query("data.bench.passed"), rego.Module("bench.rego", string(text))).PrepareForEval(
		context.Background())
	must(err)
	for _, line := range strings.Split(string(text), "\n") {
		if parts := strings.Split(line, `"`); strings.HasPrefix(line, "passed contains ") {
			judge.names = append(judge.names, parts[1])
		}
	}
	return judge
}

func (j *opaJudge) read(text []byte) any {
	var review any
	must(json.Unmarshal(text, &review))
	return review
}

func (j *opaJudge) judge(input any, failed func(string)) int {
	result, err := j.query.Eval(context.Background(), rego.EvalInput(input))
	must(err)
	passed := result[0].Expressions[0].Value.([]any)
	if failed == nil {
		return len(j.names) - len(passed)
	}
	set := map[string]bool{}
	for _, name := range passed {
		set[name.(string)] = true
	}
	for _, name := range j.names {
		if !set[name] {
			failed(name)
		}
	}
	return len(j.names) - len(passed)
}

func printVerdicts(j judge, texts [][]byte) {
	counts := map[string]int{}
	for _, text := range texts {
		j.judge(j.read(text), func(rule string) { counts[rule]++ })
	}
	names := []string{}
	for name := range counts {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Println(name, counts[name])
	}
	fmt.Println()
}

// Nanoseconds of all threads, those that collect garbage among them.
func processorTime() int64 {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func serve(j judge, texts [][]byte, slice int, readFirst bool) {
	inputs := make([]any, len(texts))
	for i, text := range texts {
		if readFirst {
			inputs[i] = j.read(text)
		}
	}
	at := 0
	fmt.Println("ready")
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		if strings.HasPrefix(in.Text(), "v") {
			printVerdicts(j, texts)
			continue
		}
		start := processorTime()
		for i := 0; i < slice; i++ {
			input := inputs[at]
			if !readFirst {
				input = j.read(texts[at])
			}
			j.judge(input, nil)
			at = (at + 1) % len(texts)
		}
		fmt.Println(processorTime() - start)
	}
}

func runGojq(query, path string) {
	text, err := os.ReadFile(path)
	must(err)
	var input any
	must(json.Unmarshal(text, &input))
	parsed, err := gojq.Parse(query)
	must(err)
	for results := parsed.Run(input); ; {
		value, more := results.Next()
		if !more {
			return
		}
		out, err := json.Marshal(value)
		must(err)
		fmt.Println(string(out))
	}
}

func main() {
	what, args := os.Args[1], os.Args[2:]
	if what == "gojq" {
		runGojq(args[0], args[1])
		return
	}
	slice := 0
	if args[0] == "-s" {
		slice, _ = strconv.Atoi(args[1])
		args = args[2:]
	}
	debug.SetGCPercent(400)
	text, err := os.ReadFile(args[0])
	must(err)
	texts := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	if slice == 0 {
		slice = len(texts)
	}
	var j judge
	if strings.HasPrefix(what, "opa") {
		j = newOpa(args[1])
	} else {
		j = newCel(args[1], what == "cel-cost")
	}
	serve(j, texts, slice, strings.HasSuffix(what, "-eval"))
}
