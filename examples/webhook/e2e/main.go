// Command e2e tries the webhook of examples/webhook on a real API server: it starts etcd and kube-apiserver on loopback, registers the
// webhook, and makes objects that are admitted, denied and warned of; takes the webhook away and breaks its policies; and measures.
//
//	e2e -bin DIR -webhook PROGRAM [-controller-runtime PROGRAM] -policies FILE [-load N]
//
// tools/e2e-kubernetes builds what it needs and runs it.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"time"
)

// suite counts what holds and what does not.
type suite struct {
	cluster        *cluster
	policies       string
	passed, failed int
}

// check counts one thing; details are printed when it does not hold.
func (s *suite) check(holds bool, format string, args ...any) bool {
	text := fmt.Sprintf(format, args...)
	if holds {
		s.passed++
		fmt.Println("ok    ", text)
	} else {
		s.failed++
		fmt.Println("FAILED", text)
	}
	return holds
}

func main() {
	log.SetFlags(0)
	bin := flag.String("bin", "", "folder of etcd and kube-apiserver")
	program := flag.String("webhook", "", "the program of examples/webhook")
	runtime := flag.String("controller-runtime", "", "the program of examples/controller-runtime; empty: it is not tried")
	policies := flag.String("policies", "", "the policies of examples/webhook")
	load := flag.Int("load", 10000, "admissions to measure")
	flag.Parse()
	if err := run(*bin, *program, *runtime, *policies, *load); err != nil {
		log.Fatal(err)
	}
}

func run(bin, program, runtime, policies string, load int) error {
	text, err := os.ReadFile(policies)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "berm-e2e-")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
	defer cancel()
	c, err := startCluster(ctx, bin, dir)
	if err != nil {
		return fmt.Errorf("%w (logs are in %s)", err, dir)
	}
	s := &suite{cluster: c, policies: string(text)}
	err = s.all(ctx, program, runtime, load)
	c.stop()
	if err == nil && s.failed == 0 {
		os.RemoveAll(dir)
	} else {
		fmt.Println("logs are in", dir)
	}
	fmt.Printf("\n%d passed, %d failed\n", s.passed, s.failed)
	if err == nil && s.failed > 0 {
		err = fmt.Errorf("%d failed", s.failed)
	}
	return err
}

func (s *suite) all(ctx context.Context, program, runtime string, load int) error {
	version, err := s.cluster.client.Discovery().ServerVersion()
	if err != nil {
		return err
	}
	fmt.Println("kube-apiserver", version.GitVersion)
	if err := s.webhook(ctx, program, load); err != nil {
		return err
	}
	if runtime == "" {
		return nil
	}
	return s.controllerRuntime(ctx, runtime)
}
