package berm

// #include "bridge.h"
import "C"

import (
	"errors"
	"io"
	"runtime"
	"sync"
)

// Report collects the findings of runs and writes them in one of the library's formats. It may be used by several goroutines; what is
// written is sorted, so that the order of runs does not show.
type Report struct {
	engine *engine
	mu     sync.Mutex
	c      *C.berm_report // nil after Close
}

// NewReport makes an empty report for runs of the policy.
func (p *Policy) NewReport() (*Report, error) {
	ev, err := p.acquire()
	if err != nil {
		return nil, err
	}
	defer p.put(ev)
	r := &Report{}
	var failed C.berm_error
	if status := C.berm_report_new(ev.engine.c.engine, &r.c, &failed); status != C.BERM_OK {
		return nil, errorOf(status, &failed, "")
	}
	r.engine = ev.engine.retain()
	runtime.SetFinalizer(r, (*Report).Close)
	return r, nil
}

// Close frees the report.
func (r *Report) Close() error {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.c == nil {
		return nil
	}
	runtime.SetFinalizer(r, nil)
	C.berm_report_free(r.c)
	r.c = nil
	r.engine.release()
	return nil
}

// hold keeps the report for one call.
func (r *Report) hold() (c *C.berm_report, done func(), err error) {
	r.mu.Lock()
	if r.c == nil {
		r.mu.Unlock()
		return nil, nil, ErrClosed
	}
	return r.c, r.mu.Unlock, nil
}

// add takes over what an evaluator's last run decided.
func (r *Report) add(ev *evaluator) error {
	c, done, err := r.hold()
	if err != nil {
		return err
	}
	defer done()
	if status := C.bermgo_eval_report(ev.c, c); status != C.BERM_OK {
		return errorOf(status, &ev.c.error, "")
	}
	return nil
}

// Fail adds an input that could not be read or judged, so that the report does not look as if all were well. Runs do it themselves.
func (r *Report) Fail(name string, why error) error {
	c, done, err := r.hold()
	if err != nil {
		return err
	}
	defer done()
	said := C.berm_error{status: C.BERM_E_IO}
	message := why.Error()
	var failed *Error
	if errors.As(why, &failed) {
		said.status, said.code = C.berm_status(failed.Status), C.uint32_t(failed.Code)
		said.line, said.column, said.off = C.uint32_t(failed.Line), C.uint32_t(failed.Column), C.uint64_t(failed.Offset)
		message = failed.Message
	}
	status := C.bermgo_report_fail(c, pointer([]byte(name)), C.size_t(len(name)), pointer([]byte(message)), C.size_t(len(message)), &said)
	runtime.KeepAlive(r)
	if status != C.BERM_OK {
		return errorOf(status, &C.berm_error{}, "")
	}
	return nil
}

// read collects what a call of the library packs.
func (r *Report) read(call func(*C.berm_report, *C.bermgo_made) C.berm_status) (string, error) {
	c, done, err := r.hold()
	if err != nil {
		return "", err
	}
	defer done()
	var made C.bermgo_made
	defer C.bermgo_made_clear(&made)
	status := call(c, &made)
	runtime.KeepAlive(r)
	if status != C.BERM_OK {
		return "", errorOf(status, &made.error, "")
	}
	return textOf(made.packed.ptr, made.packed.len), nil
}

// Result gives the totals and all findings as they stand, sorted by place. Waivers are counted over all of them: one that matches more
// findings than it may lifts none.
func (r *Report) Result() (Result, error) {
	var result Result
	packed, err := r.read(func(c *C.berm_report, made *C.bermgo_made) C.berm_status {
		summary := C.berm_summary{size: C.sizeof_berm_summary}
		C.berm_report_summary(c, &summary)
		result.take(&summary)
		return C.bermgo_report_findings(c, made)
	})
	if err != nil {
		return Result{}, err
	}
	result.Findings = unpackFindings(unpacker{packed})
	return result, nil
}

// Waivers are the waivers of the policies, as they are counted over all findings.
func (r *Report) Waivers() ([]Waiver, error) {
	packed, err := r.read(func(c *C.berm_report, made *C.bermgo_made) C.berm_status {
		return C.bermgo_report_waivers(c, made)
	})
	return unpackWaivers(packed), err
}

// Write writes the report.
func (r *Report) Write(w io.Writer, format ReportFormat, flags ReportFlags) error {
	text, err := r.read(func(c *C.berm_report, made *C.bermgo_made) C.berm_status {
		return C.bermgo_report_write(c, C.uint32_t(format), C.uint32_t(flags), made)
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text)
	return err
}
