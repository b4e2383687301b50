//go:build !go1.21

package berm

import "context"

// afterDone calls f when ctx is done, unless stop is called before; stop waits for an f that runs.
func afterDone(ctx context.Context, f func()) (stop func()) {
	stopped, left := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(left)
		select {
		case <-ctx.Done():
			f()
		case <-stopped:
		}
	}()
	return func() {
		close(stopped)
		<-left
	}
}
