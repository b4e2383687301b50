package main

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
)

// isMilliseconds: cel-go gives a duration's whole length, Berm the part below a second.
func isMilliseconds(c *comparer, d *Difference) bool {
	if d.Node == nil || d.Node.Kind != Member || d.Node.Text != "getMilliseconds" || len(d.Node.Kids) != 1 {
		return false
	}
	if _, is := c.celGo.value(d.Node.Kids[0].String()).(types.Duration); !is {
		return false
	}
	whole, err := strconv.ParseInt(strings.TrimPrefix(string(d.Go), "i"), 10, 64)
	return err == nil && string(d.Berm) == "i"+strconv.FormatInt(whole%1000, 10)
}

// isTime: where Go's own times and durations show through cel-go's.
func isTime(c *comparer, d *Difference) bool {
	n := d.Node
	if n == nil {
		return false
	}
	switch {
	case n.Kind == Call && n.Text == "string" && len(n.Kids) == 1:
		return isZonedText(c, d)
	case n.Kind == Member && strings.HasPrefix(n.Text, "get") && len(n.Kids) == 2:
		name, is := c.celGo.value(n.Kids[1].String()).(types.String)
		return is && isLooseZone(string(name)) && bermError(d, "TIME_ZONE") && !d.Go.isError()
	case n.Kind == Member && strings.HasPrefix(n.Text, "get") && len(n.Kids) == 1:
		return isRoundedPart(c, d) || isMilliseconds(c, d)
	case n.Kind == Member && n.Text == "ofNonZeroValue" && len(n.Kids) == 2:
		t, is := c.celGo.value(n.Kids[1].String()).(types.Timestamp)
		return is && (t.Time.IsZero() || t.Time.Equal(time.Unix(0, 0)))
	case n.Kind == Binary && n.Text == "-":
		return isLeastNegated(c, d) || isLongDifference(c, d)
	}
	return false
}

var (
	offsetZone = regexp.MustCompile(`^[+-]?[0-9]+:[+-]?[0-9]+$`)
	fixedZone  = regexp.MustCompile(`^[+-]?[0-9]{2}:[0-9]{2}$`)
)

// isLooseZone: the empty name, and offsets with other than two digits for hours and minutes.
func isLooseZone(name string) bool {
	return name == "" || (offsetZone.MatchString(name) && !fixedZone.MatchString(name))
}

// isZonedText: a timestamp's text in the zone in which it was written.
func isZonedText(c *comparer, d *Difference) bool {
	t, is := c.celGo.value(d.Node.Kids[0].String()).(types.Timestamp)
	return is && string(d.Berm) == "s"+quoteBytes(t.Time.UTC().Format(time.RFC3339Nano))
}

// isRoundedPart: a duration's length as a double, which may be the next whole number.
func isRoundedPart(c *comparer, d *Difference) bool {
	length, is := c.celGo.value(d.Node.Kids[0].String()).(types.Duration)
	unit := map[string]time.Duration{
		"getSeconds": time.Second, "getMinutes": time.Minute, "getHours": time.Hour,
	}[d.Node.Text]
	return is && unit != 0 && string(d.Berm) == "i"+strconv.FormatInt(int64(length.Duration/unit), 10) &&
		string(d.Go) == "i"+strconv.FormatInt(int64(length.Duration.Seconds()/unit.Seconds()), 10)
}

// isLeastNegated: the least duration is negated before it is added.
func isLeastNegated(c *comparer, d *Difference) bool {
	by, is := c.celGo.value(d.Node.Kids[1].String()).(types.Duration)
	return is && int64(by.Duration) == math.MinInt64 && strings.Contains(string(d.Go), "overflow") && !d.Berm.isError()
}

// isLongDifference: whole seconds alone are out of the range in which the difference still is.
func isLongDifference(c *comparer, d *Difference) bool {
	from, isFrom := c.celGo.value(d.Node.Kids[0].String()).(types.Timestamp)
	to, isTo := c.celGo.value(d.Node.Kids[1].String()).(types.Timestamp)
	if !isFrom || !isTo || !strings.Contains(string(d.Go), "overflow") {
		return false
	}
	length := new(big.Int).Sub(nanoseconds(from.Time), nanoseconds(to.Time))
	return length.IsInt64() && string(d.Berm) == "D"+length.String()
}

func nanoseconds(t time.Time) *big.Int {
	whole := new(big.Int).Mul(big.NewInt(t.Unix()), big.NewInt(int64(time.Second)))
	return whole.Add(whole, big.NewInt(int64(t.Nanosecond())))
}
