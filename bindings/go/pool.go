package berm

// #include "bridge.h"
import "C"

import (
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"
)

// evaluator is the memory of one evaluation, kept for the next one.
type evaluator struct {
	c       *C.bermgo_eval
	number  C.uintptr_t // c
	engine  *engine     // one reference
	used    bool        // the request is not the zero one
	strings []byte      // names and targets, as a call takes them
}

// lanes is how many evaluators can be had without a lock.
const lanes = 16

// pool keeps idle evaluators. Goroutines start looking at different lanes, so that many at once do not meet in one place.
type pool struct {
	lane [lanes]struct {
		idle atomic.Pointer[evaluator]
		_    [56]byte // a cache line each
	}
	mu   sync.Mutex
	rest []*evaluator
}

// laneOf differs between goroutines: each has a stack of its own.
func laneOf() int {
	var here byte
	return int(uintptr(unsafe.Pointer(&here))>>12) & (lanes - 1)
}

func (p *pool) get() *evaluator {
	first := laneOf()
	for i := 0; i < lanes; i++ {
		if slot := &p.lane[(first+i)%lanes].idle; slot.Load() != nil {
			if ev := slot.Swap(nil); ev != nil {
				return ev
			}
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.rest) == 0 {
		return nil
	}
	ev := p.rest[len(p.rest)-1]
	p.rest = p.rest[:len(p.rest)-1]
	return ev
}

func (p *pool) put(ev *evaluator) {
	first := laneOf()
	for i := 0; i < lanes; i++ {
		slot := &p.lane[(first+i)%lanes].idle
		if slot.Load() == nil && slot.CompareAndSwap(nil, ev) {
			return
		}
	}
	p.mu.Lock()
	p.rest = append(p.rest, ev)
	p.mu.Unlock()
}

func (p *pool) drain() {
	for ev := p.get(); ev != nil; ev = p.get() {
		C.bermgo_eval_free(ev.c)
		ev.engine.release()
	}
}

// acquire takes an evaluator of the policy's, which holds a reference of the policy.
func (p *Policy) acquire() (*evaluator, error) {
	if p == nil || p.closed.Load() {
		return nil, ErrClosed
	}
	if ev := p.pool.get(); ev != nil {
		return ev, nil
	}
	return p.newEvaluator()
}

func (p *Policy) newEvaluator() (*evaluator, error) {
	p.closing.Lock()
	defer p.closing.Unlock()
	if p.closed.Load() {
		return nil, ErrClosed
	}
	ev := &evaluator{strings: make([]byte, 0, 64)}
	var err C.berm_error
	if status := C.bermgo_eval_new(p.engine.c, p.c, &ev.c, &err); status != C.BERM_OK {
		return nil, errorOf(status, &err, "")
	}
	ev.number = C.uintptr_t(uintptr(unsafe.Pointer(ev.c)))
	ev.engine = p.engine.retain()
	return ev, nil
}

// put gives an evaluator back, with nothing left of what it was asked to do. Whoever puts one into a pool that was closed meanwhile empties it again.
func (p *Policy) put(ev *evaluator) {
	if ev.used {
		ev.c.request = C.bermgo_request{}
		ev.strings = ev.strings[:0]
		ev.used = false
	}
	p.pool.put(ev)
	if p.closed.Load() {
		p.pool.drain()
	}
	runtime.KeepAlive(p)
}
