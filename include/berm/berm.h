/* Berm: guardrails for infrastructure documents.

   Policies (YAML with CEL expressions) are compiled into one bytecode image; the image judges
   documents (Terraform plans, Kubernetes manifests, any JSON or YAML) and says for each resource
   whether each guardrail passes, fails, is unknown or errs, and where.

   A whole program:

       #include <berm/berm.h>
       #include <stdio.h>

       int main(void)
       {
           const char policy[] = "guardrail: replicas\n"
                                 "title: Two replicas\n"
                                 "match: {kinds: [document]}\n"
                                 "validations: [{name: two, expression: object.replicas >= 2}]\n";
           const berm_str text = {"{\"replicas\": 1}", 15};
           berm_engine *engine;
           berm_policy *set = NULL;
           berm_doc *doc = NULL;
           berm_eval *eval = NULL;
           const berm_decision *decision;
           berm_error err = {0};
           if (berm_engine_new(NULL, &engine, &err)) return 1;
           berm_source source = {.size = sizeof source, .name = {"policy.yaml", 11},
                                 .text = {policy, sizeof policy - 1}};
           berm_compile_input input = {.size = sizeof input, .sources = &source, .source_count = 1};
           berm_status status = berm_policy_compile(engine, &input, &set, NULL, &err);
           if (!status) status = berm_doc_parse(engine, text, NULL, &doc, NULL, &err);
           if (!status) status = berm_eval_new(engine, NULL, &eval, &err);
           berm_input document = {.size = sizeof document, .doc = doc};
           berm_run run = {.size = sizeof run, .policy = set,
                           .inputs = &document, .input_count = 1};
           if (!status) status = berm_eval_run(eval, &run, &decision, &err);
           berm_summary summary = {.size = sizeof summary};
           if (!status) berm_decision_summary(decision, &summary);
           printf("%s\n", status ? err.message : summary.denied ? "denied" : "allowed");
           berm_eval_free(eval);
           berm_doc_unref(doc);
           berm_policy_unref(set);
           berm_engine_unref(engine);
           return status != BERM_OK;
       }

   The rules that hold for every call:

   - Ownership. A returned pointer is borrowed and lives as long as the object it came from. `T
     **out` gives the caller one reference (or the object itself) and is NULL on failure. Inputs
     are borrowed for the call, but for texts that are handed over with a release function.
   - Errors. A call that can fail returns a berm_status, BERM_OK is 0, and fills `err`, which may
     be NULL. On failure nothing is changed but `*out` and `*err`. Three things are kept apart: a
     status (the call failed), a CEL error (an expression failed: verdict error), and diagnostics
     (what is wrong with a text somebody wrote, with its place).
   - Structs that callers fill start with `size`, their sizeof; further members that are zero
     mean the documented default. A size of zero is refused: it is nearly always a forgotten one.
   - Threads. Engines, policies and documents may be shared by any number of threads; everything
     else belongs to one thread at a time.
   - No function reads files, the clock, the environment or the locale, prints, starts threads or
     ends the process. */
#ifndef BERM_H
#define BERM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define BERM_API __attribute__((visibility("default")))
#define BERM_MUST_USE __attribute__((warn_unused_result))
#else
#define BERM_API
#define BERM_MUST_USE
#endif

#define BERM_VERSION_MAJOR 0
#define BERM_VERSION_MINOR 1
#define BERM_VERSION_PATCH 0

/* The outcome of a call: BERM_OK, or BERM_E_<REASON>. 1.. the call was wrong, 100.. an input was
   refused, 200.. memory or a limit ended, 300.. a fault of the library. Numbers never change. */
typedef int32_t berm_status;
enum {
#define BERM_STATUS(name, number, text) BERM_##name = number,
#include "status.def"
#undef BERM_STATUS
    BERM_STATUS_END_
};

/* --- objects --- */

typedef struct berm_engine
    berm_engine; /* allocator, limits, services of the host; refcounted, any thread */
typedef struct berm_policy berm_policy;   /* a compiled policy set; refcounted, any thread */
typedef struct berm_doc berm_doc;         /* an immutable document; refcounted, any thread */
typedef struct berm_builder berm_builder; /* makes a document from events; owned, one thread */
typedef struct berm_eval berm_eval;       /* memory and budget of evaluations; owned, one thread */
typedef struct berm_decision
    berm_decision; /* the last run of an eval; borrowed from it until its next run */
typedef struct berm_report berm_report; /* the findings of one run of a tool; owned, one thread */
typedef struct berm_diags berm_diags;   /* diagnostics of one call; owned, one thread */

/* --- plain data --- */

/* UTF-8 bytes, not NUL-terminated. {NULL, 0} is empty. */
typedef struct berm_str {
    const char *ptr;
    size_t len; /* bytes */
} berm_str;

/* A node of a document or a computed value, by value. Good while its document, or the eval that
   made it, is neither freed nor run again. {NULL, 0} is no value. */
typedef struct berm_value {
    const struct berm_store *store;
    uint64_t ref;
} berm_value;

/* A range of bytes of a source's UTF-8 text. */
typedef struct berm_span {
    uint64_t off, len;
} berm_span;

/* A moment: seconds since 1970-01-01T00:00:00Z and nanoseconds 0..999999999. */
typedef struct berm_time {
    int64_t sec;
    int32_t nanos;
} berm_time;

/* What went wrong with a call; owned by the caller. `code` is the number of a diagnostic
   (docs/diagnostics.md), `line` and `column` count from 1 and are 0 where there is no place,
   `off` is the byte offset, `message` is NUL-terminated. */
typedef struct berm_error {
    berm_status status;
    uint32_t code, line, column;
    uint64_t off;
    char message[232];
} berm_error;

/* As realloc, with the old size given: ptr NULL allocates, new_len 0 frees and returns NULL,
   NULL means no memory and the old block stays. Blocks are aligned as malloc's are. Called from
   whichever thread uses an object. */
typedef struct berm_alloc {
    void *(*realloc)(void *ctx, void *ptr, size_t old_len, size_t new_len);
    void *ctx;
} berm_alloc;

/* Where texts are written to. `write` takes all `len` bytes and returns 0, or anything else to
   stop. */
typedef struct berm_sink {
    int (*write)(void *ctx, const char *ptr, size_t len);
    void *ctx;
} berm_sink;

/* Bounds on what inputs and policies may take. 0 is the default; a larger wish than the most is
   cut to it. */
