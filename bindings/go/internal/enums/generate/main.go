// Command generate writes enums.go; run it with go generate in bindings/go.
package main

import (
	"go/format"
	"log"
	"os"

	"berm.dev/berm/bindings/go/internal/enums"
)

func main() {
	log.SetFlags(0)
	header, err := os.ReadFile("../../include/berm/berm.h")
	if err != nil {
		log.Fatal(err)
	}
	def, err := os.ReadFile("../../include/berm/status.def")
	if err != nil {
		log.Fatal(err)
	}
	text, err := format.Source([]byte(enums.Write(string(header), string(def))))
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("enums.go", text, 0o644); err != nil {
		log.Fatal(err)
	}
}
