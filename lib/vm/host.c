/* The instruction HOST. A function of the host sees decided arguments of the types that it
   declares, gives one value, and is asked once a run for the same arguments. What it costs depends
   on the text of the arguments and on the value alone, not on whether it was asked. */
#include "vm/host.h"

#include "base/hash.h"
#include "data/builder.h"
#include "vm/object.h"

#define HOST_COST 10u        /* for the rule, each time */
#define HOST_FUEL 1000u      /* for the run, when the host is asked */
#define HOST_RECORD_LEN 128u /* bytes that a remembered call takes besides its texts and values */

/* --- life --- */

static berm_host_calls *take_host_calls(berm_vm *vm)
{
    if (vm->calls) return vm->calls;
    berm_host_calls *calls = berm_mem_new(vm->space.alloc, sizeof *calls);
    if (!calls) {
        berm_space_fail(&vm->space, BERM_E_NOMEM);
        return NULL;
    }
    berm_arena_init(&calls->texts, vm->space.alloc);
    berm_text_init(&calls->key, vm->space.alloc);
    calls->keep.alloc = vm->space.alloc;
    calls->salt = berm_hash_salt(calls);
    calls->run = 1;
    return vm->calls = calls;
}

static void forget_calls(berm_host_calls *calls, const berm_alloc *alloc)
{
    calls->items.count = 0;
    calls->text_len = 0;
    berm_intern_free(alloc, &calls->index);
    berm_arena_free(&calls->texts);
    berm_arena_init(&calls->texts, alloc);
    berm_keep_clear(&calls->keep);
}

void berm_host_calls_begin(berm_vm *vm)
{
    berm_host_calls *calls = vm->calls;
    if (!calls) return;
    calls->store = 0;
    calls->run++;
    berm_host_forget_pending(vm);
    if (!vm->again) forget_calls(calls, vm->space.alloc);
}

void berm_host_calls_free(berm_vm *vm)
{
    berm_host_calls *calls = vm->calls;
    const berm_alloc *alloc = vm->space.alloc;
    if (!calls) return;
    forget_calls(calls, alloc);
    berm_keep_free(&calls->keep);
    berm_text_free(&calls->key);
    berm_array_free(alloc, &calls->items);
    berm_array_free(alloc, &calls->pending);
    berm_array_free(alloc, &calls->pending_calls);
    berm_mem_free(alloc, calls, sizeof *calls);
    vm->calls = NULL;
}

/* --- the keep --- */

/* The keep as a store of this run: its arrays may have moved. Its values may be unknown or
   sensitive below the surface, as those of the arena. */
static bool show_keep(berm_vm *vm)
{
    berm_host_calls *calls = vm->calls;
    if (!calls->store) calls->store = berm_space_add(&vm->space, &calls->keep.store);
    if (!calls->store) return false;
    vm->space.stores[calls->store] = calls->keep.store;
    vm->space.stores[calls->store].marked = true;
    return true;
}

/* Does that much more stay within the limit of the values that an evaluation makes? */
static bool has_memory_for(const berm_vm *vm, uint64_t len)
{
    const berm_host_calls *calls = vm->calls;
    const berm_keep_size used = {calls->keep.cells.count, calls->keep.text.count};
    uint64_t left = vm->space.memory_limit - vm->space.memory_len;
    uint64_t records = (uint64_t)calls->items.count * HOST_RECORD_LEN + calls->text_len;
    return berm_keep_bytes(used) + records + len <= left;
}

static berm_status reserve_kept(berm_vm *vm, berm_keep_size size)
{
    berm_host_calls *calls = vm->calls;
    if (!has_memory_for(vm, berm_keep_bytes(size))) return BERM_E_LIMIT;
    berm_status status = berm_keep_reserve(&calls->keep, size);
    if (calls->store) show_keep(vm);
    return status;
}

static berm_status note_host_status(berm_vm *vm, berm_status status)
{
    if (status == BERM_E_LIMIT) berm_space_exceed(&vm->space, BERM_D_LIMIT_MEMORY);
    else if (status) berm_space_fail(&vm->space, status);
    return status;
}

/* --- types --- */

/* Whole numbers take the declared type where that changes nothing: JSON has one sort of number. */
static bool fit_number(berm_cell *value, berm_type_id wanted)
{
    const uint64_t exact = UINT64_C(1) << 53;
    bool negative = value->tag == BERM_TAG_INT && value->as.i < 0;
    if (value->tag != BERM_TAG_INT && value->tag != BERM_TAG_UINT) return false;
    uint64_t size = negative ? 0 - value->as.u : value->as.u;
    double number = negative ? -(double)size : (double)size;
    switch (wanted) {
    case BERM_TYPE_INT: value->tag = BERM_TAG_INT; return size <= INT64_MAX;
    case BERM_TYPE_UINT: value->tag = BERM_TAG_UINT; return !negative;
    case BERM_TYPE_DOUBLE:
        value->tag = BERM_TAG_DOUBLE;
        value->as.d = number;
        return size <= exact;
    default: return false;
    }
}

