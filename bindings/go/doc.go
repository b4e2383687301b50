// Package berm judges infrastructure documents (Terraform plans, Kubernetes manifests and admission requests, any JSON or YAML)
// against guardrails: YAML with CEL expressions.
//
//	policy, err := berm.Compile(berm.Text("replicas.yaml", text))
//	...
//	defer policy.Close()
//	result, err := policy.Check(ctx, document)
//	if err != nil {
//		return err // not judged: never a pass
//	}
//	if !result.Allowed {
//		for _, f := range result.Findings {
//			fmt.Println(f)
//		}
//	}
//
// The C library is compiled into the package; cgo, a C compiler, pcre2 and libyaml with their headers are needed, nothing else. With
// the build tag berm_installed an installed libberm is linked instead.
//
// # Concurrency
//
// A [Policy] may be used by any number of goroutines at once, a [Document], too. Each check that runs takes a thread of the operating
// system for as long as it does.
//
// # Contexts
//
// A context's deadline and its cancellation reach the virtual machine: an evaluation ends within microseconds of them, and its error is
// the context's (errors.Is(err, context.DeadlineExceeded)).
//
// # Errors
//
// What keeps a call from being made is an [*Error], with the place where there is one. errors.Is tells what it was ([ErrSyntax],
// [ErrFuel], ...). Policies that do not compile give a [*CompileError] with all diagnostics. A document that was not judged is never
// allowed: the zero [Result] says so, too.
package berm

//go:generate go run ./internal/enums/generate
