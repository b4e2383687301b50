package admission

import (
	"fmt"
	"io"
	"net/http"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"berm.dev/berm/bindings/go"
)

// Metrics are counts of a handler's requests, written in the text format of Prometheus.
type Metrics struct {
	store    *Store
	mu       sync.Mutex
	inFlight int
	requests map[requestLabels]uint64
	findings map[findingLabels]uint64
	buckets  [len(bounds) + 1]uint64
	seconds  float64
}

type requestLabels struct {
	operation, decision string
	dryRun              bool
}

type findingLabels struct {
	guardrail string
	verdict   berm.Verdict
}

// bounds of the histogram of durations, in seconds.
var bounds = [...]float64{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

func newMetrics(store *Store) *Metrics {
	return &Metrics{store: store, requests: map[requestLabels]uint64{}, findings: map[findingLabels]uint64{}}
}

func (m *Metrics) begin() {
	m.mu.Lock()
	m.inFlight++
	m.mu.Unlock()
}

// operations that a request may have; others, which are made up, share one label.
var operations = map[string]bool{"CREATE": true, "UPDATE": true, "DELETE": true, "CONNECT": true}

func (m *Metrics) end(request *Request, response *Response, result berm.Result, err error, took time.Duration) {
	labels := requestLabels{operation: "unknown", decision: "failed"}
	if request != nil {
		labels.dryRun = request.DryRun
		if operations[request.Operation] {
			labels.operation = request.Operation
		}
	}
	if err == nil && response.Allowed {
		labels.decision = "allowed"
	} else if err == nil {
		labels.decision = "denied"
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.inFlight--
	m.requests[labels]++
	for i := range result.Findings {
		m.findings[findingLabels{result.Findings[i].Guardrail, result.Findings[i].Verdict}]++
	}
	m.seconds += took.Seconds()
	m.buckets[sort.SearchFloat64s(bounds[:], took.Seconds())]++
}

func (m *Metrics) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	m.Write(w)
}

// Write writes all metrics.
func (m *Metrics) Write(w io.Writer) error {
	var out strings.Builder
	m.writeRequests(&out)
	m.writeStore(&out)
	_, err := io.WriteString(w, out.String())
	return err
}

// family is one metric: its lines are sorted, so that two scrapes of the same counts are the same text.
func family(out *strings.Builder, name, kind, help string, lines []string) {
	fmt.Fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
	for _, line := range lines {
		out.WriteString(name + line + "\n")
	}
}

var escape = strings.NewReplacer("\\", "\\\\", "\"", "\\\"", "\n", "\\n")

func (m *Metrics) writeRequests(out *strings.Builder) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var requests, findings []string
	for labels, count := range m.requests {
		requests = append(requests, fmt.Sprintf(`{operation="%s",decision="%s",dry_run="%t"} %d`, labels.operation, labels.decision, labels.dryRun, count))
	}
	for labels, count := range m.findings {
		findings = append(findings, fmt.Sprintf(`{guardrail="%s",verdict="%s"} %d`, escape.Replace(labels.guardrail), labels.verdict, count))
	}
	sort.Strings(requests)
	sort.Strings(findings)
	family(out, "berm_admission_requests_total", "counter", "Admission requests by what became of them.", requests)
	family(out, "berm_admission_findings_total", "counter", "Findings by guardrail and verdict.", findings)
	family(out, "berm_admission_in_flight", "gauge", "Requests that are being answered.", []string{" " + strconv.Itoa(m.inFlight)})
	var buckets []string
	var total uint64
	for i, bound := range bounds {
		total += m.buckets[i]
		buckets = append(buckets, fmt.Sprintf(`_bucket{le="%g"} %d`, bound, total))
	}
	total += m.buckets[len(bounds)]
	buckets = append(buckets, fmt.Sprintf(`_bucket{le="+Inf"} %d`, total), fmt.Sprintf("_sum %g", m.seconds), fmt.Sprintf("_count %d", total))
	family(out, "berm_admission_duration_seconds", "histogram", "How long answering a request took.", buckets)
}

func (m *Metrics) writeStore(out *strings.Builder) {
	s := m.store
	s.mu.Lock()
	defer s.mu.Unlock()
	current, loaded := " 0", " 0"
	if s.err == nil {
		current = " 1"
	}
	if !s.loaded.IsZero() {
		loaded = " " + strconv.FormatInt(s.loaded.Unix(), 10)
	}
	family(out, "berm_policy_reloads_total", "counter", "Reloads of the policies that changed something or failed.", []string{
		fmt.Sprintf(`{result="failed"} %d`, s.reloads[0]), fmt.Sprintf(`{result="loaded"} %d`, s.reloads[1]),
	})
	family(out, "berm_policy_current", "gauge", "1: the policies in force are those that are to be.", []string{current})
	family(out, "berm_policy_loaded_timestamp_seconds", "gauge", "When the policies in force were loaded.", []string{loaded})
}