/* May the function give that? Only its outside is looked at. */
static bool fit_host_result(const berm_host *host, berm_cell *value)
{
    if (value->tag == BERM_TAG_UNKNOWN || host->result == BERM_TYPE_DYN) return true;
    if (host->optional && value->tag == BERM_TAG_NULL) return true;
    if (berm_type_of(*value) == host->result) return true;
    if (host->result == BERM_TYPE_DECISION) return value->tag == BERM_TAG_MAP;
    berm_cell number = *value;
    if (!fit_number(&number, (berm_type_id)host->result)) return false;
    *value = number;
    return true;
}

static bool fit_host_arguments(const berm_host *host, const berm_cell *args)
{
    for (uint32_t i = 0; i < host->argc; i++) {
        uint8_t wanted = host->parameters[i];
        if (wanted != BERM_TYPE_DYN && berm_type_of(args[i]) != wanted) return false;
    }
    return true;
}

/* --- asking --- */

/* The one value of a document becomes what the call gave. */
static berm_status keep_result(berm_vm *vm, berm_host_call *call, const berm_doc *doc)
{
    berm_store store = doc->store;
    const berm_space view = {.stores = &store, .store_count = 1};
    const berm_host *host = &vm->hosts->items.items[call->function];
    berm_cell value = doc->roots[0];
    if (!fit_host_result(host, &value)) {
        call->state = BERM_CALL_MISFIT;
        call->value = berm_cell_of(BERM_TAG_TYPE);
        call->value.as.u = berm_type_of(value);
        return BERM_OK;
    }
    berm_keep_size size = {0, 0};
    if (!berm_keep_measure(&view, value, (uint32_t)vm->limits.depth, &size)) return BERM_E_LIMIT;
    berm_status status = reserve_kept(vm, size);
    if (status) return status;
    call->value = berm_keep_copy(&vm->calls->keep, &view, value);
    call->size = size.cells + size.text;
    call->state = BERM_CALL_DONE;
    return BERM_OK;
}

/* The arguments as the host reads them: cells of the arena. */
static bool show_arguments(berm_vm *vm, const berm_cell *args, uint32_t count, berm_value *values)
{
    berm_cell place = berm_cell_of(BERM_TAG_LIST);
    berm_cell *cells = berm_space_cells(&vm->space, count, &place);
    if (!cells) return false;
    for (uint32_t i = 0; i < count; i++) {
        cells[i] = args[i];
        values[i] = (berm_value){&vm->space.stores[place.store], place.as.ref.off + (uint64_t)i};
    }
    return true;
}

/* Calls the host. What it makes is a document of its own until it is whole. */
static berm_status ask_host(berm_vm *vm, const berm_host *host, const berm_cell *args,
                            berm_doc **doc)
{
    berm_value values[BERM_HOST_ARGUMENTS_MAX];
    berm_builder builder;
    if (!show_arguments(vm, args, host->argc, values)) return vm->space.status;
    berm_status status =
        berm_build_begin(&builder, vm->space.alloc, &vm->limits, BERM_STR(""), false);
    if (status) return status;
    status = host->call(host->ctx, values, host->argc, &builder);
    if (!status) return berm_build_end(&builder, doc, NULL);
    berm_build_free(&builder);
    return status;
}

static berm_status call_host(berm_vm *vm, berm_host_call *call, const berm_cell *args)
{
    const berm_host *host = &vm->hosts->items.items[call->function];
    berm_doc *doc = NULL;
    if (!berm_space_spend(&vm->space, HOST_FUEL) || !berm_vm_poll(vm)) return vm->space.status;
    berm_status status = ask_host(vm, host, args, &doc);
    if (vm->space.status) status = vm->space.status;
    else if (doc) status = keep_result(vm, call, doc);
    else if (status != BERM_E_NOMEM && status != BERM_E_INTERRUPTED) {
        call->state = BERM_CALL_FAILED;
        status = BERM_OK;
    }
    berm_doc_drop(doc);
    return status;
}

/* --- remembering --- */

static bool put_arguments(berm_vm *vm, berm_text *out, const berm_cell *args, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (i) berm_text_put(out, BERM_STR(", "));
        if (!berm_value_print(out, &vm->space, args[i], false)) return false;
    }
    return true;
}

