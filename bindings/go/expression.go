package berm

// #include "bridge.h"
import "C"

import (
	"context"
	"time"
)

// Expression is a compiled CEL expression over `object` and `now`. It may be used by any number of goroutines at once.
type Expression struct {
	policy *Policy
}

// CompileExpression compiles one expression; name is for diagnostics.
func CompileExpression(name, text string, options ...Option) (*Expression, error) {
	source := Source{Name: name, Text: []byte(text), Role: RoleExpression}
	policy, err := Compile([]Source{source}, options...)
	if err != nil {
		return nil, err
	}
	return &Expression{policy}, nil
}

// Close frees the expression.
func (e *Expression) Close() error {
	if e == nil {
		return nil
	}
	return e.policy.Close()
}

// Eval evaluates the expression with the document's first root as `object`; without a document it is null. A time of zero is the
// present. An expression that ends in a CEL error gives ErrExpression. Values are those of [Function], and [Optional], [TypeName],
// [Unknown] and [Sensitive].
func (e *Expression) Eval(ctx context.Context, document *Document, now time.Time) (any, error) {
	ev, err := e.policy.acquire()
	if err != nil {
		return nil, err
	}
	defer e.policy.put(ev)
	ev.used = true
	ev.setNow(now)
	if ctx.Done() != nil {
		stop, err := ev.watch(ctx)
		if err != nil {
			return nil, err
		}
		defer stop()
	}
	var c *C.berm_doc
	if document != nil {
		if c, err = document.hold(); err != nil {
			return nil, err
		}
		defer document.drop()
	}
	return ev.evaluate(ctx, c)
}

func (ev *evaluator) evaluate(ctx context.Context, c *C.berm_doc) (any, error) {
	for {
		if status := C.bermgo_eval_call(ev.c, c); status != C.BERM_OK {
			return nil, ev.failure(ctx, status, "")
		}
		u := unpack(ev.c.packed.ptr, ev.c.packed.len)
		value := u.guardedValue()
		if !ev.engine.defers {
			return value, nil
		}
		if more, err := ev.answerMore(ctx); !more || err != nil {
			return value, err
		}
	}
}

// answerMore answers what the last call waits for, if there is anything.
func (ev *evaluator) answerMore(ctx context.Context) (more bool, err error) {
	var count C.size_t
	C.berm_eval_pending(ev.c.eval, &count, nil)
	if count == 0 {
		return false, nil
	}
	return true, ev.answer(ctx)
}
