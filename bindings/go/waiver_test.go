package berm

import (
	"context"
	"strings"
	"testing"
	"time"
)

const governed = `guardrail: size
title: Nothing is large
match: {kinds: [document]}
parameters: {most: {type: int, default: 5, minimum: 1}}
validations: [{name: small, expression: object.n < params.most}]
waivable: {maxDays: 90, approvers: 1, categories: [mitigated, accepted-risk]}
---
pack: acme
guardrails: [size]
profiles:
  prod: [{guardrails: [size], parameters: {most: 50}}]
`

const waivers = `waiver: W-1
guardrails: [size/small]
scope: {resources: ["a*"]}
category: accepted-risk
reason: migration ends in Q1
owner: payments
approvers: [{name: ciso, approvedAt: 2026-10-01}]
ticket: RISK-233
created: 2026-10-01
expires: 2026-12-29
`

func TestWaivers(t *testing.T) {
	sources := []Source{Text("policy.yaml", governed), {Name: "waivers.yaml", Text: []byte(waivers), Role: RoleWaivers}}
	policy, err := Compile(sources)
	if err != nil {
		t.Fatal(err)
	}
	defer policy.Close()
	report, err := policy.NewReport()
	if err != nil {
		t.Fatal(err)
	}
	defer report.Close()
	during, after := time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC), time.Date(2026, 12, 30, 0, 0, 0, 0, time.UTC)
	run := Run{Inputs: []Input{{Name: "a.json", Text: []byte(`{"n": 7}`)}}, Now: during, Report: report}
	result, err := policy.Run(context.Background(), run)
	if err != nil || !result.Allowed || result.Counts[VerdictWaived] != 1 || len(result.Findings) != 1 {
		t.Fatalf("%+v, %v", result, err)
	}
	f := result.Findings[0]
	if f.Waiver != "W-1" || f.Expires != "2026-12-29" || len(f.Waivers) != 1 || f.Waivers[0].Standing != WaivedCounts || f.Waivers[0].Waiver != "W-1" {
		t.Errorf("%+v", f)
	}
	counted, err := report.Waivers()
	if err != nil || len(counted) != 1 || counted[0].Status != WaiverActive || counted[0].Matches != 1 || counted[0].Owner != "payments" {
		t.Errorf("%+v, %v", counted, err)
	}
	if record, ok := counted[0].Record.(Map); !ok {
		t.Errorf("%#v", counted[0].Record)
	} else if ticket, _ := record.Get("ticket"); ticket != "RISK-233" {
		t.Errorf("%#v", record)
	}
	if all, err := report.Result(); err != nil || !all.Allowed || len(all.Findings) != 1 || all.Findings[0].Waiver != "W-1" {
		t.Errorf("%+v, %v", all, err)
	}
	run.Now, run.Report = after, nil
	if result, err = policy.Run(context.Background(), run); err != nil || result.Allowed || result.Findings[0].Waivers[0].Why == "" {
		t.Errorf("%+v, %v", result, err)
	}
	for now, status := range map[time.Time]WaiverStatus{during: WaiverActive, after: WaiverExpired, after.AddDate(0, 0, -5): WaiverExpiring} {
		if list, err := policy.Waivers(now); err != nil || len(list) != 1 || list[0].Status != status {
			t.Errorf("%v: %+v, %v", now, list, err)
		}
	}
}

func TestProfilesAndParameters(t *testing.T) {
	parameters := Source{Name: "parameters.yaml", Text: []byte("guardrails: {size: {most: 100}}\n"), Role: RoleParameters}
	for name, c := range map[string]struct {
		sources []Source
		profile string
		allowed int // n below which it is allowed
	}{
		"none": {nil, "", 5}, "profile": {nil, "prod", 50}, "parameters": {[]Source{parameters}, "prod", 100},
	} {
		policy, err := Compile(append([]Source{Text("policy.yaml", governed)}, c.sources...), WithProfile(c.profile))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for n, allowed := range map[string]bool{`{"n": 4}`: true, `{"n": 49}`: c.allowed > 49, `{"n": 99}`: c.allowed > 99, `{"n": 100}`: false} {
			if result := check(t, policy, n); result.Allowed != allowed {
				t.Errorf("%s: %s: %+v", name, n, result)
			}
		}
		var text strings.Builder
		if err := policy.Effective(&text, ReportText); err != nil || !strings.Contains(text.String(), "size") {
			t.Errorf("%s: %v %q", name, err, text.String())
		}
		policy.Close()
	}
	if _, err := Compile([]Source{Text("policy.yaml", governed)}, WithProfile("nowhere")); err == nil {
		t.Error("a profile that there is not")
	}
}
