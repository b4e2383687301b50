package berm

/*
#include "bridge.h"
*/
import "C"

import (
	"context"
	"fmt"
	"runtime/cgo"
	"sync"
	"unsafe"
)

// Function is a function of the program's that expressions may call. Either Call or Resolve is set.
//
// Values are nil, bool, int64, uint64, float64, string, []byte, time.Time, time.Duration, []any, [Map] and [Set]; results may also be
// other integers, float32 and map[string]any. A result of another type than declared is a CEL error, and so is one that failed.
// Whatever was sensitive in the arguments makes the result sensitive.
type Function struct {
	// Declaration is the name, which may be qualified, with the types of arguments and result:
	// "acme.owner(string) -> optional_type(string)"; with a type in front of the name it is a method: "string.owner() -> string".
	Declaration string
	// Call is a pure function: the same arguments give the same result. It is called while a document is judged, once per check for the
	// same arguments, from any goroutine.
	Call func(args []any) (any, error)
	// Resolve may take its time: it asks a service, say. Checks run to their end first and take what depends on it as unknown; then the
	// calls they met are resolved, several at a time, and the document is judged again, knowing the results. ctx is that of the check.
	Resolve func(ctx context.Context, args []any) (any, error)
}

func packFunctions(functions []Function) []byte {
	var p packer
	p.u32(uint32(len(functions)))
	for _, f := range functions {
		p.text(f.Declaration + "\x00")
		if f.Resolve != nil {
			p.u8(1)
		} else {
			p.u8(0)
		}
	}
	return p.bytes
}

// guard calls a function of the program's; a panic in it is an error, because it must not unwind the library's frames.
func guard(f *Function, call func() (any, error)) (result any, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("%s panicked: %v", f.Declaration, panicked)
		}
	}()
	return call()
}

//export bermgoCallFunction
func bermgoCallFunction(handle C.uintptr_t, index C.uint32_t, args *C.char, length C.size_t, answer **C.char, answerLength *C.size_t) C.int32_t {
	e := cgo.Handle(handle).Value().(*engine)
	f := &e.functions[index]
	u := unpacker{string(unsafe.Slice((*byte)(unsafe.Pointer(args)), int(length)))}
	list := make([]any, u.u32())
	for i := range list {
		list[i] = u.value()
	}
	var p packer
	result, err := guard(f, func() (any, error) {
		if f.Call == nil {
			return nil, fmt.Errorf("%s has no function", f.Declaration)
		}
		return f.Call(list)
	})
	if err == nil {
		err = p.value(result)
	}
	if err != nil {
		return C.int32_t(ErrExpression)
	}
	kept := copyToC(p.bytes)
	if kept == nil {
		return C.int32_t(ErrNoMemory)
	}
	*answer = (*C.char)(unsafe.Pointer(&kept[0]))
	*answerLength = C.size_t(len(kept))
	return 0
}

//export bermgoFindZone
func bermgoFindZone(handle C.uintptr_t, name *C.char, length C.size_t, text **C.char, textLength *C.size_t) C.int {
	e := cgo.Handle(handle).Value().(*engine)
	found := e.zone(string(unsafe.Slice((*byte)(unsafe.Pointer(name)), int(length))))
	if found == nil {
		return 1
	}
	*text = (*C.char)(unsafe.Pointer(&found[0]))
	*textLength = C.size_t(len(found))
	return 0
}

// pendingCall is a call of a deferred function that a run waits for.
type pendingCall struct {
	function *Function
	args     []any
}

func (e *engine) unpackPending(b *C.bermgo_buffer) []pendingCall {
	u := unpack(b.ptr, b.len)
	calls := make([]pendingCall, u.u32())
	for i := range calls {
		calls[i].function = &e.functions[u.u32()]
		calls[i].args = u.value().([]any)
	}
	return calls
}

// resolversAtOnce bounds how many calls of a check are resolved at the same time.
const resolversAtOnce = 8

// resolve answers calls and packs the answers for bermgo_eval_answer. A call that fails is answered as such, a CEL error.
func (e *engine) resolve(ctx context.Context, calls []pendingCall) []byte {
	answers := make([][]byte, len(calls))
	slots := make(chan struct{}, resolversAtOnce)
	var group sync.WaitGroup
	for i := range calls {
		slots <- struct{}{}
		group.Add(1)
		go func(i int) {
			defer func() { <-slots; group.Done() }()
			answers[i] = e.resolveOne(ctx, calls[i])
		}(i)
	}
	group.Wait()
	var p packer
	for i, answer := range answers {
		p.u32(uint32(i))
		p.bytes = append(p.bytes, answer...)
	}
	return p.bytes
}

func (e *engine) resolveOne(ctx context.Context, call pendingCall) []byte {
	f := call.function
	result, err := guard(f, func() (any, error) { return f.Resolve(ctx, call.args) })
	p := packer{bytes: []byte{1}}
	if err == nil {
		err = p.value(result)
	}
	if err != nil {
		return []byte{0}
	}
	return p.bytes
}
