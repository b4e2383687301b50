//go:build go1.21

package berm

import "context"

// afterDone calls f when ctx is done, unless stop is called before; stop waits for an f that runs.
func afterDone(ctx context.Context, f func()) (stop func()) {
	called := make(chan struct{})
	cancel := context.AfterFunc(ctx, func() {
		f()
		close(called)
	})
	return func() {
		if !cancel() {
			<-called
		}
	}
}
