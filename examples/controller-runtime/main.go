// Command controller-runtime is a manager of controller-runtime with a validating webhook that judges by guardrails; it stands for a
// controller that has one anyway. It is a module of its own, so that the Go package of Berm stays with the standard library.
package main

import (
	"flag"
	"log"
	"os"
	"path/filepath"

	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"

	"berm.dev/berm/bindings/go"
)

func main() {
	host := flag.String("server", "", "the API server; empty: the kubeconfig or the service account of the pod")
	token := flag.String("token", "", "for -server, whose certificate is not looked at: for tests")
	port := flag.Int("port", 9443, "of the webhook")
	cert := flag.String("cert", "tls.crt", "certificate, PEM")
	key := flag.String("key", "tls.key", "its key, PEM, in the same folder")
	policies := flag.String("policies", "policies", "file or directory of policies")
	flag.Parse()
	if err := run(*host, *token, *port, *cert, *key, *policies); err != nil {
		log.Fatal(err)
	}
}

func compile(path string) (*berm.Policy, error) {
	sources, err := berm.Files(os.DirFS(filepath.Dir(filepath.Clean(path))), filepath.Base(path))
	if err != nil {
		return nil, err
	}
	return berm.Compile(sources)
}

func config(host, token string) (*rest.Config, error) {
	if host == "" {
		return ctrl.GetConfig()
	}
	return &rest.Config{Host: host, BearerToken: token, TLSClientConfig: rest.TLSClientConfig{Insecure: true}}, nil
}

func run(host, token string, port int, cert, key, policies string) error {
	ctrl.SetLogger(zap.New())
	policy, err := compile(policies)
	if err != nil {
		return err
	}
	defer policy.Close()
	rest, err := config(host, token)
	if err != nil {
		return err
	}
	hooks := webhook.NewServer(webhook.Options{Port: port, CertDir: filepath.Dir(cert), CertName: filepath.Base(cert), KeyName: filepath.Base(key)})
	manager, err := ctrl.NewManager(rest, ctrl.Options{WebhookServer: hooks, Metrics: server.Options{BindAddress: "0"}})
	if err != nil {
		return err
	}
	manager.GetWebhookServer().Register("/validate", &webhook.Admission{Handler: &handler{policy}})
	return manager.Start(ctrl.SetupSignalHandler())
}
