//go:build berm_installed

package berm

// #cgo pkg-config: berm
// #cgo CFLAGS: -std=c11 -D_POSIX_C_SOURCE=200809L
import "C"
