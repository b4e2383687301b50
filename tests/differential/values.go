package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// Values where things go wrong, and a few where they do not.
var (
	someInts = []int64{0, 1, -1, 2, 3, -2, 5, 7, 10, 42, 60, 99, 1000, 255, 256, 1 << 31, 1<<31 - 1, -1 << 31,
		1 << 53, 1<<53 + 1, -1<<53 - 1, math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, math.MinInt64 + 1,
		253402300799, 253402300800, -62135596800, -62135596801, 1234567890}
	someDoubles = []float64{0, math.Copysign(0, -1), 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 2, 3, 0.1, 1e6, 1e21, 1e20,
		123456.789, 1e-7, 1.0 / 3, 1 << 53, 1 << 63, -1 << 63, 1 << 64, 9223372036854774784, math.MaxFloat64,
		math.SmallestNonzeroFloat64, math.NaN(), math.Inf(1), math.Inf(-1), 4294967296, 0.30000000000000004}
	someTexts = []string{"", "a", "b", "ab", "abc", "aXbXc", "hello world", "  pad\t", "é", "naïve", "日本語", "😀",
		"a😀b", "e\u0301", "1", "-7", "0x10", "1.5", "1e3", "NaN", "Infinity", "-inf", "true", "TRUE", "t",
		"False",
		"1u", " 1", "+5", "9223372036854775808", "18446744073709551616", "UTC", "+02:00", "-07:30", "name",
		"spec",
		"a.b.c", "x,y,,z", "%s", "\n", "\x00", "\"quoted\"", "'", "\\", "\u0130ı", "\ufeff", "\u2003wide\u2003", "\u0085\u00a0x\u1680\u200b", "\u180ey\u2028\u3000",
		"2009-02-13T23:31:30Z", "2009-02-13T23:31:30.123456789+05:30", "0001-01-01T00:00:00Z",
		"9999-12-31T23:59:59.999999999Z", "2024-02-29T12:00:00-08:00", "1h30m", "90s", "-1.5ms", "0", "1d",
		"aGVsbG8=",
		"aGVsbG8", "a+b", "[a-z]+", "(", "ß", "Straße", "\u1e9e", "K"}
	alphabet = []rune("aaabbcxyzABZ019 _-./:,+%*é日😀\t\n\"'\\\u00a0\u0301")
)

func randomInt(r *rand.Rand) int64 {
	switch r.IntN(6) {
	case 0, 1, 2:
		return int64(r.IntN(13)) - 3
	case 3:
		return int64(r.Uint64()) >> r.IntN(64)
	}
	return pick(r, someInts)
}

func randomUint(r *rand.Rand) uint64 {
	switch r.IntN(6) {
	case 0, 1, 2:
		return uint64(r.IntN(10))
	case 3:
		return r.Uint64() >> r.IntN(64)
	case 4:
		return pick(r, []uint64{math.MaxUint64, math.MaxUint64 - 1, 1 << 63, 1<<63 - 1, 1 << 53, 1<<53 + 1})
	}
	return uint64(pick(r, someInts))
}

func randomDouble(r *rand.Rand) float64 {
	switch r.IntN(6) {
	case 0:
		return float64(r.IntN(13) - 3)
	case 1:
		return float64(r.IntN(2001)-1000) / 8
	case 2:
		return float64(randomInt(r))
	case 3:
		return math.Float64frombits(r.Uint64())
	}
	return pick(r, someDoubles)
}

func randomText(r *rand.Rand) string {
	if r.IntN(3) > 0 {
		return pick(r, someTexts)
	}
	var out strings.Builder
	for range r.IntN(9) {
		if r.IntN(30) == 0 {
			out.WriteRune(randomRune(r))
		} else {
			out.WriteRune(pick(r, alphabet))
		}
	}
	return out.String()
}

// randomRune is any code point that UTF-8 has.
func randomRune(r *rand.Rand) rune {
	for {
		c := rune(r.IntN(0x110000) >> r.IntN(16))
		if c < 0xd800 || c > 0xdfff {
			return c
		}
	}
}

