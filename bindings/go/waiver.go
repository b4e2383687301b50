package berm

// #include "bridge.h"
import "C"

import "time"

// Waived is a waiver that matches a failed finding.
type Waived struct {
	Waiver, Expires string // its id; its end as written
	Why             string // why it does not count; empty where it does
	Standing        Standing
	Index           int // in Policy.Waivers
}

// Waiver is a waiver of a policy set. Status and Matches are those of the moment, or of the report, that was asked for.
type Waiver struct {
	ID, Category, Owner string
	Expires             string // as written
	Source              string // the file; Line: of the document in it
	Line                int
	Status              WaiverStatus
	Problems            WaiverProblems
	Begins, Ends        time.Time // the first and the last moment it is in force
	Matches             uint64    // findings of the report that it matches, in force or not
	MaxMatches          uint64    // 0: no limit
	Record              any       // the document as written
}

// Waivers are the waivers of the set as they are at a moment, in the order of the sources.
func (p *Policy) Waivers(now time.Time) ([]Waiver, error) {
	text, err := p.write(func(c *C.berm_policy, made *C.bermgo_made) C.berm_status {
		return C.bermgo_policy_waivers(c, C.int64_t(now.Unix()), C.int32_t(now.Nanosecond()), made)
	})
	return unpackWaivers(text), err
}

func unpackWaivers(text string) []Waiver {
	var waivers []Waiver
	for u := (unpacker{text}); u.rest != ""; {
		waivers = append(waivers, u.waiver())
	}
	return waivers
}

func (u *unpacker) waiver() Waiver {
	w := Waiver{
		ID: u.text(), Category: u.text(), Owner: u.text(), Expires: u.text(), Source: u.text(), Line: u.int(),
		Status: WaiverStatus(u.u32()), Problems: WaiverProblems(u.u32()), Begins: u.time(), Ends: u.time(),
		Matches: u.u64(), MaxMatches: u.u64(),
	}
	if u.u8() != 0 {
		w.Record = u.guardedValue()
	}
	return w
}

func (u *unpacker) waivedBy() []Waived {
	count := u.u32()
	if count == 0 {
		return nil
	}
	list := make([]Waived, count)
	for i := range list {
		list[i] = Waived{Waiver: u.text(), Expires: u.text(), Why: u.text(), Standing: Standing(u.u32()), Index: u.int()}
	}
	return list
}
