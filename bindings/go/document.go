package berm

// #include "bridge.h"
import "C"

import (
	"runtime"
	"sync"
)

// Document is a document that was parsed, to be judged more than once or to be looked at. It never changes and may be used by any
// number of goroutines at once.
type Document struct {
	engine *engine
	name   string
	mu     sync.RWMutex
	c      *C.berm_doc // nil after Close
}

// Parse reads the text of an Input. Warnings and faults are in the diagnostics, which come with an error, too.
func Parse(in Input, options ...Option) (*Document, []Diagnostic, error) {
	e, _, err := newEngine(options)
	if err != nil {
		return nil, nil, err
	}
	defer e.release()
	return e.parse(in)
}

// Parse reads the text of an Input within the policy's limits.
func (p *Policy) Parse(in Input) (*Document, []Diagnostic, error) {
	ev, err := p.acquire()
	if err != nil {
		return nil, nil, err
	}
	defer p.put(ev)
	return ev.engine.parse(in)
}

func (e *engine) parse(in Input) (*Document, []Diagnostic, error) {
	how := C.bermgo_reading{
		name_len: C.size_t(len(in.Name)), format: C.uint32_t(in.Format), yaml_schema: C.uint32_t(in.YAML),
		duplicates: C.uint32_t(in.Duplicates),
	}
	var made C.bermgo_made
	defer C.bermgo_made_clear(&made)
	status := C.bermgo_doc_parse(e.c, pointer(in.Text), C.size_t(len(in.Text)), pointer([]byte(in.Name)), &how, &made)
	diagnostics := unpackDiagnostics(&made.packed)
	if status != C.BERM_OK {
		return nil, diagnostics, errorOf(status, &made.error, in.Name)
	}
	d := &Document{engine: e.retain(), name: in.Name, c: made.doc}
	runtime.SetFinalizer(d, (*Document).Close)
	return d, diagnostics, nil
}

// Close frees the document; runs that use it come to their end.
func (d *Document) Close() error {
	if d == nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.c == nil {
		return nil
	}
	runtime.SetFinalizer(d, nil)
	C.berm_doc_unref(d.c)
	d.c = nil
	d.engine.release()
	return nil
}

// hold keeps the document from being closed until drop.
func (d *Document) hold() (*C.berm_doc, error) {
	d.mu.RLock()
	if d.c == nil {
		d.mu.RUnlock()
		return nil, ErrClosed
	}
	return d.c, nil
}

func (d *Document) drop() {
	d.mu.RUnlock()
	runtime.KeepAlive(d)
}

// Name is the name that the document was given.
func (d *Document) Name() string { return d.name }

// Roots are the values that the text held: one, but for streams of YAML documents and for NDJSON.
func (d *Document) Roots() ([]any, error) {
	c, err := d.hold()
	if err != nil {
		return nil, err
	}
	defer d.drop()
	roots := make([]any, int(C.berm_doc_root_count(c)))
	for i := range roots {
		if roots[i], err = rootOf(c, i); err != nil {
			return nil, err
		}
	}
	return roots, nil
}

func rootOf(c *C.berm_doc, index int) (any, error) {
	var made C.bermgo_made
	defer C.bermgo_made_clear(&made)
	if status := C.bermgo_doc_root(c, C.size_t(index), &made); status != C.BERM_OK {
		return nil, errorOf(status, &made.error, "")
	}
	u := unpack(made.packed.ptr, made.packed.len)
	return u.guardedValue(), nil
}
