//go:build !berm_installed

/* The library itself, compiled as one file into the Go package; with the tag berm_installed the
   package links an installed libberm instead. */
#include "../../lib/berm.c"