typedef struct berm_limits {
    size_t size;
    uint64_t doc_len;     /* bytes of one text: 1 GiB, at most 4 GiB - 2 */
    uint64_t depth;       /* containers in containers: 512, at most 4096 */
    uint64_t node_count;  /* values of one document, elements of a computed list or map: 2^26 */
    uint64_t string_len;  /* bytes of one string, computed ones too: 256 MiB */
    uint64_t alias_count; /* nodes that YAML aliases may repeat: 1,000,000 */
    uint64_t rule_cost; /* CEL cost of one expression: 1,000,000; beyond it the verdict is error */
    uint64_t fuel;      /* work of one call: 10^10; beyond it the call ends with BERM_E_FUEL */
    /* bytes of values that one evaluation makes: 1 GiB; beyond it BERM_E_LIMIT. One that is larger
       than string_len or node_count is a CEL error */
    uint64_t memory_len;
    /* findings for which the exact node is looked for: 1000; later ones point to the resource */
    uint64_t finding_count;
    uint64_t output_len; /* bytes of one report: 256 MiB; beyond it BERM_E_LIMIT */
} berm_limits;

/* --- enumerations; their words are those of the policy language --- */

enum {
    BERM_SEVERITY_INFO,
    BERM_SEVERITY_LOW,
    BERM_SEVERITY_MEDIUM,
    BERM_SEVERITY_HIGH,
    BERM_SEVERITY_CRITICAL
};
enum {
    BERM_ENFORCEMENT_ADVISORY,
    BERM_ENFORCEMENT_SOFT_MANDATORY,
    BERM_ENFORCEMENT_HARD_MANDATORY
};
enum {
    BERM_VERDICT_PASS,
    BERM_VERDICT_FAIL,
    BERM_VERDICT_UNKNOWN, /* depends on a value that is not known yet */
    BERM_VERDICT_ERROR,   /* the expression failed, which is never a pass */
    BERM_VERDICT_SKIPPED, /* a match condition does not hold, or there is no element */
    BERM_VERDICT_WAIVED,  /* a fail that a waiver lifts */
    BERM_VERDICT_COUNT
};
enum {
    BERM_ACTION_NONE, /* the target knows no actions: the resource is as it shall be */
    BERM_ACTION_CREATE,
    BERM_ACTION_UPDATE,
    BERM_ACTION_REPLACE,
    BERM_ACTION_DELETE,
    BERM_ACTION_FORGET,
    BERM_ACTION_READ,
    BERM_ACTION_NO_OP,
    BERM_ACTION_DRIFT,
    BERM_ACTION_COUNT
};

/* The enumerations that have words, for berm_word. */
enum { BERM_WORDS_SEVERITY, BERM_WORDS_ENFORCEMENT, BERM_WORDS_VERDICT, BERM_WORDS_ACTION };

/* How a text is read; ANY goes by the name's ending, then by the first bytes. */
enum { BERM_FORMAT_ANY, BERM_FORMAT_IS_JSON, BERM_FORMAT_IS_YAML, BERM_FORMAT_IS_NDJSON };
/* What plain YAML scalars mean. AUTO: the 1.2 core schema, and YAML 1.1 once a target is
   detected that asks for it. */
enum { BERM_YAML_AUTO, BERM_YAML_IS_CORE, BERM_YAML_IS_11 };
/* Keys that occur twice: the last one wins with a warning, or the document is refused. */
enum { BERM_DUPLICATES_ALLOW, BERM_DUPLICATES_FORBID };
/* COPY: the document keeps a copy of the text. OWN: it takes the text itself and calls `release`
   when it goes. */
enum { BERM_TEXT_COPY, BERM_TEXT_OWN };
/* What a source of berm_policy_compile is. EXPRESSION: one CEL expression over `object` and
   `now`, for berm_eval_call. PARAMETERS: values of parameters. WAIVERS: documents that start with
   `waiver`, which may be among the policies, too. A build without governance refuses both with a
   diagnostic. */
enum { BERM_ROLE_POLICY, BERM_ROLE_PARAMETERS, BERM_ROLE_WAIVERS, BERM_ROLE_EXPRESSION };
enum { BERM_INPUT_DOCUMENT };
enum { BERM_DIAGNOSTIC_ERROR = 1, BERM_DIAGNOSTIC_WARNING, BERM_DIAGNOSTIC_NOTE };
/* Formats of reports (docs/outputs.md). A build without the part `formats` has the first two. */
enum {
    BERM_REPORT_TEXT,
    BERM_REPORT_JSON,
    BERM_REPORT_JSONL,
    BERM_REPORT_SARIF,
    BERM_REPORT_SARIF_GITHUB, /* what fails alone: GitHub shows an alert for each result */
    BERM_REPORT_JUNIT,
    BERM_REPORT_GITLAB, /* Code Quality */
    BERM_REPORT_GITHUB, /* annotations of a step */
    BERM_REPORT_MARKDOWN,
    BERM_REPORT_HTML,
    BERM_REPORT_CONFTEST,
    BERM_REPORT_POLICYREPORT, /* wgpolicyk8s.io */
    BERM_REPORT_OPENREPORTS,  /* openreports.io */
    BERM_REPORT_OSCAL,
    BERM_REPORT_OPENMETRICS,
    BERM_REPORT_PROMETHEUS, /* the text of textfile collectors */
    BERM_REPORT_CSV,
    BERM_REPORT_COVERAGE, /* controls and scorecards, for people */
    BERM_REPORT_FORMAT_COUNT
};

/* Flags of berm_compile_input, berm_run, berm_report_write, berm_item and berm_finding. */
enum {
    BERM_COMPILE_NO_BUILTINS = 1u << 0, /* without the built-in targets and derived kinds */
    BERM_COMPILE_ALLOW_EMPTY = 1u << 1  /* no guardrail at all is not a fault */
};
enum {
    BERM_RUN_PARTIAL = 1u << 0, /* there are more documents than these: absence proves nothing */
    BERM_RUN_PASSES = 1u << 1,  /* keep passed and skipped verdicts as findings, too */
    BERM_RUN_AGAIN = 1u << 2,   /* host functions: what was answered and given so far still holds */
    /* explain each verdict (finding.explanation), passed and skipped ones included, and why guardrails
       do not look at resources */
    BERM_RUN_EXPLAIN = 1u << 3,
    /* with berm_input.before: what differs was not wanted, its action is drift */
    BERM_RUN_DRIFT = 1u << 4,
    /* judge each rule by itself, as if nothing were shared: slower and the same */
    BERM_RUN_PLAIN = 1u << 5,
    BERM_RUN_TAGS = 1u << 8,   /* findings carry the tags of their resources */
    BERM_RUN_DIGESTS = 1u << 9 /* reports of the run keep the SHA-256 of its documents */
};
enum {
    BERM_REPORT_COLOR = 1u << 0,
    BERM_REPORT_VERBOSE = 1u << 1 /* passed and skipped ones, too */
};
enum { BERM_ITEM_SENSITIVE = 1u << 0 /* the value must not be shown */ };
enum {
    BERM_FINDING_SENSITIVE = 1u << 0 /* the resource has values that must not be shown, and so the
                                        text at the finding's place must not be, either */
};

