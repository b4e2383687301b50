package main

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

const concurrency = 8

// load creates pods, every other one bad, and measures how long each takes. The same is done in a namespace that no webhook judges,
// which tells what the API server takes by itself.
func (p *space) load(w *webhook, admissions int) error {
	if admissions == 0 {
		return nil
	}
	alone, err := p.space(p.ctx, "alone", "nobody")
	if err != nil {
		return err
	}
	before, _, _ := alone.measure(admissions/5, func(int) bool { return true })
	took, errs, elapsed := p.measure(admissions, func(i int) bool { return i%2 == 0 })
	judged := w.metric("berm_admission_duration_seconds_count")
	p.check(errs == 0, "%d admissions at concurrency %d: %d errors", admissions, concurrency, errs)
	fmt.Printf("       with the webhook: p50 %v, p99 %v, max %v; %.0f a second\n", quantile(took, 0.5), quantile(took, 0.99), quantile(took, 1),
		float64(admissions)/elapsed.Seconds())
	fmt.Printf("       without it:       p50 %v, p99 %v, max %v\n", quantile(before, 0.5), quantile(before, 0.99), quantile(before, 1))
	fmt.Printf("       in the webhook:   mean %s of %s requests\n", w.mean(), judged)
	return nil
}

func (w *webhook) mean() string {
	var sum, count float64
	fmt.Sscan(w.metric("berm_admission_duration_seconds_sum"), &sum)
	fmt.Sscan(w.metric("berm_admission_duration_seconds_count"), &count)
	return time.Duration(sum / count * 1e9).Round(time.Microsecond).String()
}

// measure makes pods; an error is any outcome but the one that the pod is to have.
func (p *space) measure(count int, good func(int) bool) ([]time.Duration, int64, time.Duration) {
	took := make([]time.Duration, count)
	var next, errs int64 = -1, 0
	var group sync.WaitGroup
	start := time.Now()
	for worker := 0; worker < concurrency; worker++ {
		client, err := kubernetes.NewForConfig(p.cluster.config)
		if err != nil {
			return nil, int64(count), 0
		}
		group.Add(1)
		go func() {
			defer group.Done()
			pods := client.CoreV1().Pods(p.name)
			for i := int(atomic.AddInt64(&next, 1)); i < count; i = int(atomic.AddInt64(&next, 1)) {
				ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
				begun := time.Now()
				_, err := pods.Create(ctx, pod(fmt.Sprint("load-", i), "web:1", !good(i), team), meta.CreateOptions{})
				took[i] = time.Since(begun)
				cancel()
				denied := errors.IsForbidden(err) && strings.Contains(err.Error(), "container c runs privileged")
				if good(i) && err != nil || !good(i) && !denied {
					if atomic.AddInt64(&errs, 1) <= 3 {
						fmt.Printf("       load-%d: %v\n", i, err)
					}
				}
			}
		}()
	}
	group.Wait()
	elapsed := time.Since(start)
	sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
	return took, errs, elapsed
}

func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	at := int(q * float64(len(sorted)))
	if at >= len(sorted) {
		at = len(sorted) - 1
	}
	return sorted[at].Round(10 * time.Microsecond)
}
