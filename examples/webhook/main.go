// Command webhook is a validating admission webhook for Kubernetes that judges requests by guardrails.
//
//	webhook -cert tls.crt -key tls.key -policies /etc/berm/policies
//
// It answers AdmissionReviews on https://LISTEN/validate, and on http://METRICS it has /metrics, /healthz and /readyz. Policies and the
// certificate are read again when they change.
package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"berm.dev/berm/bindings/go"
	"berm.dev/berm/bindings/go/admission"
)

type paths []string

func (p *paths) String() string { return strings.Join(*p, ",") }

func (p *paths) Set(path string) error {
	*p = append(*p, path)
	return nil
}

type config struct {
	listen, metrics, cert, key string
	inputs                     map[berm.Role]*paths // files of policies, parameters, waivers
	profile                    string
	reload                     time.Duration
	options                    admission.Options
	quiet                      bool
}

func parse(args []string) (*config, error) {
	c := &config{inputs: map[berm.Role]*paths{berm.RolePolicy: {}, berm.RoleParameters: {}, berm.RoleWaivers: {}}}
	var failure string
	flags := flag.NewFlagSet("webhook", flag.ContinueOnError)
	flags.StringVar(&c.listen, "listen", ":8443", "address of the webhook")
	flags.StringVar(&c.metrics, "metrics", ":8080", "address of /metrics, /healthz and /readyz; empty: none")
	flags.StringVar(&c.cert, "cert", "tls.crt", "certificate, PEM")
	flags.StringVar(&c.key, "key", "tls.key", "its key, PEM")
	flags.Var(c.inputs[berm.RolePolicy], "policies", "file or directory of policies; may be given again")
	flags.Var(c.inputs[berm.RoleParameters], "parameters", "file of values of parameters; may be given again")
	flags.Var(c.inputs[berm.RoleWaivers], "waivers", "file or directory of waivers; may be given again")
	flags.StringVar(&c.profile, "profile", "", "profile of the packs among the policies")
	flags.DurationVar(&c.reload, "reload", 10*time.Second, "how often policies and certificate are looked at")
	flags.StringVar(&failure, "on-failure", "error", "requests that cannot be judged: error (the failurePolicy decides), deny or allow")
	flags.DurationVar(&c.options.Timeout, "timeout", 5*time.Second, "of one request, where the API server does not say less")
	flags.BoolVar(&c.options.DenyUnknown, "deny-unknown", false, "unknown verdicts of mandatory validations deny")
	flags.BoolVar(&c.quiet, "quiet", false, "log no decisions")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	known := map[string]admission.Failure{"error": admission.FailureError, "deny": admission.FailureDeny, "allow": admission.FailureAllow}
	onFailure, found := known[failure]
	if !found {
		return nil, fmt.Errorf("-on-failure is error, deny or allow, not %q", failure)
	}
	if len(*c.inputs[berm.RolePolicy]) == 0 {
		return nil, errors.New("there are no -policies")
	}
	c.options.OnFailure = onFailure
	return c, nil
}

// read gives all policies, in the same order each time; each path is a file or a directory, wherever it is.
func (c *config) read() ([]berm.Source, error) {
	var sources []berm.Source
	for _, role := range []berm.Role{berm.RolePolicy, berm.RoleParameters, berm.RoleWaivers} {
		for _, path := range *c.inputs[role] {
			found, err := berm.Files(os.DirFS(filepath.Dir(filepath.Clean(path))), filepath.Base(path))
			if err != nil {
				return nil, err
			}
			sources = append(sources, berm.As(role, found)...)
		}
	}
	return sources, nil
}

func logDecision(request *admission.Request, response *admission.Response, err error) {
	if err != nil {
		log.Printf("not judged: %v", err)
	} else if !response.Allowed && !request.DryRun {
		log.Printf("denied: %s %s %s/%s: %s", request.Operation, request.Kind.Kind, request.Namespace, request.Name, response.Status.Message)
	}
}

// certificate is a key pair that is read again when its file changes.
type certificate struct {
	cert, key string
	mu        sync.Mutex
	changed   time.Time
	pair      *tls.Certificate
}

func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	info, err := os.Stat(c.cert)
	if err != nil || (c.pair != nil && info.ModTime().Equal(c.changed)) {
		return c.pair, err
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		if c.pair != nil { // half written
			return c.pair, nil
		}
		return nil, err
	}
	c.pair, c.changed = &pair, info.ModTime()
	return c.pair, nil
}

func (c *config) serve(ctx context.Context) error {
	store, err := admission.NewStore(c.read, berm.WithProfile(c.profile))
	if err != nil { // it may be mended while we run; until then nothing is judged, and /readyz says so
		log.Printf("policies: %v", err)
	}
	defer store.Close()
	go store.Watch(ctx, c.reload, func(changed bool, err error) {
		if err != nil {
			log.Printf("policies: %v", err)
		} else {
			log.Print("policies: reloaded")
		}
	})
	if !c.quiet {
		c.options.OnDecision = logDecision
	}
	handler := admission.NewHandler(store, c.options)
	reviews := http.NewServeMux()
	reviews.Handle("/validate", handler)
	pair := &certificate{cert: c.cert, key: c.key}
	secure := &http.Server{
		Handler: reviews, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: pair.get},
	}
	plain := http.NewServeMux()
	plain.Handle("/metrics", handler.Metrics())
	plain.Handle("/readyz", handler.Ready())
	plain.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	return run(ctx, c.listen, secure, c.metrics, &http.Server{Handler: plain, ReadHeaderTimeout: 5 * time.Second})
}

// run serves until ctx ends, and lets requests end then.
func run(ctx context.Context, secureAddress string, secure *http.Server, plainAddress string, plain *http.Server) error {
	listener, err := net.Listen("tcp", secureAddress)
	if err != nil {
		return err
	}
	failed := make(chan error, 2)
	go func() { failed <- secure.ServeTLS(listener, "", "") }()
	log.Printf("listening on %s", listener.Addr())
	if plainAddress != "" {
		plain.Addr = plainAddress
		go func() { failed <- plain.ListenAndServe() }()
	}
	select {
	case err = <-failed:
	case <-ctx.Done():
		stopping, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		err = secure.Shutdown(stopping)
	}
	plain.Close()
	return err
}

func main() {
	c, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := c.serve(ctx); err != nil {
		log.Fatal(err)
	}
}