/* What a waiver is at a moment; the last two are of a report alone. */
enum {
    BERM_WAIVER_PENDING, /* not yet in force */
    BERM_WAIVER_ACTIVE,
    BERM_WAIVER_EXPIRING, /* in force, and ends within 14 days */
    BERM_WAIVER_EXPIRED,
    BERM_WAIVER_UNUSED,    /* in force, and no finding is about it */
    BERM_WAIVER_OVER_BROAD /* in force, and more findings than maxMatches: it lifts none */
};
/* What is wrong with a waiver whatever the moment. */
enum {
    BERM_WAIVER_IS_BROAD = 1u << 0,  /* its scope may be everything, and maxMatches is not set */
    BERM_WAIVER_HAS_INDEX = 1u << 1, /* it names a resource by an index, which may move */
    BERM_WAIVER_SELF_APPROVED = 1u << 2, /* the owner is an approver: it lifts nothing */
    BERM_WAIVER_NAMES_NOTHING = 1u << 3, /* it names no validation of the set */
    BERM_WAIVER_NOT_ALLOWED = 1u << 4    /* what it names is hard-mandatory, or beyond `waivable` */
};
/* What a waiver does to a failed finding that it matches. */
enum {
    BERM_WAIVED_NOT,    /* nothing; `why` says why */
    BERM_WAIVED_COUNTS, /* it lifts it */
    BERM_WAIVED_OVER    /* it would, but matches more findings than its maxMatches */
};

enum {
    BERM_TYPE_OF_MISSING,
    BERM_TYPE_OF_NULL,
    BERM_TYPE_OF_BOOL,
    BERM_TYPE_OF_INT,
    BERM_TYPE_OF_UINT,
    BERM_TYPE_OF_DOUBLE,
    BERM_TYPE_OF_STRING,
    BERM_TYPE_OF_BYTES,
    BERM_TYPE_OF_TIMESTAMP,
    BERM_TYPE_OF_DURATION,
    BERM_TYPE_OF_LIST,
    BERM_TYPE_OF_MAP,
    BERM_TYPE_OF_SET,
    BERM_TYPE_OF_OPTIONAL,
    BERM_TYPE_OF_OBJECT,
    BERM_TYPE_OF_TYPE,
    BERM_TYPE_OF_UNKNOWN,
    BERM_TYPE_OF_ERROR
};
enum {
    BERM_EVENT_SCALAR,
    BERM_EVENT_KEY,
    BERM_EVENT_BEGIN_LIST,
    BERM_EVENT_BEGIN_MAP,
    BERM_EVENT_BEGIN_SET,
    BERM_EVENT_END
};

/* --- structs --- */

/* A value, unpacked. Which member of `as` holds: i for int and duration (nanoseconds); u for
   uint, bool (0, 1) and error (its number); d for double; s for string, bytes and type (its
   name); t for timestamp. `count`: elements, members or bytes. */
typedef struct berm_item {
    size_t size;
    uint32_t type, flags;
    uint64_t count;
    union {
        int64_t i;
        uint64_t u;
        double d;
        berm_str s;
        berm_time t;
    } as;
} berm_item;

/* A step of building a document: a scalar's item, a member's key (a scalar, too), the start of a
   container, its end. */
typedef struct berm_event {
    uint32_t kind; /* BERM_EVENT_* */
    berm_item item;
} berm_event;

/* A function of the host's that expressions may call.
     declaration  "acme.owner(string) -> optional_type(string)": the name, which may be qualified,
                  and the types of the arguments and of the result. A type in front of the name
                  makes it a method: "string.owner() -> string". Types are bool, int, uint, double,
                  string, bytes, timestamp, duration, list(T), map(K, V), set(T),
                  optional_type(T), wrapper(T), dyn, and single capital letters for any type
     flags        0
     call         NULL: deferred, see berm_eval_answer. Else a pure function: the same arguments
                  give the same result. It is called from any thread that evaluates, once a run
                  for the same arguments, and must not use the eval that calls it. `args` are of
                  the declared types and hold nothing unknown; they live for the call. What is
                  pushed into `result`, one value, is what it gives; do not finish or free
                  `result`. Null stands for none where an optional is declared, another value for
                  its optional. A status other than BERM_OK makes the call a CEL error, but
                  BERM_E_NOMEM and BERM_E_INTERRUPTED end the run
   A result of another type than declared is a CEL error, only integers become uint or double; so
   are arguments of other types. Whatever is sensitive in the arguments makes the result
   sensitive. */
typedef struct berm_function {
    size_t size;
    const char *declaration;
    uint32_t flags;
    berm_status (*call)(void *ctx, const berm_value *args, size_t arg_count, berm_builder *result);
    void *ctx;
} berm_function;

typedef struct berm_engine_options {
    size_t size;
    const berm_alloc *alloc;   /* copied; NULL: the C library's */
    const berm_limits *limits; /* copied; NULL: the defaults */
    /* The TZif bytes (RFC 8536) of a time zone, borrowed for as long as the engine lives: 0 when
       found. NULL: CEL's time functions know UTC and numeric offsets alone. Called from any
       thread. */
    int (*zone)(void *ctx, berm_str name, berm_str *tzif);
    void *zone_ctx;
    const berm_function *functions; /* copied, with their declarations; NULL: none */
    size_t function_count;          /* at most 1000 */
} berm_engine_options;

/* A call of a deferred host function that a run met and that is not answered: what depends on it is
   unknown. Good until the eval's next run or call. */
typedef struct berm_pending {
    berm_str function;    /* its name */
    berm_str key;         /* the call as CEL text: acme.owner("web"); equal calls have equal keys */
    berm_value arguments; /* a list */
    uint32_t flags; /* BERM_ITEM_SENSITIVE: the arguments, and so the key, must not be shown */
    void *ctx;      /* the function's */
} berm_pending;

