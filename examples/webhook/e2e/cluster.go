package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// cluster is an etcd and a kube-apiserver on loopback, and nothing else: no scheduler, no kubelet.
type cluster struct {
	dir, audit string
	authority  *authority
	processes  []*process
	config     *rest.Config
	client     *kubernetes.Clientset
	warnings   *warnings
}

const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
rules: [{level: Metadata, omitStages: [RequestReceived]}]
`

const token = "of-the-tests"

// startCluster keeps everything below dir; binaries are in bin.
func startCluster(ctx context.Context, bin, dir string) (*cluster, error) {
	authority, err := newAuthority(dir)
	if err != nil {
		return nil, err
	}
	c := &cluster{dir: dir, authority: authority, audit: filepath.Join(dir, "audit.log"), warnings: &warnings{}}
	etcd, err := c.startEtcd(ctx, bin)
	if err != nil {
		c.stop()
		return nil, err
	}
	if err := c.startServer(ctx, bin, etcd); err != nil {
		c.stop()
		return nil, err
	}
	return c, nil
}

func (c *cluster) stop() {
	for i := len(c.processes) - 1; i >= 0; i-- {
		c.processes[i].stop()
	}
}

func (c *cluster) startEtcd(ctx context.Context, bin string) (string, error) {
	client, err := freePort()
	if err != nil {
		return "", err
	}
	peer, err := freePort()
	if err != nil {
		return "", err
	}
	url, peerURL := fmt.Sprintf("http://127.0.0.1:%d", client), fmt.Sprintf("http://127.0.0.1:%d", peer)
	p, err := start(c.dir, "etcd", filepath.Join(bin, "etcd"), "--data-dir", filepath.Join(c.dir, "etcd"), "--unsafe-no-fsync",
		"--listen-client-urls", url, "--advertise-client-urls", url, "--listen-peer-urls", peerURL,
		"--initial-advertise-peer-urls", peerURL, "--initial-cluster", "default="+peerURL, "--log-level", "warn")
	if err != nil {
		return "", err
	}
	c.processes = append(c.processes, p)
	return url, p.wait(ctx, func() error { return healthy(url + "/health") })
}

func healthy(url string) error {
	response, err := http.Get(url)
	if err != nil {
		return err
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, response.Status)
	}
	return nil
}

func (c *cluster) startServer(ctx context.Context, bin, etcd string) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	cert, key, err := c.authority.issue("apiserver")
	if err != nil {
		return err
	}
	accounts, err := c.authority.accountKey()
	if err != nil {
		return err
	}
	files := map[string]string{"tokens.csv": token + `,admin,1,"system:masters"` + "\n", "audit.yaml": auditPolicy}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(c.dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	p, err := start(c.dir, "kube-apiserver", filepath.Join(bin, "kube-apiserver"), "--etcd-servers", etcd,
		"--bind-address", "127.0.0.1", "--secure-port", fmt.Sprint(port), "--tls-cert-file", cert, "--tls-private-key-file", key,
		"--token-auth-file", filepath.Join(c.dir, "tokens.csv"), "--authorization-mode", "RBAC",
		"--service-account-issuer", "https://127.0.0.1", "--service-account-key-file", accounts,
		"--service-account-signing-key-file", accounts, "--service-cluster-ip-range", "10.0.0.0/24",
		"--disable-admission-plugins", "ServiceAccount", "--allow-privileged", "--cert-dir", filepath.Join(c.dir, "certificates"),
		"--audit-policy-file", filepath.Join(c.dir, "audit.yaml"), "--audit-log-path", c.audit, "--audit-log-mode", "blocking")
	if err != nil {
		return err
	}
	c.processes = append(c.processes, p)
	c.config = &rest.Config{
		Host: fmt.Sprintf("https://127.0.0.1:%d", port), BearerToken: token, QPS: -1, WarningHandler: c.warnings,
		TLSClientConfig: rest.TLSClientConfig{CAData: c.authority.pem},
	}
	if c.client, err = kubernetes.NewForConfig(c.config); err != nil {
		return err
	}
	return p.wait(ctx, func() error {
		return c.client.RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
	})
}
