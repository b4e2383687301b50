package berm

// #include "bridge.h"
import "C"

import (
	"io"
	"io/fs"
	"path"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// Source is one text to compile.
type Source struct {
	Name string // for diagnostics: the file's path
	Text []byte
	Role Role // RolePolicy is the zero value; RoleParameters and RoleWaivers are files of their own
}

// Text makes a Source of a policy's text.
func Text(name, text string) Source { return Source{Name: name, Text: []byte(text)} }

// Files reads policies from a file system: files as they are named, and below directories all that end in .yaml or .yml and are not
// hidden (a mounted ConfigMap holds each file a second time in a hidden directory).
func Files(fsys fs.FS, names ...string) ([]Source, error) {
	var sources []Source
	for _, name := range names {
		err := fs.WalkDir(fsys, name, func(at string, entry fs.DirEntry, err error) error {
			ending := path.Ext(at)
			if err == nil && at != name && strings.HasPrefix(entry.Name(), ".") {
				if entry.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			if err != nil || entry.IsDir() || (at != name && ending != ".yaml" && ending != ".yml") {
				return err
			}
			text, err := fs.ReadFile(fsys, at)
			sources = append(sources, Source{Name: at, Text: text})
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return sources, nil
}

// As gives sources another role: what Files finds are policies, unless it is said to be RoleWaivers or RoleParameters.
func As(role Role, sources []Source) []Source {
	list := append([]Source(nil), sources...)
	for i := range list {
		list[i].Role = role
	}
	return list
}

// Policy is a compiled policy set. It never changes and may be used by any number of goroutines at once.
type Policy struct {
	c        *C.berm_policy
	engine   *engine
	warnings []Diagnostic
	pool     pool
	closed   atomic.Bool
	closing  sync.Mutex // what is new is made before Close or not at all
}

// Compile compiles policies. What is wrong with them is in the *CompileError that it returns, all of it.
func Compile(sources []Source, options ...Option) (*Policy, error) {
	e, s, err := newEngine(options)
	if err != nil {
		return nil, err
	}
	return compile(e, s, sources)
}

func compile(e *engine, s *settings, sources []Source) (*Policy, error) {
	var p packer
	p.u32(s.flags)
	p.text(s.profile)
	p.u32(uint32(len(sources)))
	for _, source := range sources {
		p.u32(uint32(source.Role))
		p.text(source.Name)
		p.u64(uint64(len(source.Text)))
		p.bytes = append(p.bytes, source.Text...)
	}
	var made C.bermgo_made
	defer C.bermgo_made_clear(&made)
	status := C.bermgo_policy_compile(e.c, pointer(p.bytes), C.size_t(len(p.bytes)), &made)
	diagnostics := unpackDiagnostics(&made.packed)
	if status != C.BERM_OK {
		e.release()
		return nil, &CompileError{diagnostics, errorOf(status, &made.error, "")}
	}
	return newPolicy(e, made.policy, diagnostics), nil
}

// Load reads what Save wrote. The bytes may come from anywhere: they are verified. Functions that the policies call must be declared
// again.
func Load(image []byte, options ...Option) (*Policy, error) {
	e, _, err := newEngine(options)
	if err != nil {
		return nil, err
	}
	var made C.bermgo_made
	status := C.bermgo_policy_load(e.c, pointer(image), C.size_t(len(image)), &made)
	if status != C.BERM_OK {
		e.release()
		return nil, errorOf(status, &made.error, "")
	}
	return newPolicy(e, made.policy, nil), nil
}

func newPolicy(e *engine, c *C.berm_policy, warnings []Diagnostic) *Policy {
	p := &Policy{c: c, engine: e, warnings: warnings}
	runtime.SetFinalizer(p, (*Policy).Close)
	return p
}

// Close frees the policy; checks that run come to their end. A policy that is not closed is freed when it is garbage, some time.
func (p *Policy) Close() error {
	if p == nil || p.closed.Swap(true) {
		return nil
	}
	runtime.SetFinalizer(p, nil)
	p.closing.Lock()
	defer p.closing.Unlock()
	p.pool.drain()
	C.berm_policy_unref(p.c)
	p.engine.release()
	return nil
}

// Warnings are what was found while compiling and is no error.
func (p *Policy) Warnings() []Diagnostic { return p.warnings }

// Joins reports whether a guardrail looks at resources that may be in other documents, so that a run should have all of them.
func (p *Policy) Joins() bool {
	c, done, err := p.hold()
	if err != nil {
		return false
	}
	defer done()
	return C.berm_policy_joins(c) != 0
}

// hold takes a reference, so that the policy can be closed meanwhile.
func (p *Policy) hold() (c *C.berm_policy, done func(), err error) {
	ev, err := p.acquire()
	if err != nil {
		return nil, nil, err
	}
	return ev.c.policy, func() { p.put(ev) }, nil
}

// write collects what a call of the library writes.
func (p *Policy) write(call func(*C.berm_policy, *C.bermgo_made) C.berm_status) (string, error) {
	c, done, err := p.hold()
	if err != nil {
		return "", err
	}
	defer done()
	var made C.bermgo_made
	defer C.bermgo_made_clear(&made)
	if status := call(c, &made); status != C.BERM_OK {
		return "", errorOf(status, &made.error, "")
	}
	return textOf(made.packed.ptr, made.packed.len), nil
}

// Save writes the compiled policies, for Load; the same policies give the same bytes.
func (p *Policy) Save(w io.Writer) error {
	image, err := p.write(func(c *C.berm_policy, made *C.bermgo_made) C.berm_status {
		return C.bermgo_policy_save(c, made)
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, image)
	return err
}

// MarshalBinary gives the compiled policies, for Load.
func (p *Policy) MarshalBinary() ([]byte, error) {
	image, err := p.write(func(c *C.berm_policy, made *C.bermgo_made) C.berm_status {
		return C.bermgo_policy_save(c, made)
	})
	return []byte(image), err
}

// Disassemble writes the program as text, for people.
func (p *Policy) Disassemble(w io.Writer) error {
	text, err := p.write(func(c *C.berm_policy, made *C.bermgo_made) C.berm_status {
		return C.bermgo_policy_disasm(c, made)
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text)
	return err
}

// Effective writes what each guardrail came to: enforcement and severity of each validation and the values of parameters, and where each
// is from: the guardrail, a shared parameter, a profile, a file of parameters. ReportText and ReportJSON are the formats.
func (p *Policy) Effective(w io.Writer, format ReportFormat) error {
	text, err := p.write(func(c *C.berm_policy, made *C.bermgo_made) C.berm_status {
		return C.bermgo_policy_effective(c, C.uint32_t(format), made)
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text)
	return err
}

// TestResult is the outcome of one of the policies' own tests.
type TestResult struct {
	Guardrail, Name, Source string
	Message                 string // what was expected and what came instead; empty when passed
	Line                    int
	Passed                  bool
}

// Test runs the tests that are written in the policies.
func (p *Policy) Test() ([]TestResult, error) {
	text, err := p.write(func(c *C.berm_policy, made *C.bermgo_made) C.berm_status {
		return C.bermgo_policy_test(c, made)
	})
	if err != nil {
		return nil, err
	}
	var results []TestResult
	for u := (unpacker{text}); u.rest != ""; {
		results = append(results, TestResult{
			Guardrail: u.text(), Name: u.text(), Source: u.text(), Message: u.text(), Line: u.int(), Passed: u.u8() != 0,
		})
	}
	return results, nil
}