typedef struct berm_source {
    size_t size;
    berm_str name; /* for diagnostics: the file's path */
    berm_str text; /* UTF-8 */
    uint32_t role; /* BERM_ROLE_* */
} berm_source;

typedef struct berm_compile_input {
    size_t size;
    const berm_source *sources;
    size_t source_count;
    uint32_t flags;   /* BERM_COMPILE_* */
    berm_str profile; /* of the packs among the sources; empty: none */
} berm_compile_input;

/* What is wrong with a text, where, and how to mend it. Lines and columns (code points) count
   from 1; 0 without a place. `frame` shows the line with the place underlined. Texts live as
   long as their berm_diags. */
typedef struct berm_diag {
    uint32_t severity, line, column, end_line, end_column;
    berm_str code, source, message, hint, frame;
} berm_diag;

typedef struct berm_doc_options {
    size_t size;
    berm_str name; /* for reports: the file's path; copied */
    /* BERM_FORMAT_*, BERM_YAML_*, BERM_DUPLICATES_*, BERM_TEXT_* */
    uint32_t format, yaml_schema, duplicates, own;
    void (*release)(void *ctx); /* with BERM_TEXT_OWN: called once, also on failure */
    void *release_ctx;
} berm_doc_options;

typedef struct berm_input {
    size_t size;
    uint32_t role; /* BERM_INPUT_DOCUMENT */
    const berm_doc *doc;
    berm_str target; /* read it as this target; empty: detect */
    /* The document as it was: a resource of `doc` has that of the same kind and address there as
       oldObject, and the action create, update or no-op; one that is only there is a delete. NULL:
       oldObject and action are what the document itself says. */
    const berm_doc *before;
    /* Or, where `doc` is NULL, a text that is read for this run alone, with the limits of the eval. It
       must stay until the next run, or until a report has it. That takes less time and memory than
       berm_doc_parse: all of the text is checked, and of JSON no more is built than the run looks at. */
    berm_str text, name;
    uint32_t format; /* BERM_FORMAT_IS_*; 0: by the name, then by the first bytes */
    /* Where *diags is NULL and the text is read, it becomes what berm_doc_parse would say of it, also
       where the run fails. NULL: warnings are not asked for. */
    berm_diags **diags;
} berm_input;

/* A part of an expression and what it gave, as CEL text: long values cut, sensitive ones as
   "(sensitive)", unknown ones as "(known after apply)". */
typedef struct berm_operand {
    berm_str expression, value;
} berm_operand;

/* What decided a verdict: the smallest part of the validation that came to its outcome alone. */
typedef struct berm_witness {
    berm_str expression, value; /* the part as written, on one line; what it came to */
    berm_str source;            /* the policy file; line and column (0: not known) of the part */
    uint32_t line, column;
    const berm_operand *operands; /* none where the outcome is sensitive */
    size_t operand_count;         /* at most 8 */
    size_t operand_stride;        /* how many bytes apart they lie */
} berm_witness;

/* A waiver that matches a failed finding. */
typedef struct berm_waived {
    berm_str waiver, expires; /* its id; the end as written */
    berm_str why;             /* "waiver W expired on D"; empty where it counts */
    uint32_t standing;        /* BERM_WAIVED_* */
    uint32_t index;           /* of berm_policy_waiver */
} berm_waived;

/* A waiver of a set, or of a report. Texts live as long as what it was asked of. */
typedef struct berm_waiver {
    size_t size;
    berm_str id, category, owner, expires; /* expires as written */
    berm_str source;                       /* the file; line: of the document in it */
    uint32_t line;
    uint32_t status, problems; /* BERM_WAIVER_* */
    berm_time begins, ends;    /* the first and the last moment it is in force */
    uint64_t matches;          /* findings of the report that it matches, in force or not */
    uint64_t max_matches;      /* 0: no limit */
    berm_value record;         /* the document as written */
} berm_waiver;

/* One verdict. Texts live as long as the decision. */
typedef struct berm_finding {
    uint32_t verdict, severity, enforcement, action;
    uint32_t flags;     /* BERM_FINDING_* */
    uint64_t cost;      /* CEL cost of the expression */
    berm_str guardrail; /* empty: the target, not a guardrail, failed */
    berm_str validation;
    berm_str kind, address; /* of the resource */
    berm_str message;
    berm_str path;   /* under `each`: the element's key, or its text or index in a list */
    berm_str waiver; /* id of the waiver of a waived verdict */
    /* 32 hex digits; the same while guardrail, validation, target, address and path are */
    berm_str fingerprint;
    uint32_t source; /* index of the run's input; in a report, among all inputs added to it */
    /* of the node that decided, or else the resource; 0 without a text */
    uint32_t line, column, end_line, end_column;
    berm_span span;
    berm_span entry; /* what may be shown around `span`: the rest of the text is another's */
    /* NULL: there is none (passed, skipped), or limits.finding_count findings came before */
    const berm_witness *witness;
    berm_str explanation;    /* with BERM_RUN_EXPLAIN: the evaluation as an indented text */
    berm_str waiver_expires; /* of `waiver`, as written */
    /* of a fail or waived: all waivers that match, those that end last first */
    const berm_waived *waivers;
    size_t waiver_count, waiver_stride; /* stride: how many bytes apart they lie */
    berm_str tags; /* with BERM_RUN_TAGS: of the resource, as a JSON object; else empty */
    /* of policies of Kubernetes that do not hold: Invalid, Forbidden, Unauthorized or
       RequestEntityTooLarge, as the API server answers; else empty */
    berm_str reason;
} berm_finding;

typedef struct berm_run {
    size_t size;
    const berm_policy *policy;
    const berm_input *inputs;
    size_t input_count;
    berm_time now;  /* what expressions see as `now` */
    uint32_t flags; /* BERM_RUN_* */
    /* Called for each finding as it is made; non-zero stops the run with BERM_E_INTERRUPTED. A
       waiver's maxMatches is counted when all are there: what is waived here may be a fail in the
       decision. May be NULL. */
    int (*on_finding)(void *ctx, const berm_finding *finding);
    void *ctx;
    /* with BERM_RUN_EXPLAIN: globs over ids and addresses that say what to explain; empty: all */
    berm_str explain_guardrails, explain_resources;
} berm_run;

typedef struct berm_eval_options {
    size_t size;
    const berm_limits *limits; /* NULL: the engine's */
    /* Asked now and then while evaluating; non-zero stops the call with BERM_E_INTERRUPTED. May
       be NULL. */
    int (*poll)(void *ctx);
    void *poll_ctx;
} berm_eval_options;

