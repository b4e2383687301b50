package enums

import (
	"go/format"
	"os"
	"testing"
)

// The file that is checked in is what the header says now.
func TestEnumsAreGenerated(t *testing.T) {
	header, err := os.ReadFile("../../../../include/berm/berm.h")
	if err != nil {
		t.Fatal(err)
	}
	def, err := os.ReadFile("../../../../include/berm/status.def")
	if err != nil {
		t.Fatal(err)
	}
	want, err := format.Source([]byte(Write(string(header), string(def))))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../enums.go")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("enums.go is not what berm.h says: run go generate in bindings/go")
	}
}