func randomBytes(r *rand.Rand) []byte {
	if r.IntN(2) == 0 {
		return []byte(randomText(r))
	}
	out := make([]byte, r.IntN(6))
	for i := range out {
		out[i] = byte(r.Uint32())
	}
	return out
}

var (
	firstSecond = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	lastSecond  = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).Unix()
	someNanos   = []int64{0, 0, 0, 1, 1000, 123000000, 500000000, 999999999, 123456789}
)

func randomTime(r *rand.Rand) time.Time {
	second := int64(1234567890)
	switch r.IntN(5) {
	case 0:
		second = pick(r, []int64{0, firstSecond, lastSecond, 951782400, 1709164800, 1719792000, -1, 1})
	case 1, 2:
		second = firstSecond + r.Int64N(lastSecond-firstSecond+1)
	case 3:
		second = r.Int64N(2e9)
	}
	return time.Unix(second, pick(r, someNanos)).UTC()
}

func randomDuration(r *rand.Rand) time.Duration {
	switch r.IntN(5) {
	case 0:
		return time.Duration(r.Uint64())
	case 1:
		return time.Duration(pick(r, []int64{0, 1, -1, math.MaxInt64, math.MinInt64, 1e9, 1e6, -1500000000}))
	}
	return time.Duration(r.Int64N(1e6)-5e5) * pick(r,
		[]time.Duration{time.Second, time.Minute, time.Hour, time.Millisecond, 1})
}

// --- texts that mean something ---

var someZones = []string{"UTC", "+02:00", "-07:30", "02:00", "+00:00", "-00:00", "+14:00", "-12:00", "+23:59",
	"+24:00", "+5:30", "+0530", "05", "Z", "", "America/New_York", "Europe/Berlin", "Asia/Kolkata",
	"Nowhere/City",
	"+02:60", "-2:00", "+100:00", "local", "EST"}

func randomTimeText(r *rand.Rand) string {
	t := randomTime(r)
	switch r.IntN(8) {
	case 0: // nearly one
		text := []byte(t.Format(time.RFC3339Nano))
		text[r.IntN(len(text))] = "0129-:TtZz+. ,"[r.IntN(14)]
		return string(text)
	case 1:
		return t.Format("2006-01-02T15:04:05.") + strconv.Itoa(r.IntN(1e9)) + pick(r, []string{"Z",
			"+01:00", "-23:59", "+24:00"})
	case 2:
		return fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d%s", r.IntN(10000), r.IntN(14), r.IntN(33),
			r.IntN(25), r.IntN(61),
			r.IntN(61), pick(r, []string{"Z", "", "+00:00", "-00:01", "z", " Z"}))
	case 3:
		return t.In(time.FixedZone("", (r.IntN(2879)-1439)*60)).Format(time.RFC3339Nano)
	}
	return t.Format(time.RFC3339Nano)
}

func randomDurationText(r *rand.Rand) string {
	switch r.IntN(4) {
	case 0:
		return randomDuration(r).String()
	case 1:
		return pick(r, []string{"0", "-0", "+0", "1", "1h1h", ".5s", "5.s", ".s", "1.5h30m", "-1h", "+1m",
			"1d", "1 s", "1us", "1µs",
			"1μs", "1ns", "0.1ns", "2562047h47m16.854775807s", "2562048h", "-2562047h47m16.854775808s",
			"1e3s", "", "-", "s",
			"315576000000s", "9223372036854775807ns", "9223372036854775808ns", "1ms1us1ns", "--1s", "1h-1m"})
	}
	var out strings.Builder
	out.WriteString(pick(r, []string{"", "", "-", "+"}))
	for range 1 + r.IntN(3) {
		out.WriteString(strconv.Itoa(r.IntN(1000)))
		if r.IntN(3) == 0 {
			out.WriteString("." + strconv.Itoa(r.IntN(100000)))
		}
		out.WriteString(pick(r, []string{"h", "m", "s", "s", "ms", "us", "ns"}))
	}
	return out.String()
}