typedef struct berm_summary {
    size_t size;
    uint64_t verdicts[8]; /* by BERM_VERDICT_* */
    uint64_t resources;   /* listed by targets */
    uint64_t unmatched;   /* of them: looked at by no guardrail, nor any of their parts */
    uint64_t cost;
    uint32_t denied;        /* 1: a mandatory validation failed or erred */
    uint32_t pending_calls; /* of deferred host functions, different ones: berm_eval_pending */
} berm_summary;

/* What a report says besides its findings. */
typedef struct berm_report_options {
    size_t size;
    berm_str base;     /* names of inputs below this folder are told from there */
    berm_str revision; /* of what was checked, such as a commit; empty: not known */
} berm_report_options;

/* The outcome of one inline test. Texts live for the call. */
typedef struct berm_test_result {
    berm_str guardrail, name, source;
    berm_str message; /* what was expected and what came instead; empty when passed */
    uint32_t line, passed;
} berm_test_result;

/* One thing that inline tests can reach of a guardrail. Texts live for the call. */
enum {
    BERM_COVERAGE_CONDITION, /* a validation, a match condition, an operand of && || ! or ?:, what a
                                loop asks of its elements; not what looks at parameters alone */
    BERM_COVERAGE_BRANCH     /* what a ?: gives on one of its sides */
};
typedef struct berm_coverage_point {
    berm_str guardrail, source, expression;
    uint32_t line, column;
    uint32_t sort;          /* BERM_COVERAGE_* */
    uint64_t yes, no, rest; /* how often it was true, false, neither; of a branch yes: taken */
} berm_coverage_point;

/* --- engine --- */

/* Makes an engine.
     options  NULL: all defaults
     out      one reference
     err      may be NULL
   BERM_E_ARGUMENT: `out` is NULL, options.size is 0, the allocator has no function, or a host
   function cannot be declared: a malformed declaration, a name that CEL or another function has.
   BERM_E_NOMEM. Threads: any. Cost: one allocation; with functions some hundred. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_engine_new(const berm_engine_options *options,
                                                   berm_engine **out, berm_error *err);
/* Takes one more reference of `engine` (NULL is allowed) and returns it; berm_engine_unref gives
   one back, and the last one frees it. Threads: any. Cost: one atomic addition. Since: 0.1 */
BERM_API berm_engine *berm_engine_ref(berm_engine *engine);
BERM_API void berm_engine_unref(berm_engine *engine);

/* --- policy --- */

/* Compiles a policy set: guardrails, derived kinds, targets and parameters of all sources, or
   one expression.
     engine  its allocator and limits hold
     input  the sources; a set without a guardrail is refused unless it is allowed to be empty
     out    one reference
     diags  what is wrong, all of it, and warnings; NULL: not wanted. Given also on failure; free
            it. NULL only after BERM_E_ARGUMENT or BERM_E_NOMEM
     err    may be NULL
   BERM_E_POLICY: a source is faulty, such as `guardrail: x` without validations; `diags` says it
   all. BERM_E_ARGUMENT: a NULL where none is allowed. BERM_E_LIMIT: a source is larger than
   limits.doc_len. BERM_E_NOMEM. Threads: any. Cost: linear in the texts. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_policy_compile(berm_engine *engine,
                                                       const berm_compile_input *input,
                                                       berm_policy **out, berm_diags **diags,
                                                       berm_error *err);
/* Reads what berm_policy_save wrote. The bytes are checked as hostile and copied.
     engine  its allocator holds
     image  the bytes
     out    one reference
     err    may be NULL
   BERM_E_IMAGE: not an image, or a damaged one. BERM_E_VERSION: of another format version.
   BERM_E_ARGUMENT. BERM_E_LIMIT: more derived kinds than an engine takes. BERM_E_NOMEM. Threads:
   any. Cost: linear in the image. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_policy_load(berm_engine *engine, berm_str image,
                                                    berm_policy **out, berm_error *err);
/* Reads what berm_policy_save wrote without a copy, such as from a file that is mapped. The bytes are
   checked once, as hostile; if they change while the policy is there (somebody writes to the file),
   nothing holds that the check has shown, so borrow only what nobody else can write to.
     engine   its allocator holds
     image    the bytes, at an address that is a multiple of 8
     release  called once with `ctx` when the last reference is gone, or on failure; may be NULL
     out      one reference
     err      may be NULL
   As berm_policy_load; BERM_E_ARGUMENT also for another address. Threads: any; `release` is called
   in that of the last berm_policy_unref. Cost: linear in the image. Since: 0.2 */
BERM_API BERM_MUST_USE berm_status berm_policy_borrow(berm_engine *engine, berm_str image,
                                                      void (*release)(void *ctx), void *ctx,
                                                      berm_policy **out, berm_error *err);
/* Writes the image of `policy` to `sink`; the same policies give the same bytes. `err` may be NULL.
   BERM_E_ARGUMENT, BERM_E_IO: the sink said no. Threads: any. Cost: one write. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_policy_save(const berm_policy *policy,
                                                    const berm_sink *sink, berm_error *err);
/* Writes the program of `policy` as text to `sink`: blocks, instructions, constants. For people.
   `err` may be NULL. BERM_E_ARGUMENT, BERM_E_NOMEM, BERM_E_IO. Threads: any. Cost: linear in the
   image. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_policy_disasm(const berm_policy *policy,
                                                      const berm_sink *sink, berm_error *err);
/* Runs the inline tests of all guardrails, in order.
     policy  any set; without tests nothing is called
     on_result  called for each test with `ctx`; non-zero stops
     ctx        passed through
     err        may be NULL
   BERM_E_INTERRUPTED: on_result said so. BERM_E_ARGUMENT, BERM_E_LIMIT, BERM_E_FUEL, BERM_E_NOMEM.
   Threads: any. Cost: that of evaluating each test once. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_policy_test(
    const berm_policy *policy, int (*on_result)(void *ctx, const berm_test_result *result),
    void *ctx, berm_error *err);
/* Compiles a policy set and looks for what is probably not meant: docs/authoring.md lists the rules,
   diagnostics B0620 and up. A comment `# berm: allow B0627` in a file silences one there.
     engine  its allocator and limits hold
     input   as for berm_policy_compile
     diags   what was found, warnings and notes; the errors of policies that do not compile
     err     may be NULL
   BERM_E_POLICY: the policies do not compile, and were not looked at further. BERM_E_ARGUMENT: a
   NULL, or a library built without the part `authoring`. BERM_E_LIMIT, BERM_E_NOMEM. Threads: any.
   Cost: that of compiling, and as much again. Since: 0.2 */
