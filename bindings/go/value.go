package berm

// #include "bridge.h"
import "C"

import (
	"fmt"
	"math"
	"sort"
	"time"
)

// Map is a map of CEL in its order. Keys are bool, int64, uint64 or string.
type Map []Member

// Member is one entry of a Map.
type Member struct {
	Key, Value any
}

// Get finds the value of a key; integers are compared with their type: int64(1) is not uint64(1).
func (m Map) Get(key any) (value any, found bool) {
	for _, member := range m {
		if member.Key == key {
			return member.Value, true
		}
	}
	return nil, false
}

// Set is a set of CEL.
type Set []any

// Optional is an optional of CEL; Value says nothing unless Present.
type Optional struct {
	Value   any
	Present bool
}

// TypeName is a type as a value of CEL.
type TypeName string

// Unknown stands for a value that is not known yet.
type Unknown struct{}

// ErrorValue stands for a CEL error inside of a value.
type ErrorValue uint64

// Sensitive wraps a value that must not be shown. It prints as "(sensitive)".
type Sensitive struct {
	Value any
}

func (Sensitive) String() string   { return "(sensitive)" }
func (Sensitive) GoString() string { return "(sensitive)" }

// MarshalJSON hides the value.
func (Sensitive) MarshalJSON() ([]byte, error) { return []byte(`"(sensitive)"`), nil }

const itemSensitive = C.BERM_ITEM_SENSITIVE

// value reads a value; what is sensitive is not wrapped.
func (u *unpacker) value() any {
	value, _ := u.item(false)
	return value
}

func (u *unpacker) guardedValue() any {
	value, _ := u.item(true)
	return value
}

func (u *unpacker) item(wrap bool) (value any, sensitive bool) {
	kind := typeOf(u.u8())
	sensitive = u.u8()&itemSensitive != 0
	value = u.content(kind, wrap)
	if sensitive && wrap {
		value = Sensitive{value}
	}
	return value, sensitive
}

func (u *unpacker) list(wrap bool) []any {
	list := make([]any, u.u64())
	for i := range list {
		list[i], _ = u.item(wrap)
	}
	return list
}

func (u *unpacker) content(kind typeOf, wrap bool) any {
	switch kind {
	case typeOfBool:
		return u.u64() != 0
	case typeOfInt:
		return int64(u.u64())
	case typeOfUint:
		return u.u64()
	case typeOfDouble:
		return math.Float64frombits(u.u64())
	case typeOfString:
		return u.text()
	case typeOfBytes:
		return []byte(u.text())
	case typeOfTimestamp:
		return u.time()
	case typeOfDuration:
		return time.Duration(u.u64())
	case typeOfList:
		return u.list(wrap)
	case typeOfSet:
		return Set(u.list(wrap))
	case typeOfMap:
		return u.members(wrap)
	case typeOfOptional:
		if list := u.list(wrap); len(list) > 0 {
			return Optional{list[0], true}
		}
		return Optional{}
	case typeOfType:
		return TypeName(u.text())
	case typeOfError:
		return ErrorValue(u.u64())
	case typeOfNull:
		return nil
	default:
		return Unknown{}
	}
}

func (u *unpacker) time() time.Time {
	seconds := int64(u.u64())
	return time.Unix(seconds, int64(u.u32())).UTC()
}

func (u *unpacker) members(wrap bool) Map {
	members := make(Map, u.u64())
	for i := range members {
		members[i].Key, _ = u.item(false)
		members[i].Value, _ = u.item(wrap)
	}
	return members
}

// --- from Go ---

func (p *packer) scalar(kind typeOf) {
	p.u8(byte(eventScalar))
	p.u8(byte(kind))
	if p.sensitive {
		p.u8(itemSensitive)
	} else {
		p.u8(0)
	}
}

func (p *packer) number(kind typeOf, bits uint64) error {
	p.scalar(kind)
	p.u64(bits)
	return nil
}

func (p *packer) string(kind typeOf, text string) error {
	p.scalar(kind)
	p.text(text)
	return nil
}

// value writes the events of a Go value.
func (p *packer) value(value any) error {
	switch v := value.(type) {
	case nil:
		p.scalar(typeOfNull)
		return nil
	case bool:
		if v {
			return p.number(typeOfBool, 1)
		}
		return p.number(typeOfBool, 0)
	case string:
		return p.string(typeOfString, v)
	case []byte:
		return p.string(typeOfBytes, string(v))
	case float32:
		return p.number(typeOfDouble, math.Float64bits(float64(v)))
	case float64:
		return p.number(typeOfDouble, math.Float64bits(v))
	case time.Duration:
		return p.number(typeOfDuration, uint64(v))
	case time.Time:
		p.scalar(typeOfTimestamp)
		p.u64(uint64(v.Unix()))
		p.u32(uint32(v.Nanosecond()))
		return nil
	default:
		return p.other(value)
	}
}

func (p *packer) other(value any) error {
	switch v := value.(type) {
	case int:
		return p.number(typeOfInt, uint64(v))
	case int8:
		return p.number(typeOfInt, uint64(v))
	case int16:
		return p.number(typeOfInt, uint64(v))
	case int32:
		return p.number(typeOfInt, uint64(v))
	case int64:
		return p.number(typeOfInt, uint64(v))
	case uint:
		return p.number(typeOfUint, uint64(v))
	case uint8:
		return p.number(typeOfUint, uint64(v))
	case uint16:
		return p.number(typeOfUint, uint64(v))
	case uint32:
		return p.number(typeOfUint, uint64(v))
	case uint64:
		return p.number(typeOfUint, v)
	case Sensitive:
		outer := p.sensitive
		p.sensitive = true
		err := p.value(v.Value)
		p.sensitive = outer
		return err
	case Optional:
		if !v.Present {
			return p.value(nil)
		}
		return p.value(v.Value)
	default:
		return p.container(value)
	}
}

func (p *packer) elements(kind eventKind, list []any) error {
	p.u8(byte(kind))
	for _, element := range list {
		if err := p.value(element); err != nil {
			return err
		}
	}
	p.u8(byte(eventEnd))
	return nil
}

func (p *packer) container(value any) error {
	switch v := value.(type) {
	case []any:
		return p.elements(eventBeginList, v)
	case []string:
		list := make([]any, len(v))
		for i, text := range v {
			list[i] = text
		}
		return p.elements(eventBeginList, list)
	case Set:
		return p.elements(eventBeginSet, v)
	case Map:
		return p.members(v)
	case map[string]any:
		return p.members(sorted(v))
	default:
		return fmt.Errorf("berm: a %T is no value of CEL", value)
	}
}

func sorted(members map[string]any) Map {
	made := make(Map, 0, len(members))
	for key, value := range members {
		made = append(made, Member{key, value})
	}
	sort.Slice(made, func(i, j int) bool { return made[i].Key.(string) < made[j].Key.(string) })
	return made
}

func (p *packer) members(members Map) error {
	p.u8(byte(eventBeginMap))
	for _, member := range members {
		at := len(p.bytes)
		if err := p.value(member.Key); err != nil {
			return err
		}
		if p.bytes[at] != byte(eventScalar) {
			return fmt.Errorf("berm: a %T is no key", member.Key)
		}
		p.bytes[at] = byte(eventKey)
		if err := p.value(member.Value); err != nil {
			return err
		}
	}
	p.u8(byte(eventEnd))
	return nil
}
