package berm_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"berm.dev/berm/bindings/go"
)

const policyText = `guardrail: k8s-replicas
title: What serves the shop runs more than once
match: {target: kubernetes, kinds: [apps/Deployment]}
enforcement: soft-mandatory
validations:
  - name: replicas
    expression: object.spec.?replicas.orValue(1) >= 2
    message: "{resource.name} runs {object.spec.?replicas.orValue(1)} times"
`

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {replicas: 1}
`

func Example() {
	policy, err := berm.Compile([]berm.Source{berm.Text("replicas.yaml", policyText)})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer policy.Close()
	result, err := policy.Check(context.Background(), []byte(manifest))
	if err != nil {
		fmt.Println(err) // not judged: never a pass
		return
	}
	fmt.Println("allowed:", result.Allowed)
	for _, f := range result.Findings {
		fmt.Println(f)
		fmt.Println("why:", f.Witness)
	}
	// Output:
	// allowed: false
	// fail k8s-replicas/replicas: apps/Deployment/web (4:18): web runs 1 times
	// why: object.spec.?replicas.orValue(1) >= 2 is false, where object.spec.?replicas.orValue(1) = 1
}

func ExampleCompile_errors() {
	faulty := strings.Replace(policyText, ">= 2", ">= two", 1)
	_, err := berm.Compile([]berm.Source{berm.Text("replicas.yaml", faulty)})
	var failed *berm.CompileError
	if errors.As(err, &failed) {
		for _, d := range failed.Diagnostics {
			fmt.Printf("%s:%d:%d: %s\n", d.Source, d.Line, d.Column, d.Message)
		}
	}
	// Output:
	// replicas.yaml:7:53: 'two' is not declared
}

func ExamplePolicy_CheckBatch() {
	policy, _ := berm.Compile([]berm.Source{berm.Text("replicas.yaml", policyText)})
	defer policy.Close()
	documents := [][]byte{[]byte(manifest), []byte(strings.Replace(manifest, "replicas: 1", "replicas: 3", 1)), []byte("{")}
	outcomes, err := policy.CheckBatch(context.Background(), documents)
	if err != nil {
		fmt.Println(err)
	}
	for i, outcome := range outcomes {
		fmt.Println(i, outcome.Allowed, outcome.Err)
	}
	// Output:
	// 0 false <nil>
	// 1 true <nil>
	// 2 false berm: 1:2: the text ends in the object that starts at line 1, column 1 (B0110)
}

func ExamplePolicy_Run() {
	policy, _ := berm.Compile([]berm.Source{berm.Text("replicas.yaml", policyText)})
	defer policy.Close()
	report, _ := policy.NewReport()
	defer report.Close()
	_, err := policy.Run(context.Background(), berm.Run{
		Inputs: []berm.Input{{Name: "web.yaml", Text: []byte(manifest)}},
		Report: report,
	})
	if err != nil {
		fmt.Println(err)
	}
	report.Write(os.Stdout, berm.ReportText, 0)
	// Output:
	// fail k8s-replicas/replicas (medium, soft-mandatory): web runs 1 times
	//   --> web.yaml:4:18  apps/Deployment/web
	//  3 | metadata: {name: web}
	//  4 | spec: {replicas: 1}
	//    |                  ^
	//   why: object.spec.?replicas.orValue(1) >= 2 is false, where object.spec.?replicas.orValue(1) = 1
	//
	// 1 resources in 1 documents: 0 passed, 1 failed, 0 unknown, 0 errors
	// denied
}

func ExampleFunction() {
	owners := map[string]string{"web": "ann"}
	owner := berm.Function{
		Declaration: "acme.owner(string) -> optional_type(string)",
		// A service would be asked here; ctx is that of the check.
		Resolve: func(ctx context.Context, args []any) (any, error) {
			if name, known := owners[args[0].(string)]; known {
				return name, nil
			}
			return nil, nil
		},
	}
	text := strings.Replace(policyText, "object.spec.?replicas.orValue(1) >= 2", "acme.owner(object.metadata.name).hasValue()", 1)
	policy, err := berm.Compile([]berm.Source{berm.Text("owned.yaml", text)}, berm.WithFunctions(owner))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer policy.Close()
	for _, name := range []string{"web", "api"} {
		result, err := policy.Check(context.Background(), []byte(strings.Replace(manifest, "web", name, 1)))
		fmt.Println(name, result.Allowed, err)
	}
	// Output:
	// web true <nil>
	// api false <nil>
}

func ExampleExpression_Eval() {
	expression, _ := berm.CompileExpression("expr", "object.spec.replicas * 2")
	defer expression.Close()
	document, _, _ := berm.Parse(berm.Input{Name: "web.yaml", Text: []byte(manifest)})
	defer document.Close()
	value, err := expression.Eval(context.Background(), document, time.Time{})
	fmt.Println(value, err)
	// Output:
	// 2 <nil>
}
