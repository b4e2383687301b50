package main

// comparer asks both sides about expressions in one environment.
type comparer struct {
	celGo *celGo
	berm  *bermSide
	env   *Environment
}

// A Difference is an expression to which the two sides give different answers.
type Difference struct {
	Expr string
	Node *Node // nil when the text is no expression
	Go   Answer
	Berm Answer
	Env  *Environment
	// GoVaries: cel-go gives several answers itself, in the order of its maps.
	GoVaries bool
}

func (c *comparer) see(env *Environment) error {
	c.env = env
	c.celGo.see(env)
	return c.berm.see(env)
}

// differences are those among expressions. cel-go works while Berm does.
func (c *comparer) differences(exprs []string) ([]Difference, error) {
	type reply struct {
		answers []Answer
		err     error
	}
	replied := make(chan reply, 1)
	go func() {
		answers, err := c.berm.answers(exprs)
		replied <- reply{answers, err}
	}()
	fromGo := make([]Answer, len(exprs))
	for i, expr := range exprs {
		fromGo[i] = c.celGo.answer(expr)
	}
	fromBerm := <-replied
	if fromBerm.err != nil {
		return nil, fromBerm.err
	}
	var found []Difference
	for i, expr := range exprs {
		d := Difference{Expr: expr, Go: fromGo[i], Berm: fromBerm.answers[i], Env: c.env}
		if !agree(d.Go, d.Berm) && !c.sometimesAgree(&d) {
			found = append(found, d)
		}
	}
	return found, nil
}

// Go walks a map from a random member on, and so does cel-go: where order shows, it has several
// answers, each of them right.
const repetitions = 40

func (c *comparer) sometimesAgree(d *Difference) bool {
	if d.Go.isError() && d.Berm.isError() {
		return true
	}
	for range repetitions {
		again := c.celGo.answer(d.Expr)
		if agree(again, d.Berm) {
			return true
		}
		if again != d.Go && !agree(again, d.Go) {
			d.GoVaries = true
		}
	}
	return false
}

func (c *comparer) one(expr string) (*Difference, error) {
	found, err := c.differences([]string{expr})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}