/* acme.owner("web"), or "web".owner(): CEL text tells 1 from 1u and "1". */
static bool write_call_key(berm_vm *vm, const berm_host *host, const berm_cell *args)
{
    berm_text *key = &vm->calls->key;
    uint32_t method = host->method;
    key->len = 0;
    bool done = put_arguments(vm, key, args, method);
    if (method) berm_text_putc(key, '.');
    berm_text_put(key, host->name);
    berm_text_putc(key, '(');
    done = done && put_arguments(vm, key, args + method, host->argc - method);
    berm_text_putc(key, ')');
    if (key->failed || (!done && vm->space.status == BERM_OK)) {
        berm_text_free(key);
        berm_text_init(key, vm->space.alloc);
        berm_space_fail(&vm->space, BERM_E_NOMEM);
    }
    return vm->space.status == BERM_OK;
}

static berm_host_call *find_call(berm_host_calls *calls, uint32_t function, uint64_t hash)
{
    uint32_t at = BERM_NO_ENTRY;
    const berm_intern_entry *entry;
    while ((entry = berm_intern_next(&calls->index, hash, &at)) != NULL) {
        berm_host_call *call = &calls->items.items[entry->off];
        if (call->function == function && berm_str_equal(call->key, berm_text_view(&calls->key)))
            return call;
    }
    return NULL;
}

/* What a deferred call asks for, as a list that the host reads between two runs. */
static berm_status keep_arguments(berm_vm *vm, berm_host_call *call, const berm_cell *args)
{
    uint32_t count = vm->hosts->items.items[call->function].argc;
    berm_keep_size size = {count + 1, 0};
    for (uint32_t i = 0; i < count; i++) {
        if (!berm_keep_measure(&vm->space, args[i], vm->space.depth_limit + 1, &size))
            return BERM_E_LIMIT;
    }
    berm_status status = reserve_kept(vm, size);
    if (status) return status;
    berm_keep *keep = &vm->calls->keep;
    berm_cell list = berm_keep_list(keep, &vm->space, args, count);
    berm_vm_survey(vm, args, count, &list.flags);
    call->arguments = berm_keep_place(keep, list);
    return BERM_OK;
}

static berm_status make_call(berm_vm *vm, uint32_t function, const berm_cell *args, uint64_t hash,
                             berm_host_call **out)
{
    berm_host_calls *calls = vm->calls;
    const berm_alloc *alloc = vm->space.alloc;
    berm_host_call call = {.function = function, .state = BERM_CALL_PENDING};
    bool deferred = !vm->hosts->items.items[function].call;
    berm_status status = deferred ? keep_arguments(vm, &call, args) : call_host(vm, &call, args);
    if (!status && !has_memory_for(vm, HOST_RECORD_LEN + calls->key.len)) status = BERM_E_LIMIT;
    if (status) return status;
    if (!berm_arena_copy(&calls->texts, berm_text_view(&calls->key), &call.key) ||
        !berm_array_reserve(alloc, &calls->items, 1) ||
        !berm_intern_add(alloc, &calls->index, hash, calls->items.count, 0))
        return BERM_E_NOMEM;
    calls->text_len += call.key.len;
    *out = &calls->items.items[calls->items.count];
    calls->items.items[calls->items.count++] = call;
    return BERM_OK;
}

/* The call with these arguments; NULL with the status set. */
static berm_host_call *take_call(berm_vm *vm, uint32_t function, const berm_cell *args)
{
    const berm_host *host = &vm->hosts->items.items[function];
    berm_host_calls *calls = take_host_calls(vm);
    if (!calls || !write_call_key(vm, host, args)) return NULL;
    uint64_t hash = berm_hash_salted(calls->key.ptr, calls->key.len, calls->salt);
    berm_host_call *call = find_call(calls, function, hash);
    if (!call) note_host_status(vm, make_call(vm, function, args, hash, &call));
    return call;
}

/* Tells the host of a call that nobody has answered, once a run. */
static bool list_pending(berm_vm *vm, berm_host_call *call)
{
    berm_host_calls *calls = vm->calls;
    const berm_alloc *alloc = vm->space.alloc;
    if (call->run == calls->run) return true;
    berm_cell list = calls->keep.cells.items[call->arguments];
    const berm_host *host = &vm->hosts->items.items[call->function];
    berm_pending pending = {
        .function = host->name,
        .key = call->key,
        .arguments = {&calls->keep.store, call->arguments},
        .flags = list.flags & BERM_CELL_SENSITIVE ? BERM_ITEM_SENSITIVE : 0,
        .ctx = host->ctx,
    };
    if (!berm_array_reserve(alloc, &calls->pending, 1) ||
        !berm_array_push(alloc, &calls->pending_calls, (uint32_t)(call - calls->items.items)))
        return false;
    calls->pending.items[calls->pending.count++] = pending;
    call->run = calls->run;
    return true;
}

/* --- the instruction --- */

