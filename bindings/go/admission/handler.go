// Package admission is a validating admission webhook for Kubernetes that judges requests by guardrails. It needs the standard library
// alone.
//
//	store, err := admission.NewStore(admission.FromFiles(os.DirFS("/etc/berm"), "policies"))
//	...
//	go store.Watch(ctx, 10*time.Second, nil)
//	handler := admission.NewHandler(store, admission.Options{})
//	http.Handle("/validate", handler)
//	http.Handle("/metrics", handler.Metrics())
//
// A request that cannot be judged, because the policies are broken, an evaluation ran out of time or the body is not an AdmissionReview,
// is answered with an HTTP error: the webhook configuration's failurePolicy decides what becomes of it. It is never admitted because of
// a fault here, unless [Options] say so.
package admission

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"berm.dev/berm/bindings/go"
)

// Failure says what becomes of a request that could not be judged.
type Failure int

const (
	// FailureError answers with an HTTP error, so that the failurePolicy of the webhook configuration decides.
	FailureError Failure = iota
	// FailureDeny denies, whatever the failurePolicy says.
	FailureDeny
	// FailureAllow admits with a warning.
	FailureAllow
)

// Options of a handler; zero values are the defaults.
type Options struct {
	OnFailure   Failure
	MaxBody     int64         // bytes of a request: 7 MiB, which is what controller-runtime takes
	Timeout     time.Duration // of one request: 5 seconds, or what the API server allows if that is less
	DenyUnknown bool          // unknown verdicts of mandatory validations deny; else they warn
	// OnDecision is told of every request that was answered, after the answer was made; err is why it could not be judged. It is
	// called from many goroutines.
	OnDecision func(request *Request, response *Response, err error)
}

const (
	defaultMaxBody = 7 << 20
	defaultTimeout = 5 * time.Second
	// timeoutMargin is left of the API server's patience for the answer to get there.
	timeoutMargin = 200 * time.Millisecond
)

// Handler answers AdmissionReviews of admission.k8s.io/v1.
type Handler struct {
	store   *Store
	options Options
	metrics *Metrics
}

// NewHandler makes a handler that judges by the policies of a store.
func NewHandler(store *Store, options Options) *Handler {
	if options.MaxBody == 0 {
		options.MaxBody = defaultMaxBody
	}
	if options.Timeout == 0 {
		options.Timeout = defaultTimeout
	}
	return &Handler{store: store, options: options, metrics: newMetrics(store)}
}

// Metrics are the handler's counts, as an http.Handler.
func (h *Handler) Metrics() *Metrics { return h.metrics }

// Ready answers 200 when there are policies to judge by, for readiness probes.
func (h *Handler) Ready() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if h.store.Policy() == nil {
			http.Error(w, "no policies", http.StatusServiceUnavailable)
			return
		}
		io.WriteString(w, "ok\n")
	})
}

// httpError is a request that is no AdmissionReview to answer.
type httpError struct {
	code int
	text string
}

func (e *httpError) Error() string { return e.text }

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	h.metrics.begin()
	request, body, err := h.read(w, r)
	var response *Response
	var result berm.Result
	if err == nil {
		ctx, cancel := context.WithTimeout(r.Context(), h.timeout(r))
		result, err = h.judge(ctx, body)
		cancel()
		response = h.respond(request, result, err)
	}
	h.metrics.end(request, response, result, err, time.Since(start))
	if response != nil {
		writeReview(w, response)
	} else {
		writeError(w, err)
	}
	if h.options.OnDecision != nil {
		h.options.OnDecision(request, response, err)
	}
}

// respond gives nil where the API server shall decide.
func (h *Handler) respond(request *Request, result berm.Result, err error) *Response {
	if err == nil {
		return Respond(request, result, h.options.DenyUnknown)
	}
	text := clean("the policies could not be asked: "+err.Error(), warningLength)
	annotations := map[string]string{"decision": "not judged"}
	switch h.options.OnFailure {
	case FailureDeny:
		return &Response{UID: request.UID, Status: &Status{Code: 500, Reason: "InternalError", Message: text}, AuditAnnotations: annotations}
	case FailureAllow:
		return &Response{UID: request.UID, Allowed: true, Warnings: []string{text}, AuditAnnotations: annotations}
	}
	return nil
}

func (h *Handler) read(w http.ResponseWriter, r *http.Request) (*Request, []byte, error) {
	if r.Method != http.MethodPost {
		return nil, nil, &httpError{http.StatusMethodNotAllowed, "an AdmissionReview is posted"}
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return nil, nil, &httpError{http.StatusUnsupportedMediaType, "the content type is not application/json"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.options.MaxBody))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, nil, &httpError{http.StatusRequestEntityTooLarge, fmt.Sprintf("the request has more than %d bytes", h.options.MaxBody)}
	}
	if err != nil {
		return nil, nil, &httpError{http.StatusBadRequest, "the request could not be read: " + err.Error()}
	}
	var asked review
	if err := json.Unmarshal(body, &asked); err != nil {
		return nil, nil, &httpError{http.StatusBadRequest, "the request is not JSON: " + err.Error()}
	}
	if asked.APIVersion != apiVersion || asked.Kind != kind || asked.Request == nil || asked.Request.UID == "" {
		return nil, nil, &httpError{http.StatusBadRequest, "the request is no AdmissionReview of " + apiVersion}
	}
	return asked.Request, body, nil
}

// timeout is what the API server allows, which it says in the URL, less what the answer takes.
func (h *Handler) timeout(r *http.Request) time.Duration {
	most := h.options.Timeout
	if allowed, err := time.ParseDuration(r.URL.Query().Get("timeout")); err == nil && allowed > 0 {
		if allowed -= timeoutMargin; allowed < timeoutMargin {
			allowed = timeoutMargin
		}
		if allowed < most {
			most = allowed
		}
	}
	return most
}

// errNothing is a review that the policies saw nothing in: what was not looked at is not admitted.
var errNothing = errors.New("no resource was found in the request")

// judge asks the policies in force. They may be replaced, and closed, between being looked up and being asked.
func (h *Handler) judge(ctx context.Context, body []byte) (berm.Result, error) {
	input := berm.Input{Text: body, Format: berm.FormatJSON, Target: "admission-review", Duplicates: berm.DuplicatesForbid}
	run := berm.Run{Inputs: []berm.Input{input}}
	for {
		policy := h.store.Policy()
		if policy == nil {
			if err := h.store.Err(); err != nil {
				return berm.Result{}, err
			}
			return berm.Result{}, berm.ErrClosed
		}
		result, err := policy.Run(ctx, run)
		if errors.Is(err, berm.ErrClosed) && h.store.Policy() != policy {
			continue
		}
		if err == nil && result.Resources == 0 {
			return berm.Result{}, errNothing
		}
		return result, err
	}
}

func writeReview(w http.ResponseWriter, response *Response) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(review{APIVersion: apiVersion, Kind: kind, Response: response})
}

func writeError(w http.ResponseWriter, err error) {
	var known *httpError
	code := http.StatusInternalServerError
	if errors.As(err, &known) {
		code = known.code
	}
	http.Error(w, err.Error(), code)
}
