package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// bermSide is a running berm-differential (berm_side.c) at the other end of two pipes.
type bermSide struct {
	command *exec.Cmd
	in      io.WriteCloser
	to      *bufio.Writer
	from    *bufio.Reader
}

func startBerm(path string) (*bermSide, error) {
	b := &bermSide{command: exec.Command(path)}
	b.command.Stderr = os.Stderr
	in, err := b.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := b.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	b.in, b.to, b.from = in, bufio.NewWriterSize(in, 1<<16), bufio.NewReaderSize(out, 1<<16)
	return b, b.command.Start()
}

func (b *bermSide) stop() error {
	if err := b.in.Close(); err != nil {
		return err
	}
	return b.command.Wait()
}

func (b *bermSide) see(environment *Environment) error {
	_, err := b.to.Write(append(environment.line(), '\n'))
	return err
}

// answers asks all of them in one go. Pipes hold little, so the questions are written while the
// answers are read.
func (b *bermSide) answers(exprs []string) ([]Answer, error) {
	asked := make(chan error, 1)
	go func() { asked <- b.ask(exprs) }()
	answers := make([]Answer, len(exprs))
	for i := range exprs {
		line, err := b.from.ReadString('\n')
		if err != nil {
			return nil, fmt.Errorf("no answer to %q: %w", exprs[i], err)
		}
		answers[i] = Answer(line[:len(line)-1])
	}
	return answers, <-asked
}

func (b *bermSide) ask(exprs []string) error {
	for _, expr := range exprs {
		question, err := json.Marshal(map[string]string{"expr": expr})
		if err != nil {
			return err
		}
		if _, err := b.to.Write(append(question, '\n')); err != nil {
			return err
		}
	}
	if _, err := b.to.WriteString("\n"); err != nil {
		return err
	}
	return b.to.Flush()
}
