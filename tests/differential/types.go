package main

import (
	"math/rand/v2"

	"cel.dev/cel-go/common/types"
)

// Sort says what a Type is.
type Sort uint8

// The sorts of type that expressions are generated for.
const (
	BoolKind Sort = iota
	IntKind
	UintKind
	DoubleKind
	StringKind
	BytesKind
	TimeKind
	DurationKind
	NullKind
	TypeKind
	ListKind
	MapKind
	OptionalKind
	DynKind
	AddressKind // net.IP
	NetworkKind // net.CIDR
)

// Type is the type that an expression should have, most of the time.
type Type struct {
	Kind    Sort
	Key     *Type // of a map
	Element *Type // of a list, optional or map
}

var (
	boolType     = &Type{Kind: BoolKind}
	intType      = &Type{Kind: IntKind}
	uintType     = &Type{Kind: UintKind}
	doubleType   = &Type{Kind: DoubleKind}
	stringType   = &Type{Kind: StringKind}
	bytesType    = &Type{Kind: BytesKind}
	timeType     = &Type{Kind: TimeKind}
	durationType = &Type{Kind: DurationKind}
	nullType     = &Type{Kind: NullKind}
	typeType     = &Type{Kind: TypeKind}
	dynType      = &Type{Kind: DynKind}
	addressType  = &Type{Kind: AddressKind}
	networkType  = &Type{Kind: NetworkKind}
)

func listOf(element *Type) *Type       { return &Type{Kind: ListKind, Element: element} }
func optionalOf(element *Type) *Type   { return &Type{Kind: OptionalKind, Element: element} }
func mapType(key, element *Type) *Type { return &Type{Kind: MapKind, Key: key, Element: element} }

// fits says whether what has type t can stand where `wanted` is asked for.
func (t *Type) fits(wanted *Type) bool {
	if wanted.Kind == DynKind {
		return true
	}
	if t.Kind != wanted.Kind {
		return false
	}
	switch t.Kind {
	case ListKind, OptionalKind:
		return t.Element.fits(wanted.Element)
	case MapKind:
		return t.Key.fits(wanted.Key) && t.Element.fits(wanted.Element)
	}
	return true
}

// declared is the type as cel-go's checker knows it.
func (t *Type) declared() *types.Type {
	switch t.Kind {
	case ListKind:
		return types.NewListType(t.Element.declared())
	case MapKind:
		return types.NewMapType(t.Key.declared(), t.Element.declared())
	case OptionalKind:
		return types.NewOptionalType(t.Element.declared())
	}
	return map[Sort]*types.Type{BoolKind: types.BoolType, IntKind: types.IntType, UintKind: types.UintType,
		DoubleKind: types.DoubleType, StringKind: types.StringType, BytesKind: types.BytesType,
		TimeKind: types.TimestampType, DurationKind: types.DurationType, NullKind: types.NullType,
		TypeKind: types.TypeType, DynKind: types.DynType}[t.Kind]
}

var orderedTypes = []*Type{boolType, intType, uintType, doubleType, stringType, bytesType, timeType, durationType}
var numberTypes = []*Type{intType, uintType, doubleType}

func pick[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

// randomType is any type that values have, not too deep.
func randomType(r *rand.Rand, depth int) *Type {
	if depth > 0 {
		switch r.IntN(6) {
		case 0:
			return listOf(randomType(r, depth-1))
		case 1:
			return mapType(pick(r, keyTypes), randomType(r, depth-1))
		case 2:
			if r.IntN(3) == 0 {
				return optionalOf(randomType(r, depth-1))
			}
		}
	}
	return pick(r, []*Type{boolType, intType, intType, uintType, doubleType, stringType, stringType, bytesType,
		timeType, durationType, nullType, typeType, dynType, addressType, networkType})
}
