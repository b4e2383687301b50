package berm

// #include "bridge.h"
import "C"

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// Input is one document to judge, as a text or as a Document that was parsed before.
type Input struct {
	Name       string // for findings and reports: the file's path
	Text       []byte
	Document   *Document // instead of Text and what says how to read it
	Format     Format
	YAML       YAML
	Duplicates Duplicates
	Target     string // read it as this target; empty: detect
	// The document as it was: a resource has that of the same kind and address there as oldObject, and the action create, update or
	// no-op; one that is only there is a delete. nil: oldObject and action are what the document itself says.
	Before *Document
}

// Run says what to judge and how.
type Run struct {
	Inputs  []Input   // judged together: references between them are followed
	Now     time.Time // what policies see as `now`; zero: the present
	Partial bool      // there are more documents than these: that something is missing proves nothing
	Passes  bool      // passed and skipped verdicts are findings, too
	Drift   bool      // with Input.Before: what differs was not wanted, its action is drift
	Explain bool      // explanations of verdicts, and of why guardrails do not look at resources
	// Globs over ids of guardrails and over addresses, which say what to explain; empty: everything.
	ExplainGuardrails, ExplainResources string
	Report                              *Report // gets the findings, or the failure
}

// Check judges one document as the run with it alone. It makes one call into C, and where everything passes it allocates nothing.
func (p *Policy) Check(ctx context.Context, document []byte) (result Result, err error) {
	ev, err := p.acquire()
	if err != nil {
		return result, err
	}
	if ctx.Done() != nil || ev.engine.defers {
		ev.used = true
		err = ev.checkText(ctx, &Input{Text: document}, &result)
	} else {
		err = ev.check(ctx, &Input{Text: document}, &result)
	}
	p.put(ev)
	return result, err
}

// Run judges documents together.
func (p *Policy) Run(ctx context.Context, run Run) (result Result, err error) {
	ev, err := p.acquire()
	if err != nil {
		return result, err
	}
	ev.used = true
	ev.c.request.flags = run.flags()
	ev.setNow(run.Now)
	if len(run.Inputs) == 1 && run.Inputs[0].inOneCall() && run.Report == nil && !run.Explain {
		err = ev.checkText(ctx, &run.Inputs[0], &result)
	} else {
		result, err = ev.runInputs(ctx, &run)
	}
	p.put(ev)
	if err != nil && run.Report != nil {
		run.Report.Fail(run.failedInput(err), err)
	}
	return result, err
}

// Outcome is what came of one document of a batch. With an Err the document was not judged, and Result is zero.
type Outcome struct {
	Result
	Err error
}

// CheckBatch judges each document by itself, on as many threads as GOMAXPROCS allows. The outcomes are in the order of the documents.
// The error is the context's: documents that were not reached have it, too.
func (p *Policy) CheckBatch(ctx context.Context, documents [][]byte) ([]Outcome, error) {
	outcomes := make([]Outcome, len(documents))
	workers := runtime.GOMAXPROCS(0)
	if workers > len(documents) {
		workers = len(documents)
	}
	var next int64
	var group sync.WaitGroup
	for i := 0; i < workers; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for at := atomic.AddInt64(&next, 1) - 1; at < int64(len(documents)); at = atomic.AddInt64(&next, 1) - 1 {
				outcomes[at].Result, outcomes[at].Err = p.Check(ctx, documents[at])
			}
		}()
	}
	group.Wait()
	return outcomes, ctx.Err()
}

func (r *Run) flags() C.uint32_t {
	var flags C.uint32_t
	if r.Partial {
		flags |= C.BERM_RUN_PARTIAL
	}
	if r.Passes {
		flags |= C.BERM_RUN_PASSES
	}
	if r.Drift {
		flags |= C.BERM_RUN_DRIFT
	}
	if r.Explain {
		flags |= C.BERM_RUN_EXPLAIN
	}
	return flags
}

// failedInput names the input that an error is about.
func (r *Run) failedInput(err error) string {
	if e, ok := err.(*Error); ok && e.Source != "" {
		return e.Source
	}
	if len(r.Inputs) > 0 {
		return r.Inputs[0].name()
	}
	return ""
}

// inOneCall: a text and no more can be read and judged at once.
func (in *Input) inOneCall() bool { return in.Document == nil && in.Before == nil }

func (in *Input) name() string {
	if in.Document != nil {
		return in.Document.name
	}
	return in.Name
}

// --- evaluators at work ---

func (ev *evaluator) setNow(now time.Time) {
	if now.IsZero() {
		return
	}
	ev.c.request.has_now = true
	ev.c.request.now = C.berm_time{sec: C.int64_t(now.Unix()), nanos: C.int32_t(now.Nanosecond())}
}

// setReading tells the request how a text is read; its name and target go into ev.strings.
func (ev *evaluator) setReading(in *Input) {
	ev.strings = append(append(ev.strings[:0], in.Name...), in.Target...)
	reading := &ev.c.request.reading
	reading.name_len, reading.target_len = C.size_t(len(in.Name)), C.size_t(len(in.Target))
	reading.format, reading.yaml_schema = C.uint32_t(in.Format), C.uint32_t(in.YAML)
	reading.duplicates = C.uint32_t(in.Duplicates)
}