BERM_API BERM_MUST_USE berm_status berm_policy_lint(berm_engine *engine,
                                                    const berm_compile_input *input,
                                                    berm_diags **diags, berm_error *err);
/* Writes a policy file as berm fmt does: white space between the tokens of CEL, quotes around
   scalars that YAML would take for something else; no other byte changes, and it means the same.
     engine  its allocator and limits hold
     source  one file; the role does not matter
     sink    gets all of the text, once
     diags   what is wrong with the YAML; may be NULL
     err     may be NULL
   BERM_E_SYNTAX, BERM_E_ENCODING, BERM_E_LIMIT: the file cannot be read. BERM_E_INTERNAL: it would
   not mean the same. BERM_E_ARGUMENT: a NULL, or a library built without the part `authoring`.
   BERM_E_NOMEM, BERM_E_IO. Threads: any. Cost: reading it three times. Since: 0.2 */
BERM_API BERM_MUST_USE berm_status berm_policy_format(berm_engine *engine,
                                                      const berm_source *source,
                                                      const berm_sink *sink, berm_diags **diags,
                                                      berm_error *err);
/* Runs the inline tests as berm_policy_test does, and tells what they reach of the guardrails.
     policy     any set; guardrails of other dialects have no such tests and are left out
     on_result  as there
     on_point   called for each point with `ctx` when all tests have run; non-zero stops
     ctx        passed through
     err        may be NULL
   BERM_E_INTERRUPTED: a callback said so. BERM_E_ARGUMENT: a NULL, or a library built without
   the part `authoring`. BERM_E_LIMIT, BERM_E_FUEL, BERM_E_NOMEM. Threads: any. Cost: some ten
   times that of berm_policy_test. Since: 0.2 */
BERM_API BERM_MUST_USE berm_status berm_policy_coverage(
    const berm_policy *policy, int (*on_result)(void *ctx, const berm_test_result *result),
    int (*on_point)(void *ctx, const berm_coverage_point *point), void *ctx, berm_error *err);
/* Does a guardrail of `policy` ask for resources that may be in other documents (linked() and
   resources(), where a target joins the whole run)? Then a run should be given all documents at
   once: 1, else 0; NULL: 0. Threads: any. Cost: linear in the number of targets. Since: 0.1 */
BERM_API uint32_t berm_policy_joins(const berm_policy *policy);
/* How many waivers `policy` has; NULL: 0. Threads: any. Cost: constant. Since: 0.1 */
BERM_API size_t berm_policy_waiver_count(const berm_policy *policy);
/* A waiver of `policy`, in the order of the sources.
     index  below berm_policy_waiver_count
     now    what its status is told for
     out    out->size is what the caller's struct has, and no more is written
     err    may be NULL
   BERM_E_ARGUMENT: there is no such waiver. Threads: any. Cost: constant. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_policy_waiver(const berm_policy *policy, size_t index,
                                                      berm_time now, berm_waiver *out,
                                                      berm_error *err);
/* Writes what each guardrail of `policy` came to: the enforcement and severity of each validation
   and the values of parameters, and where each is from: the guardrail, a shared parameter, a
   profile of a pack, a parameter file.
     format  BERM_REPORT_TEXT or BERM_REPORT_JSON
     sink    gets the text in one piece
     err     may be NULL
   BERM_E_ARGUMENT: no such format, or a build without governance. BERM_E_NOMEM, BERM_E_IO.
   Threads: any. Cost: linear in the set. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_policy_effective(const berm_policy *policy, uint32_t format,
                                                         const berm_sink *sink, berm_error *err);
/* Takes one more reference of `policy` (NULL is allowed) and returns it; berm_policy_unref gives
   one back, and the last one frees it. Threads: any. Cost: one atomic addition. Since: 0.1 */
BERM_API berm_policy *berm_policy_ref(berm_policy *policy);
BERM_API void berm_policy_unref(berm_policy *policy);

/* The diagnostics in the order they were found; `count` (may be NULL) gets how many. `diags`
   NULL: none. The array lives as long as `diags`. Threads: the owner's. Cost: constant. Since:
   0.1 */
BERM_API const berm_diag *berm_diags_items(const berm_diags *diags, size_t *count);
/* Frees `diags`; NULL is allowed. Threads: the owner's. Cost: linear in its size. Since: 0.1 */
BERM_API void berm_diags_free(berm_diags *diags);

/* --- documents --- */

/* Reads a text: JSON (RFC 8259), NDJSON or YAML (1.2; streams of several documents give several
   roots).
     engine  its allocator and limits hold
     text     UTF-8 or UTF-16, with or without a byte order mark
     options  NULL: all defaults, no name
     out      one reference
     diags    faults and warnings (repeated keys); NULL: not wanted. Given also on failure; free it
     err      may be NULL; the first fault with its place
   BERM_E_SYNTAX: such as `{"a": 1,}`. BERM_E_ENCODING: bytes that are neither UTF-8 nor UTF-16.
   BERM_E_LIMIT: larger or deeper than the limits. BERM_E_ARGUMENT, BERM_E_NOMEM. Threads: any.
   Cost: linear in the text. Source: RFC 8259, YAML 1.2.2 (docs/yaml.md). Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_doc_parse(berm_engine *engine, berm_str text,
                                                  const berm_doc_options *options, berm_doc **out,
                                                  berm_diags **diags, berm_error *err);
/* How many values the text of `doc` held: one, but for streams. NULL: 0.
   Threads: any. Cost: constant. Since: 0.1 */
BERM_API size_t berm_doc_root_count(const berm_doc *doc);
/* The value number `index` of `doc`; {NULL, 0} past the end. Threads: any. Cost: constant.
   Since: 0.1 */
BERM_API berm_value berm_doc_root(const berm_doc *doc, size_t index);
/* Puts into `line` and `column`, from 1, the place of the byte `off` of the text of `doc`; past
   the end: that of the end. Threads: any. Cost: linear in `off`. Since: 0.1 */
BERM_API void berm_doc_locate(const berm_doc *doc, uint64_t off, uint32_t *line, uint32_t *column);
/* The name `doc` was given. Threads: any. Cost: constant. Since: 0.1 */
BERM_API berm_str berm_doc_name(const berm_doc *doc);
/* Takes one more reference of `doc` (NULL is allowed) and returns it; berm_doc_unref gives one
   back, and the last one frees it. Threads: any. Cost: one atomic addition. Since: 0.1 */
