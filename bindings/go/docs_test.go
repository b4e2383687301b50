package berm

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// block gives the number'th fenced block of a document.
func block(t *testing.T, path string, number int) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		t.Skip("the documentation is not here")
	}
	parts := strings.Split("\n"+string(text), "\n```")
	if err != nil || len(parts) < 2*number+2 {
		t.Fatal(path, err)
	}
	return parts[2*number+1][strings.Index(parts[2*number+1], "\n")+1:] + "\n"
}

// The program in docs/go.md, in a module outside of the tree that finds this one by a replace directive.
func TestModuleOutsideTheTree(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files := map[string]string{
		"main.go": block(t, "../../docs/go.md", 0),
		"go.mod":  fmt.Sprintf("module example.com/scratch\n\ngo 1.19\n\nrequire berm.dev/berm v0.0.0\n\nreplace berm.dev/berm => %s\n", root),
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"run"}
	if raceEnabled { // what is built already
		args = append(args, "-race")
	}
	command := exec.Command("go", append(args, ".")...)
	command.Dir = dir
	got, err := command.CombinedOutput()
	if want := block(t, "../../docs/go.md", 1); err != nil || string(got) != want {
		t.Errorf("%v, got\n%s\nwant\n%s", err, got, want)
	}
}
