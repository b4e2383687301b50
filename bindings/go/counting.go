package berm

// #include "bridge.h"
import "C"

// What tests need of the bridge: cgo is not for test files.

// withCounting makes the library's memory count in liveBlocks.
func withCounting(s *settings) { s.counts = true }

// liveBlocks is how many blocks of memory the bridge and engines that count theirs hold.
func liveBlocks() int64 { return int64(C.bermgo_live_blocks()) }

// repeatCheck judges a text `times` times within one call into C.
func (p *Policy) repeatCheck(text []byte, times int) error {
	ev, err := p.acquire()
	if err != nil {
		return err
	}
	defer p.put(ev)
	if status := C.bermgo_eval_repeat(ev.number, pointer(text), C.size_t(len(text)), C.size_t(times)); status != C.BERM_OK {
		return errorOf(status, &ev.c.error, "")
	}
	return nil
}