BERM_API berm_doc *berm_doc_ref(berm_doc *doc);
BERM_API void berm_doc_unref(berm_doc *doc);

/* Starts a document from a host's own tree, without text in between.
     engine  its allocator and limits hold
     name  for reports; copied; may be empty
     out   owned; berm_builder_free it
     err   may be NULL
   BERM_E_ARGUMENT, BERM_E_NOMEM. Threads: any. Cost: constant. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_builder_new(berm_engine *engine, berm_str name,
                                                    berm_builder **out, berm_error *err);
/* Adds one event to `builder`; texts of `event` are copied. In a map keys and values take turns.
   BERM_E_STATE: an END without a beginning, a value where a key is due, or anything after a
   failure. BERM_E_LIMIT, BERM_E_ENCODING: a string that is not UTF-8. BERM_E_ARGUMENT,
   BERM_E_NOMEM. `err` may be NULL. Threads: the owner's. Cost: constant but for texts, and
   closing a map of n members: n log n. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_builder_push(berm_builder *builder, const berm_event *event,
                                                     berm_error *err);
/* The finished document into `out`, one reference; `builder` may build another one then. `err`
   may be NULL. BERM_E_STATE: a container is open, or there is no value. BERM_E_ARGUMENT,
   BERM_E_NOMEM. Threads: the owner's. Cost: constant. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_builder_finish(berm_builder *builder, berm_doc **out,
                                                       berm_error *err);
/* Frees `builder` and what it holds; NULL is allowed. Threads: the owner's. Cost: linear in it.
   Since: 0.1 */
BERM_API void berm_builder_free(berm_builder *builder);

/* --- values --- */

/* Unpacks `value` into *item, which is overwritten. BERM_E_ARGUMENT: no value, or `item` is NULL.
   Threads: any. Cost: constant. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_value_read(berm_value value, berm_item *item);
/* The element number `index` of a list, set or optional, or the member of a map in document order.
     value    a container
     index    below the item's count
     key      gets a map's key, {NULL, 0} for others; may be NULL
     element  gets the element or the member's value
   BERM_E_ARGUMENT: not a container, or past its end. Threads: any. Cost: constant. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_value_at(berm_value value, uint64_t index, berm_value *key,
                                                 berm_value *element);
/* The member of the map `value` whose key is the string `key`, into `member`: {NULL, 0} and the
   status BERM_OK when there is none. BERM_E_ARGUMENT: not a map. Threads: any. Cost: linear in
   the members. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_value_find(berm_value value, berm_str key,
                                                   berm_value *member);
/* Writes `value` as JSON to `sink`; what JSON lacks is written as its CEL text, what is unknown or
   sensitive as "(known after apply)" and "(sensitive)". `err` may be NULL. BERM_E_ARGUMENT: no
   value, or no sink. BERM_E_FUEL: writing a computed value takes what its evaluation left.
   BERM_E_LIMIT: it is nested too deep. BERM_E_NOMEM, BERM_E_IO. Threads: any. Cost: linear.
   Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_value_json(berm_value value, const berm_sink *sink,
                                                   berm_error *err);

/* --- evaluation --- */

/* Makes the memory that evaluations use; keep one per thread and use it again.
     engine   a reference is held until berm_eval_free
     options  NULL: the engine's limits, no polling
     out      owned; berm_eval_free it
     err      may be NULL
   BERM_E_ARGUMENT, BERM_E_NOMEM. Threads: any. Cost: a few allocations. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_eval_new(berm_engine *engine,
                                                 const berm_eval_options *options, berm_eval **out,
                                                 berm_error *err);
/* Judges documents: finds the target of each, lists its resources, derives their parts, and runs
   what applies.
     eval  any
     run   the policy set, the documents, the time
     out   the decision; borrowed from `eval` until its next run; NULL on failure: a run that
           ends early decides nothing
     err   may be NULL
   BERM_E_TARGET: two targets claim a document, or the named one does not exist. BERM_E_FUEL,
   BERM_E_LIMIT: the budget is used up. BERM_E_INTERRUPTED: poll, on_finding or
   berm_eval_interrupt said so. BERM_E_ARGUMENT, BERM_E_NOMEM. Threads: the owner's. Cost: that
   of the expressions that apply. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_eval_run(berm_eval *eval, const berm_run *run,
                                                 const berm_decision **out, berm_error *err);
/* Evaluates one expression.
     eval      any
     policy    compiled from a source with BERM_ROLE_EXPRESSION
     document  its first root is `object`; NULL: `object` is null
     now       what the expression sees as `now`
     out       the value; borrowed from `eval` until its next use
     err       may be NULL
   BERM_E_EXPRESSION: the expression ended in a CEL error, such as 1 / 0; err.message says which.
   When it waits for deferred host functions the value is unknown; berm_eval_pending lists them, and
   a call that follows answers knows these and what was answered before.
   BERM_E_FUEL, BERM_E_LIMIT, BERM_E_INTERRUPTED, BERM_E_ARGUMENT, BERM_E_NOMEM. Threads: the
   owner's. Cost: that of the expression. Source: the CEL language definition. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_eval_call(berm_eval *eval, const berm_policy *policy,
                                                  const berm_doc *document, berm_time now,
                                                  berm_value *out, berm_error *err);
/* The calls of deferred host functions that the last run or call of `eval` met and waits for, each
   once, in the order it met them. `count` gets how many, `stride` how many bytes apart they lie;
   both may be NULL. None after a run that failed. Threads: the owner's. Cost: constant.
   Since: 0.1 */
BERM_API const berm_pending *berm_eval_pending(const berm_eval *eval, size_t *count,
                                               size_t *stride);
/* Answers a pending call; a run with BERM_RUN_AGAIN then knows the answer.
     eval    any
     index   of the call in berm_eval_pending; the list stays as it is
     answer  its one root is the result (copied), of the declared type; NULL: the function failed,
             which is a CEL error
     err     may be NULL
   BERM_E_ARGUMENT: there is no such call, not one root, or a value of another type. BERM_E_LIMIT:
   the answers are larger than limits.memory_len. BERM_E_NOMEM. Threads: the owner's. Cost: linear
   in the answer. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_eval_answer(berm_eval *eval, size_t index,
                                                    const berm_doc *answer, berm_error *err);
/* Stops the call that `eval` is in, or the next one; NULL is allowed. Threads: any. Cost:
   constant. Since: 0.1 */
