package admission

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"berm.dev/berm/bindings/go"
)

// Store holds the policy set that is in force, and takes another one while requests are judged. A set that does not compile never
// replaces one that does.
type Store struct {
	read    func() ([]berm.Source, error)
	options []berm.Option
	current atomic.Pointer[berm.Policy]

	mu      sync.Mutex // of reloading
	digest  []byte     // of the sources in force, or of those that failed last
	err     error      // of the last reload
	loaded  time.Time
	reloads [2]uint64 // that failed, that took
}

// NewStore makes a store and loads it for the first time. With an error the store is given as well: it has no policies, fails all
// requests, and may be reloaded.
func NewStore(read func() ([]berm.Source, error), options ...berm.Option) (*Store, error) {
	s := &Store{read: read, options: options}
	_, err := s.Reload()
	return s, err
}

// FromFiles reads the policies of files and directories, for NewStore.
func FromFiles(fsys fs.FS, names ...string) func() ([]berm.Source, error) {
	return func() ([]berm.Source, error) { return berm.Files(fsys, names...) }
}

// Policy is the set in force; nil when none has ever compiled.
func (s *Store) Policy() *berm.Policy { return s.current.Load() }

// Err is what the last reload failed with; nil: the set in force is the one that is to be.
func (s *Store) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Reload reads the policies and puts them in force, if they have changed and compile. Requests that are judged meanwhile are judged by
// the ones before.
func (s *Store) Reload() (changed bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sources, err := s.read()
	if err == nil {
		digest := digestOf(sources)
		if bytes.Equal(digest, s.digest) {
			return false, s.err
		}
		s.digest = digest
		changed, err = s.replace(sources)
	} else {
		s.digest = nil
	}
	if err != nil {
		s.reloads[0]++
	} else {
		s.reloads[1]++
	}
	s.err = err
	return changed, err
}

func (s *Store) replace(sources []berm.Source) (bool, error) {
	policy, err := berm.Compile(sources, s.options...)
	if err != nil {
		return false, err
	}
	before := s.current.Swap(policy)
	s.loaded = time.Now()
	before.Close()
	return true, nil
}

func digestOf(sources []berm.Source) []byte {
	hash := sha256.New()
	for _, source := range sources {
		var lengths [16]byte
		binary.LittleEndian.PutUint64(lengths[:], uint64(len(source.Name)))
		binary.LittleEndian.PutUint64(lengths[8:], uint64(len(source.Text)))
		hash.Write(lengths[:])
		hash.Write([]byte(source.Name))
		hash.Write(source.Text)
	}
	return hash.Sum(nil)
}

// Watch reloads every now and then until ctx ends; told is called after each reload that changed something or failed, and may be nil.
func (s *Store) Watch(ctx context.Context, every time.Duration, told func(changed bool, err error)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if changed, err := s.Reload(); told != nil && (changed || err != nil) {
				told(changed, err)
			}
		}
	}
}

// Close frees the policies; requests fail from then on.
func (s *Store) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current.Swap(nil).Close()
}
