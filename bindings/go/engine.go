package berm

// #include "bridge.h"
import "C"

import (
	"io/fs"
	"runtime/cgo"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Limits are bounds on what documents and policies may take; zero is the default, and a larger wish than the most is cut to it.
type Limits struct {
	DocumentLength uint64 // bytes of one text: 1 GiB
	Depth          uint64 // containers in containers: 512
	Nodes          uint64 // values of one document: 2^26
	StringLength   uint64 // bytes of one string: 256 MiB
	Aliases        uint64 // nodes that YAML aliases may repeat: 1,000,000
	RuleCost       uint64 // CEL cost of one expression: 1,000,000; beyond it the verdict is error
	Fuel           uint64 // work of one check: 10^10; beyond it the check ends with ErrFuel
	Memory         uint64 // bytes of values that one check makes: 1 GiB; beyond it ErrLimit
	Findings       uint64 // findings for which the exact node is looked for: 1000
	OutputLength   uint64 // bytes of one report: 256 MiB
}

func (l *Limits) c() C.berm_limits {
	var c C.berm_limits
	c.size = C.sizeof_berm_limits
	c.doc_len = C.uint64_t(l.DocumentLength)
	c.depth = C.uint64_t(l.Depth)
	c.node_count = C.uint64_t(l.Nodes)
	c.string_len = C.uint64_t(l.StringLength)
	c.alias_count = C.uint64_t(l.Aliases)
	c.rule_cost = C.uint64_t(l.RuleCost)
	c.fuel = C.uint64_t(l.Fuel)
	c.memory_len = C.uint64_t(l.Memory)
	c.finding_count = C.uint64_t(l.Findings)
	c.output_len = C.uint64_t(l.OutputLength)
	return c
}

// settings are what the options of Compile, Load and Parse say.
type settings struct {
	limits    Limits
	functions []Function
	zones     func(name string) ([]byte, error)
	flags     uint32 // BERM_COMPILE_*
	profile   string
	counts    bool // memory is counted, for tests
}

// Option changes how policies are compiled and run.
type Option func(*settings)

// WithLimits sets bounds on documents and evaluations.
func WithLimits(limits Limits) Option { return func(s *settings) { s.limits = limits } }

// WithFunctions declares functions that expressions may call.
func WithFunctions(functions ...Function) Option {
	return func(s *settings) { s.functions = append(s.functions, functions...) }
}

// WithoutBuiltins leaves out the built-in targets and derived kinds.
func WithoutBuiltins() Option {
	return func(s *settings) { s.flags |= C.BERM_COMPILE_NO_BUILTINS }
}

// WithProfile chooses the profile of the packs among the sources.
func WithProfile(name string) Option { return func(s *settings) { s.profile = name } }

// AllowEmpty lets a set without any guardrail compile.
func AllowEmpty() Option {
	return func(s *settings) { s.flags |= C.BERM_COMPILE_ALLOW_EMPTY }
}

// WithZones makes named time zones known to CEL's time functions; find gives the bytes of a TZif file (RFC 8536), or an error where
// there is no such zone. Without it they know UTC and numeric offsets.
func WithZones(find func(name string) ([]byte, error)) Option {
	return func(s *settings) { s.zones = find }
}

// ZonesIn finds time zones in a directory of TZif files, such as os.DirFS("/usr/share/zoneinfo").
func ZonesIn(fsys fs.FS) func(name string) ([]byte, error) {
	return func(name string) ([]byte, error) { return fs.ReadFile(fsys, name) }
}

// engine is a berm_engine with what Go does for it. Policies, documents and reports hold references; the last one frees it.
type engine struct {
	c         *C.bermgo_engine
	handle    cgo.Handle
	functions []Function
	defers    bool // some function has Resolve
	zones     func(name string) ([]byte, error)
	refs      int32

	mu       sync.Mutex
	zoneText map[string][]byte // in C's memory: the library borrows it
}

func newEngine(options []Option) (*engine, *settings, error) {
	var s settings
	for _, option := range options {
		option(&s)
	}
	e := &engine{functions: s.functions, zones: s.zones, refs: 1, zoneText: map[string][]byte{}}
	packed := packFunctions(s.functions)
	limits := s.limits.c()
	var flags C.uint32_t
	if s.counts {
		flags |= C.BERMGO_ENGINE_COUNTS
	}
	if s.zones != nil {
		flags |= C.BERMGO_ENGINE_ZONES
	}
	var err C.berm_error
	e.handle = cgo.NewHandle(e)
	status := C.bermgo_engine_new(C.uintptr_t(e.handle), &limits, flags, pointer(packed), C.size_t(len(packed)), &e.c, &err)
	if status != C.BERM_OK {
		e.handle.Delete()
		return nil, nil, errorOf(status, &err, "")
	}
	for _, f := range e.functions {
		e.defers = e.defers || f.Resolve != nil
	}
	return e, &s, nil
}

func (e *engine) retain() *engine {
	atomic.AddInt32(&e.refs, 1)
	return e
}

func (e *engine) release() {
	if atomic.AddInt32(&e.refs, -1) > 0 {
		return
	}
	C.bermgo_engine_free(e.c)
	for _, text := range e.zoneText {
		C.bermgo_mem_free(unsafe.Pointer(&text[0]))
	}
	e.handle.Delete()
}

// zone gives the bytes of a zone in C's memory, which stays there as long as the engine.
func (e *engine) zone(name string) []byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	if text, known := e.zoneText[name]; known {
		return text
	}
	text, err := e.zones(name)
	if err != nil || len(text) == 0 {
		return nil
	}
	kept := copyToC(text)
	if kept != nil {
		e.zoneText[name] = kept
	}
	return kept
}

// copyToC copies bytes into memory of the bridge; nil when there is none.
func copyToC(text []byte) []byte {
	ptr := C.bermgo_mem_grow(nil, C.size_t(len(text)))
	if ptr == nil {
		return nil
	}
	kept := unsafe.Slice((*byte)(ptr), len(text))
	copy(kept, text)
	return kept
}
