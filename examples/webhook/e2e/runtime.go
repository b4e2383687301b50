package main

import (
	"context"
	"fmt"
	"net"

	registration "k8s.io/api/admissionregistration/v1"
)

// controllerRuntime tries the handler of examples/controller-runtime, which a manager serves.
func (s *suite) controllerRuntime(ctx context.Context, program string) error {
	w, err := newWebhook(s.cluster, program, "manager", s.policies)
	if err != nil {
		return err
	}
	address := fmt.Sprintf("127.0.0.1:%d", w.port)
	w.process, err = start(s.cluster.dir, w.name, program, "-server", s.cluster.config.Host, "-token", token,
		"-port", fmt.Sprint(w.port), "-cert", w.cert, "-key", w.key, "-policies", w.policies)
	if err != nil {
		return err
	}
	defer w.stop()
	err = w.process.wait(ctx, func() error {
		connection, err := net.Dial("tcp", address)
		if err == nil {
			connection.Close()
		}
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.space(ctx, "manager", w.name)
	if err != nil {
		return err
	}
	if err := w.register(ctx, registration.Fail); err != nil {
		return err
	}
	s.check(p.inForce(true), "the webhook of controller-runtime is asked")
	p.admitsAndDenies()
	return nil
}
