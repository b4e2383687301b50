package berm

// #include "bridge.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Status is the way in which a call of the library failed: one of [ErrArgument], [ErrSyntax], ... for errors.Is.
type Status int32

// Error says in words what the status means.
func (s Status) Error() string { return "berm: " + C.GoString(C.berm_status_text(C.berm_status(s))) }

// Name is the name in the C API, such as BERM_E_LIMIT.
func (s Status) Name() string { return C.GoString(C.berm_status_name(C.berm_status(s))) }

// ErrClosed is what the methods of a closed object give.
var ErrClosed = errors.New("berm: used after Close")

// Error is a call that failed. errors.Is finds its Status and, where a context ended the call, the context's error.
type Error struct {
	Status       Status
	Code         int    // the number of the diagnostic (docs/diagnostics.md); 0: none
	Source       string // the name of the text; empty: not of a text, or a text without a name
	Line, Column int    // from 1; 0 without a place
	Offset       uint64 // in bytes
	Message      string
	cause        error
}

func (e *Error) Error() string {
	var out strings.Builder
	out.WriteString("berm: ")
	if e.Source != "" {
		out.WriteString(e.Source + ":")
	}
	if e.Line > 0 {
		fmt.Fprintf(&out, "%d:%d:", e.Line, e.Column)
	}
	if e.Source != "" || e.Line > 0 {
		out.WriteString(" ")
	}
	out.WriteString(e.Message)
	if e.cause != nil {
		out.WriteString(": " + e.cause.Error())
	}
	if e.Code > 0 {
		fmt.Fprintf(&out, " (B%04d)", e.Code)
	}
	return out.String()
}

// Is reports whether target is the error's Status.
func (e *Error) Is(target error) bool {
	status, ok := target.(Status)
	return ok && status == e.Status
}

// Unwrap gives the context's error where a context ended the call.
func (e *Error) Unwrap() error { return e.cause }

// errorOf makes an error of a failed call; err is what the library said.
func errorOf(status C.berm_status, err *C.berm_error, source string) *Error {
	made := &Error{
		Status: Status(status), Code: int(err.code), Source: source,
		Line: int(err.line), Column: int(err.column), Offset: uint64(err.off),
		Message: C.GoString(&err.message[0]),
	}
	if made.Message == "" {
		made.Message = C.GoString(C.berm_status_text(status))
	}
	return made
}

// interrupted gives the error of a run that a context ended, or nil when none did.
func interrupted(ctx context.Context, timedOut bool) error {
	if timedOut { // by the library's clock, which may be a moment ahead of the context's
		return context.DeadlineExceeded
	}
	return ctx.Err()
}

// Diagnostic is something that is wrong with a text, where, and how to mend it. Lines and columns count from 1.
type Diagnostic struct {
	Level              Level
	Code               string // such as B0302
	Source             string // the name of the text
	Line, Column       int
	EndLine, EndColumn int
	Message            string
	Hint               string // how to mend it
	Frame              string // the line with the place underlined
}

func (d Diagnostic) String() string {
	place := d.Source
	if d.Line > 0 {
		place += ":" + strconv.Itoa(d.Line) + ":" + strconv.Itoa(d.Column)
	}
	return place + ": " + d.Level.String() + " " + d.Code + ": " + d.Message
}

// CompileError is policies that do not compile: all that is wrong with them.
type CompileError struct {
	Diagnostics []Diagnostic // warnings included
	err         *Error
}

func (e *CompileError) Error() string {
	var faults []string
	for _, d := range e.Diagnostics {
		if d.Level == LevelError {
			faults = append(faults, d.String())
		}
	}
	if len(faults) == 0 {
		return e.err.Error()
	}
	return "berm: " + strings.Join(faults, "\n")
}

// Unwrap gives the *Error of the call.
func (e *CompileError) Unwrap() error { return e.err }

// wordOf looks a number up in the words of its enumeration.
func wordOf(words []string, number uint32) string {
	if int(number) < len(words) && words[number] != "" {
		return words[number]
	}
	return strconv.Itoa(int(number))
}

func numberOf(words []string, word []byte, number *uint32, what string) error {
	for i, known := range words {
		if known != "" && known == string(word) {
			*number = uint32(i)
			return nil
		}
	}
	return fmt.Errorf("berm: %q is no %s", word, what)
}
