/* Types as the checker knows them: terms in a table, each stored once, so that equal types have
   the same number.

     map(string, list(int))     MAP   ->  STRING, (LIST -> INT)
     optional_type(A)           OPTIONAL  ->  parameter A, in a declaration
     list(?)                    LIST  ->  a variable: the type of [], until something says more

   What is in a variable is not in its term but in `bound`, with a trail to go back by: a call is
   tried against one overload after another. unify.c does that.

   Terms are bounded in depth, and all work on them is counted: the types of cel.bind(b, {a: a},
   cel.bind(c, {b: b}, ..)) double with every line. What is deeper is dyn, and where the work
   ends the checker gives up: all that is left is dyn. */
#ifndef BERM_CEL_TYPES_H
#define BERM_CEL_TYPES_H

#include "base/text.h"
#include "data/value.h"

/* The number of a term. Those of types.def come first, in their order: BERM_TYPE_INT is int,
   BERM_TYPE_LIST list(dyn), BERM_TYPE_MAP map(dyn, dyn), BERM_TYPE_DYN (0) dyn. */
typedef uint32_t berm_type;

/* What a term is made with: a type of types.def, or one of these. */
enum {
    BERM_HEAD_WRAPPER = BERM_TYPE_COUNT, /* wrapper(T): T or null */
    BERM_HEAD_NAMED,                     /* an abstract type of the host's, by its name */
    BERM_HEAD_PARAMETER,                 /* A in a declaration */
    BERM_HEAD_VARIABLE
};

#define BERM_TYPE_ARGUMENTS_MAX 8u
#define BERM_TYPE_DEPTH_MAX 100u
#define BERM_TYPE_WORK_MAX 1000000u /* steps of one check */

typedef struct berm_term {
    uint8_t head;
    uint8_t count; /* arguments, in types->arguments from `first` on */
    bool open;     /* there are variables or parameters in it */
    uint16_t depth;
    uint32_t first; /* of a VARIABLE: its number */
    berm_str name;  /* NAMED, PARAMETER */
} berm_term;

typedef struct berm_type_trail {
    uint32_t variable;
    berm_type was;
} berm_type_trail;

typedef struct berm_types {
    const berm_alloc *alloc;
    berm_arena names;
    BERM_ARRAY(berm_term) terms;
    BERM_ARRAY(berm_type) arguments;
    BERM_ARRAY(uint32_t) slots;  /* a hash table of terms: number + 1, 0 is free */
    BERM_ARRAY(berm_type) bound; /* per variable; BERM_TYPE_FREE */
    BERM_ARRAY(berm_type_trail) trail;
    uint32_t work;
    bool failed; /* memory ended: every type is dyn from then on */
} berm_types;

#define BERM_TYPE_FREE UINT32_MAX

void berm_types_init(berm_types *types, const berm_alloc *alloc);
void berm_types_free(berm_types *types);

/* The term of that head, name and arguments, made if it is new. DYN when memory ends (failed is
   set), when it would be too deep, or with too many arguments. */
berm_type berm_types_make(berm_types *types, unsigned head, berm_str name,
                          const berm_type *arguments, uint32_t count);
berm_type berm_types_list(berm_types *types, berm_type element);
berm_type berm_types_map(berm_types *types, berm_type key, berm_type value);
/* optional_type(of), type(of), set(of), wrapper(of): `head` says which. */
berm_type berm_types_over(berm_types *types, unsigned head, berm_type of);

static inline const berm_term *berm_types_term(const berm_types *types, berm_type type)
{
    return &types->terms.items[type];
}
static inline unsigned berm_types_head(const berm_types *types, berm_type type)
{
    return types->terms.items[type].head;
}
static inline berm_type berm_types_argument(const berm_types *types, berm_type type, uint32_t i)
{
    return types->arguments.items[types->terms.items[type].first + i];
}

/* As the CEL specification writes types: list(int), map(string, dyn), type(int), timestamp. Very
   large ones are cut with "..". */
void berm_types_print(berm_text *out, const berm_types *types, berm_type type);
/* "timestamp" for google.protobuf.Timestamp and the like; else what types.def says. */
const char *berm_types_word(berm_type_id id);

/* --- unify.c --- */

/* Forgets all variables and begins to count work anew: before each expression. */
void berm_types_begin(berm_types *types);
berm_type berm_types_variable(berm_types *types);
/* What a variable stands for, as far as is known; other types are themselves. */
berm_type berm_types_resolve(const berm_types *types, berm_type type);

/* May a value of type `from` be given where `to` is wanted? Variables on either side are bound so
   that it may; nothing is bound when it may not. */
bool berm_types_fit(berm_types *types, berm_type from, berm_type to);
/* The more general of two types that fit one another, such as that of a list's elements when some
   are `a` and some are `b`; DYN and false for others. */
bool berm_types_join(berm_types *types, berm_type a, berm_type b, berm_type *joined);

/* What was bound after a mark can be taken back; variables made after it are gone then. */
typedef struct berm_type_mark {
    uint32_t trail, variables;
} berm_type_mark;
static inline berm_type_mark berm_types_mark(const berm_types *types)
{
    return (berm_type_mark){types->trail.count, types->bound.count};
}
void berm_types_undo(berm_types *types, berm_type_mark mark);

/* With what variables stand for in their place; those that stand for nothing yet become dyn when
   `close` is set. */
berm_type berm_types_substitute(berm_types *types, berm_type type, bool close);

/* The parameters of one declaration and the variables they are in one call. */
typedef struct berm_type_instance {
    berm_type parameters[BERM_TYPE_ARGUMENTS_MAX], variables[BERM_TYPE_ARGUMENTS_MAX];
    uint32_t count;
} berm_type_instance;
/* `type` with variables for its parameters; those that `instance` does not have yet are added. */
berm_type berm_types_instantiate(berm_types *types, berm_type type, berm_type_instance *instance);

#endif