BERM_API void berm_eval_interrupt(berm_eval *eval);
/* Frees `eval` and its decision; NULL is allowed. Threads: the owner's. Cost: linear in its
   memory. Since: 0.1 */
BERM_API void berm_eval_free(berm_eval *eval);

/* --- decisions and reports --- */

/* The totals of `decision` into `out`; out->size is what the caller's struct has, and no more is
   written. Threads: the eval's owner's. Cost: constant. Since: 0.1 */
BERM_API void berm_decision_summary(const berm_decision *decision, berm_summary *out);
/* The findings of `decision` in the order they were made: every verdict but pass and skipped,
   and those too with BERM_RUN_PASSES. `count` gets how many, `stride` how many bytes apart they
   lie; both may be NULL. Threads: the eval's owner's. Cost: constant. Since: 0.1 */
BERM_API const berm_finding *berm_decision_findings(const berm_decision *decision, size_t *count,
                                                    size_t *stride);

/* Starts an empty report with the allocator and limits of `engine`; `out` is owned; `err` may be
   NULL. BERM_E_ARGUMENT, BERM_E_NOMEM. Threads: any. Cost: one allocation. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_report_new(berm_engine *engine, berm_report **out,
                                                   berm_error *err);
/* Adds the findings of one run to `report`; everything needed is copied or held.
     run       what the decision was made of; its documents are read for code frames
     decision  the run's
     err       may be NULL
   BERM_E_ARGUMENT, BERM_E_NOMEM: the report is as before.
   Threads: the owner's. Cost: linear in the findings. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_report_add(berm_report *report, const berm_run *run,
                                                   const berm_decision *decision, berm_error *err);
/* Adds an input that could not be read or judged, so that the report does not look as if all
   were well: an error finding without a guardrail, and denied.
     report  any
     source  the input's name; copied
     why     what a call said of it; copied
     err     may be NULL
   BERM_E_ARGUMENT, BERM_E_NOMEM: the report is as before.
   Threads: the owner's. Cost: constant. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_report_fail(berm_report *report, berm_str source,
                                                    const berm_error *why, berm_error *err);
/* The totals of `report` into `out`, waivers counted over all its findings; out->size is what the
   caller's struct has, and no more is written. Threads: the owner's. Cost: constant. Since: 0.1 */
BERM_API void berm_report_summary(const berm_report *report, berm_summary *out);
/* The findings of `report` as it stands, sorted by place. `count` gets how many, `stride` how many
   bytes apart they lie; both may be NULL. Good until the next addition. Threads: the owner's.
   Cost: constant. Since: 0.1 */
BERM_API const berm_finding *berm_report_findings(const berm_report *report, size_t *count,
                                                  size_t *stride);
/* How many waivers the policies of `report` have; NULL: 0. Threads: the owner's. Cost: linear in
   the policies. Since: 0.1 */
BERM_API size_t berm_report_waiver_count(const berm_report *report);
/* A waiver of the policies of `report`, its status counted over all findings, at the `now` of the
   runs.
     index  below berm_report_waiver_count
     out    out->size is what the caller's struct has, and no more is written
     err    may be NULL
   BERM_E_ARGUMENT: there is no such waiver. Threads: the owner's. Cost: linear in the policies.
   Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_report_waiver(const berm_report *report, size_t index,
                                                      berm_waiver *out, berm_error *err);
/* Says what `report` tells besides its findings; `options` are copied. `err` may be NULL.
   BERM_E_ARGUMENT: a NULL, or options.size is 0. BERM_E_NOMEM. Threads: the owner's. Cost:
   constant. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_report_configure(berm_report *report,
                                                         const berm_report_options *options,
                                                         berm_error *err);
/* Gives `report` the scorecards that `definitions` (docs/coverage.md) has, to be counted over what
   it holds when it is written; a reference is held. `err` may be NULL and says what is wrong with
   them, and where.
   BERM_E_ARGUMENT: a NULL, or a build without the part `formats`. BERM_E_POLICY: no scorecards, or
   faulty ones. BERM_E_NOMEM: the report is as before. Threads: the owner's. Cost: linear in
   `definitions`. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_report_score(berm_report *report,
                                                     const berm_doc *definitions, berm_error *err);
/* The name of a `format`, such as "sarif"; NULL where this build has none. Threads: any. Cost:
   constant. Since: 0.1 */
BERM_API const char *berm_report_format_name(uint32_t format);
/* The BERM_RUN_* that runs need so that a report in `format` has all that the format has a place
   for; 0 where there is no such format. Threads: any. Cost: constant. Since: 0.1 */
BERM_API uint32_t berm_report_run_flags(uint32_t format);
/* Writes `report`, sorted by place, so that the order of additions does not show.
     format  BERM_REPORT_*
     flags   BERM_REPORT_COLOR, BERM_REPORT_VERBOSE, or 0
     sink    gets the text in one piece
     err     may be NULL
   BERM_E_ARGUMENT: no such format. BERM_E_LIMIT: longer than limits.output_len. BERM_E_NOMEM,
   BERM_E_IO. Threads: the owner's. Cost: n log n in the findings. Since: 0.1 */
BERM_API BERM_MUST_USE berm_status berm_report_write(const berm_report *report, uint32_t format,
                                                     uint32_t flags, const berm_sink *sink,
                                                     berm_error *err);
/* Frees `report`; NULL is allowed. Threads: the owner's. Cost: linear in it. Since: 0.1 */
BERM_API void berm_report_free(berm_report *report);

/* --- the library itself --- */

/* "MAJOR.MINOR.PATCH" of the library that runs. Threads: any. Cost: constant. Since: 0.1 */
BERM_API const char *berm_version(void);
/* "BERM_E_LIMIT" for a `status`, "" for a number that is none. Threads: any. Cost: constant.
   Since: 0.1 */
BERM_API const char *berm_status_name(berm_status status);
/* What a `status` means, in words; "" for a number that is none. Threads: any. Cost: constant.
   Since: 0.1 */
BERM_API const char *berm_status_text(berm_status status);
/* The word of the policy language for a `number`: "soft-mandatory" for BERM_WORDS_ENFORCEMENT and
   BERM_ENFORCEMENT_SOFT_MANDATORY; "" past the last one, or for no such `enumeration`. Threads:
   any. Cost: constant. Since: 0.1 */
BERM_API const char *berm_word(uint32_t enumeration, uint32_t number);

#ifdef __cplusplus
}
#endif
#endif