static berm_cell fail_host(berm_vm *vm, berm_error_code code, berm_str name,
                           const berm_host_call *call, uint32_t word)
{
    berm_cell operands[3] = {berm_space_string(&vm->space, name)};
    uint32_t count = 1;
    if (code == BERM_ERR_HOST_TYPE) {
        operands[count++] = call->value;
        operands[count] = berm_cell_of(BERM_TAG_TYPE);
        operands[count++].as.u = vm->hosts->items.items[call->function].result;
    }
    return berm_value_error(&vm->space, code, word, operands, count);
}

static berm_cell read_value(berm_vm *vm, const berm_host *host, const berm_host_call *call)
{
    berm_cell value = call->value;
    if (!show_keep(vm)) return value;
    value.store = vm->calls->store;
    if (host->result == BERM_TYPE_DECISION && value.tag == BERM_TAG_MAP)
        return berm_object_new(vm, BERM_TYPE_DECISION, &value, 1);
    if (!host->optional || value.tag == BERM_TAG_UNKNOWN) return value;
    return value.tag == BERM_TAG_NULL ? berm_optional_none() : berm_optional_of(vm, value);
}

static berm_cell use_call(berm_vm *vm, berm_host_call *call, uint32_t word)
{
    const berm_host *host = &vm->hosts->items.items[call->function];
    uint64_t size = call->key.len + call->size;
    vm->cost += HOST_COST + size / 10;
    berm_space_spend(&vm->space, 1 + size / 16);
    switch (call->state) {
    case BERM_CALL_DONE: return read_value(vm, host, call);
    case BERM_CALL_FAILED: return fail_host(vm, BERM_ERR_HOST, host->name, call, word);
    case BERM_CALL_MISFIT: return fail_host(vm, BERM_ERR_HOST_TYPE, host->name, call, word);
    default: break;
    }
    if (!list_pending(vm, call)) berm_space_fail(&vm->space, BERM_E_NOMEM);
    berm_cell unknown = berm_cell_unknown();
    unknown.as.u = BERM_UNKNOWN_PENDING;
    return berm_cell_fallible(unknown);
}

berm_cell berm_op_host(berm_vm *vm, uint32_t row, const berm_cell *args, uint32_t word)
{
    const berm_img_host *named = &vm->image->hosts[row];
    uint32_t link = vm->host_links[row];
    if (link == 0) {
        berm_str name = berm_image_text(vm->image, named->name);
        return fail_host(vm, BERM_ERR_NO_SUCH_FUNCTION, name, NULL, word);
    }
    const berm_host *host = &vm->hosts->items.items[link - 1];
    berm_cell undecided = berm_pick_undecided(args, host->argc);
    if (undecided.tag != BERM_TAG_MISSING) return undecided;
    berm_cell open = berm_vm_survey(vm, args, host->argc, &undecided.flags);
    if (open.tag != BERM_TAG_MISSING) return berm_cell_tint(berm_cell_fallible(open), undecided);
    if (!fit_host_arguments(host, args)) {
        return berm_cell_tint(berm_no_overload(vm, args, host->argc, word), undecided);
    }
    berm_host_call *call = take_call(vm, link - 1, args);
    return call ? berm_cell_tint(use_call(vm, call, word), undecided) : undecided;
}

/* --- the host's side --- */

const berm_pending *berm_host_pending(const berm_vm *vm, uint32_t *count)
{
    *count = vm->calls ? vm->calls->pending.count : 0;
    return *count ? vm->calls->pending.items : NULL;
}

void berm_host_forget_pending(berm_vm *vm)
{
    if (!vm->calls) return;
    vm->calls->pending.count = vm->calls->pending_calls.count = 0;
}

static berm_status refuse_answer(berm_error *err, const char *why, const berm_host *host)
{
    return berm_error_set(err, BERM_E_ARGUMENT, BERM_D_ARGUMENT, why, host->name);
}

berm_status berm_host_answer(berm_vm *vm, size_t index, const berm_doc *answer, berm_error *err)
{
    berm_host_calls *calls = vm->calls;
    if (!calls || index >= calls->pending.count)
        return berm_error_set(err, BERM_E_ARGUMENT, BERM_D_ARGUMENT, "there is no such call");
    berm_host_call *call = &calls->items.items[calls->pending_calls.items[index]];
    berm_host_call given = *call;
    const berm_host *host = &vm->hosts->items.items[call->function];
    given.state = BERM_CALL_FAILED;
    if (answer && answer->root_count != 1)
        return refuse_answer(err, "an answer to %S must be one value", host);
    berm_status status = answer ? keep_result(vm, &given, answer) : BERM_OK;
    if (given.state == BERM_CALL_MISFIT)
        return refuse_answer(err, "the answer to %S is of another type than it declares", host);
    if (status == BERM_E_LIMIT)
        return berm_error_set(err, status, BERM_D_LIMIT_MEMORY, "the answers are over a limit");
    if (status) return berm_error_set(err, status, BERM_D_NOMEM, "an allocation failed");
    *call = given;
    return BERM_OK;
}
