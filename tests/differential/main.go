// Command differential compares Berm with cel-go on random expressions.
//
//	differential [-n N] [-seed S] [-seeds FOLDER] [-found FOLDER] PATH/berm-differential
//
// The same seed gives the same expressions. It prints how many expressions agreed and how many
// differed in which explained way, shrinks and stores those that nobody has explained, and exits 1
// when there are any.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"time"
)

const (
	perEnvironment = 40
	progressEvery  = 100000
)

type options struct {
	count     int
	seed      uint64
	seeds     string
	found     string
	berm      string
	limit     int
	expr      string
	verbose   bool
	generated bool
}

func main() {
	var o options
	flag.IntVar(&o.count, "n", 10000, "how many expressions")
	flag.Uint64Var(&o.seed, "seed", 1, "what the random numbers start from")
	flag.StringVar(&o.seeds, "seeds", "", "folder of conformance cases to change")
	flag.StringVar(&o.found, "found", "", "folder for what differs and is not explained")
	flag.IntVar(&o.limit, "limit", 100, "stop after so many unexplained differences")
	flag.StringVar(&o.expr, "expr", "", "compare this one expression in the first environment")
	flag.BoolVar(&o.verbose, "v", false, "print explained differences as well")
	flag.BoolVar(&o.generated, "print", false, "print the expressions with the answers")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: differential [flags] PATH/berm-differential")
		os.Exit(2)
	}
	o.berm = flag.Arg(0)
	unexplained, err := run(&o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "differential:", err)
		os.Exit(2)
	}
	if unexplained > 0 {
		os.Exit(1)
	}
}

func run(o *options) (int, error) {
	goSide, err := newCelGo()
	if err != nil {
		return 0, err
	}
	berm, err := startBerm(o.berm)
	if err != nil {
		return 0, err
	}
	seeds, err := newSeeds(o.seeds)
	if err != nil {
		return 0, err
	}
	t := &tally{comparer: comparer{celGo: goSide, berm: berm}, options: o, seeds: seeds, start: time.Now()}
	if o.expr != "" {
		err = t.explore(o.expr)
	} else {
		err = t.runAll()
	}
	if err != nil {
		return 0, err
	}
	return t.unexplained, berm.stop()
}

// expressions of one environment. Its random numbers depend on the seed and its number alone.
func (t *tally) expressions(r *rand.Rand, env *Environment) []string {
	exprs := make([]string, perEnvironment)
	for i := range exprs {
		g := &generator{r: r, env: env}
		switch choice := r.IntN(20); {
		case choice < 15 || len(t.seeds.Exprs) == 0:
			exprs[i] = g.make(randomType(r, 2), 2+r.IntN(6)).String()
		case choice < 18:
			exprs[i] = t.seeds.mutate(g).String()
		case choice < 19 && r.IntN(2) == 0:
			exprs[i] = scramble(r, pick(r, t.seeds.Texts))
		case choice < 19:
			exprs[i] = scramble(r, t.seeds.mutate(g).String())
		default:
			exprs[i] = scramble(r, g.make(randomType(r, 1), 1+r.IntN(3)).String())
		}
	}
	return exprs
}

func (t *tally) runAll() error {
	for number := uint64(0); t.compared < t.options.count && t.unexplained < t.options.limit; number++ {
		r := rand.New(rand.NewPCG(t.options.seed, number))
		env := randomEnvironment(r)
		if err := t.see(env); err != nil {
			return err
		}
		exprs := t.expressions(r, env)
		if left := t.options.count - t.compared; len(exprs) > left {
			exprs = exprs[:left]
		}
		before := t.compared
		if err := t.compareAll(exprs); err != nil {
			return err
		}
		if t.compared/progressEvery > before/progressEvery {
			fmt.Fprintf(os.Stderr, "%d compared, %.0f s\n", t.compared, time.Since(t.start).Seconds())
		}
	}
	t.report()
	return nil
}