// watch makes the end of ctx stop the evaluator's calls until stop is called.
func (ev *evaluator) watch(ctx context.Context) (stop func(), err error) {
	if err := ev.setTimeout(ctx); err != nil {
		return nil, err
	}
	flag := (*uint32)(unsafe.Pointer(&ev.c.stop))
	done := afterDone(ctx, func() { atomic.StoreUint32(flag, 1) })
	return func() {
		done()
		atomic.StoreUint32(flag, 0)
	}, nil
}

// setTimeout tells the next call how long it has.
func (ev *evaluator) setTimeout(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	deadline, set := ctx.Deadline()
	if !set {
		return nil
	}
	left := time.Until(deadline)
	if left <= 0 {
		return context.DeadlineExceeded
	}
	ev.c.request.timeout = C.int64_t(left)
	return nil
}

// checkText judges one text, in one call if nothing has to be asked for.
func (ev *evaluator) checkText(ctx context.Context, in *Input, result *Result) (err error) {
	if ev.engine.defers {
		*result, err = ev.runInputs(ctx, &Run{Inputs: []Input{*in}})
		return err
	}
	if ctx.Done() != nil {
		stop, err := ev.watch(ctx)
		if err != nil {
			return err
		}
		defer stop()
	}
	ev.setReading(in)
	return ev.check(ctx, in, result)
}

// check is checkText for a context that is watched and an input that is set.
func (ev *evaluator) check(ctx context.Context, in *Input, result *Result) error {
	status := C.bermgo_eval_check(ev.number, pointer(in.Text), C.size_t(len(in.Text)), pointer(ev.strings))
	if status != C.BERM_OK {
		return ev.failure(ctx, status, in.Name)
	}
	ev.result(result)
	return nil
}

func (ev *evaluator) failure(ctx context.Context, status C.berm_status, source string) error {
	failed := errorOf(status, &ev.c.error, source)
	if status == C.BERM_E_INTERRUPTED {
		failed.cause = interrupted(ctx, bool(ev.c.timed_out))
	}
	return failed
}

// runInputs judges documents in steps: each is read, all are judged, and again while deferred functions have something to answer.
func (ev *evaluator) runInputs(ctx context.Context, run *Run) (Result, error) {
	if ctx.Done() != nil {
		stop, err := ev.watch(ctx)
		if err != nil {
			return Result{}, err
		}
		defer stop()
	}
	defer C.bermgo_eval_end(ev.c)
	for i := range run.Inputs {
		if err := ev.add(ctx, &run.Inputs[i]); err != nil {
			return Result{}, err
		}
	}
	result, err := ev.judge(ctx, run)
	if err == nil && run.Report != nil {
		err = run.Report.add(ev)
	}
	if err != nil {
		return Result{}, err
	}
	return result, nil
}

func (ev *evaluator) add(ctx context.Context, in *Input) error {
	var status C.berm_status
	if in.Document == nil {
		ev.setReading(in)
		status = C.bermgo_eval_add_text(ev.c, pointer(in.Text), C.size_t(len(in.Text)), pointer(ev.strings))
	} else {
		c, err := in.Document.hold()
		if err != nil {
			return err
		}
		ev.strings = append(ev.strings[:0], in.Target...)
		status = C.bermgo_eval_add_doc(ev.c, c, pointer(ev.strings), C.size_t(len(in.Target)))
		in.Document.drop()
	}
	if status != C.BERM_OK {
		return ev.failure(ctx, status, in.name())
	}
	if in.Before == nil {
		return nil
	}
	c, err := in.Before.hold()
	if err != nil {
		return err
	}
	C.bermgo_eval_before(ev.c, c)
	in.Before.drop()
	return nil
}

func (ev *evaluator) judge(ctx context.Context, run *Run) (Result, error) {
	request := &ev.c.request
	ev.strings = append(append(ev.strings[:0], run.ExplainGuardrails...), run.ExplainResources...)
	request.explain_guardrails_len = C.size_t(len(run.ExplainGuardrails))
	request.explain_resources_len = C.size_t(len(run.ExplainResources))
	for {
		if status := C.bermgo_eval_run(ev.c, pointer(ev.strings)); status != C.BERM_OK {
			return Result{}, ev.failure(ctx, status, "")
		}
		if !ev.engine.defers || ev.c.summary.pending_calls == 0 {
			var result Result
			ev.result(&result)
			return result, nil
		}
		if err := ev.answer(ctx); err != nil {
			return Result{}, err
		}
		request.flags |= C.BERM_RUN_AGAIN
	}
}

// answer resolves the calls that the last run waits for.
func (ev *evaluator) answer(ctx context.Context) error {
	if status := C.bermgo_eval_pending(ev.c); status != C.BERM_OK {
		return ev.failure(ctx, status, "")
	}
	calls := ev.engine.unpackPending(&ev.c.packed)
	answers := ev.engine.resolve(ctx, calls)
	if err := ev.setTimeout(ctx); err != nil {
		return err
	}
	if status := C.bermgo_eval_answer(ev.c, pointer(answers), C.size_t(len(answers))); status != C.BERM_OK {
		return ev.failure(ctx, status, "")
	}
	return nil
}
