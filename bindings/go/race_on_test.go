//go:build race

package berm

const raceEnabled = true
