package berm

// #include "bridge.h"
import "C"

import (
	"encoding/binary"
	"unsafe"
)

// textOf copies what C holds into a Go string.
func textOf(ptr *C.char, length C.size_t) string {
	if length == 0 {
		return ""
	}
	return string(unsafe.Slice((*byte)(unsafe.Pointer(ptr)), int(length)))
}

// pointer gives C the bytes for the length of a call; never NULL.
func pointer(bytes []byte) *C.char {
	if cap(bytes) == 0 {
		return &nothing[0]
	}
	return (*C.char)(unsafe.Pointer(&bytes[:1][0]))
}

var nothing [1]C.char

// unpacker reads what the bridge packed. The whole buffer is one Go string, and texts are parts of it.
type unpacker struct {
	rest string
}

func unpack(ptr *C.char, length C.size_t) unpacker { return unpacker{textOf(ptr, length)} }

func (u *unpacker) u8() byte {
	number := u.rest[0]
	u.rest = u.rest[1:]
	return number
}

func (u *unpacker) u32() uint32 {
	r := u.rest[:4]
	u.rest = u.rest[4:]
	return uint32(r[0]) | uint32(r[1])<<8 | uint32(r[2])<<16 | uint32(r[3])<<24
}

func (u *unpacker) u64() uint64 {
	low := u.u32()
	return uint64(low) | uint64(u.u32())<<32
}

func (u *unpacker) int() int { return int(u.u32()) }

func (u *unpacker) text() string {
	length := u.u64()
	text := u.rest[:length]
	u.rest = u.rest[length:]
	return text
}

// packer writes what the bridge unpacks.
type packer struct {
	bytes     []byte
	sensitive bool // scalars that are written are marked so
}

func (p *packer) u8(number byte)    { p.bytes = append(p.bytes, number) }
func (p *packer) u32(number uint32) { p.bytes = binary.LittleEndian.AppendUint32(p.bytes, number) }
func (p *packer) u64(number uint64) { p.bytes = binary.LittleEndian.AppendUint64(p.bytes, number) }

func (p *packer) text(text string) {
	p.u64(uint64(len(text)))
	p.bytes = append(p.bytes, text...)
}

func unpackDiagnostics(b *C.bermgo_buffer) []Diagnostic {
	if b.len == 0 {
		return nil
	}
	u := unpack(b.ptr, b.len)
	count := u.u32()
	if count == 0 {
		return nil
	}
	list := make([]Diagnostic, count)
	for i := range list {
		list[i] = Diagnostic{
			Level: Level(u.u32()), Line: u.int(), Column: u.int(), EndLine: u.int(), EndColumn: u.int(),
			Code: u.text(), Source: u.text(), Message: u.text(), Hint: u.text(), Frame: u.text(),
		}
	}
	return list
}
