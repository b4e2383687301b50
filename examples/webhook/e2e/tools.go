//go:build tools

package main

// What tools/e2e-kubernetes builds besides this program.
import (
	_ "go.etcd.io/etcd/server/v3/etcdmain"
	_ "k8s.io/kubernetes/cmd/kube-apiserver/app"
)
