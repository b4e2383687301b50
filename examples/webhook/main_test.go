package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func writePair(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for name, text := range map[string][]byte{"tls.crt": certPEM, "tls.key": pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER})} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(certPEM)
	return pool
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

const request = `{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "u-1", "kind": {"group": "", "version":
"v1", "kind": "Pod"}, "operation": "CREATE", "userInfo": {"username": "ann"}, "object": {"apiVersion": "v1", "kind": "Pod", "metadata":
{"name": "a"}, "spec": {"containers": [{"name": "c", "image": "web", "securityContext": {"privileged": true}}]}}}}`

func TestWebhook(t *testing.T) {
	dir := t.TempDir()
	pool := writePair(t, dir)
	secure, plain := freeAddress(t), freeAddress(t)
	c, err := parse([]string{
		"-listen", secure, "-metrics", plain, "-cert", dir + "/tls.crt", "-key", dir + "/tls.key", "-policies", "policies", "-reload", "10ms",
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- c.serve(ctx) }()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	var body bytes.Buffer
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		response, err := client.Post("https://"+secure+"/validate", "application/json", strings.NewReader(request))
		if err == nil {
			body.ReadFrom(response.Body)
			response.Body.Close()
			break
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
	if got := body.String(); !strings.Contains(got, `"uid":"u-1","allowed":false`) || !strings.Contains(got, "shop-privileged/privileged: container c runs privileged") {
		t.Error(got)
	}
	for path, part := range map[string]string{"/metrics": `decision="denied",dry_run="false"} 1`, "/readyz": "ok", "/healthz": "ok"} {
		response, err := http.Get("http://" + plain + path)
		if err != nil {
			t.Fatal(err)
		}
		body.Reset()
		body.ReadFrom(response.Body)
		response.Body.Close()
		if response.StatusCode != 200 || !strings.Contains(body.String(), part) {
			t.Errorf("%s: %d %s", path, response.StatusCode, body.String())
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{}, {"-policies", "p", "-on-failure", "shrug"}, {"-nonsense"}} {
		if _, err := parse(args); err == nil {
			t.Errorf("%q was taken", args)
		}
	}
}

func TestFaultyStart(t *testing.T) {
	c, err := parse([]string{"-policies", "nowhere", "-listen", "256.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.serve(context.Background()); err == nil {
		t.Error("it serves at an address that there is not")
	}
}
