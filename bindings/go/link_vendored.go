//go:build !berm_installed

package berm

// #cgo pkg-config: libpcre2-8 yaml-0.1
// #cgo CFLAGS: -std=c11 -D_POSIX_C_SOURCE=200809L -I${SRCDIR}/../../include -I${SRCDIR}/../../lib
// #cgo LDFLAGS: -lm
import "C"
