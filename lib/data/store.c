/* Spaces and their arenas. A chunk is one block of bytes that two views share: cells count it in
   sixteens, texts in bytes; both are taken from the front.

     chunks -> [ full ] -> [ full ] -> [ chunk, being filled ] -> [ kept ] -> [ kept ]

   A reset or a release moves `chunk` back and keeps the rest, so a second evaluation of the same
   kind finds its memory there. memory_len counts what was asked for, not what is kept: a limit
   means the same whatever ran before. */
#include "data/store.h"

#include "base/mem.h"

#include <string.h>

#define CHUNK_FIRST ((size_t)64 << 10)
#define CHUNK_MOST ((size_t)4 << 20)

struct berm_chunk {
    berm_chunk *next;
    uint64_t before; /* memory_len when this chunk was begun */
    uint32_t len;    /* bytes at data */
    uint32_t used;
    uint16_t id; /* its store; 0 when the space does not know it */
    _Alignas(berm_cell) char data[];
};

void berm_space_fail(berm_space *space, berm_status status)
{
    if (space->status == BERM_OK) space->status = status;
}

void berm_space_exceed(berm_space *space, berm_diag_id limit)
{
    if (space->status != BERM_OK) return;
    space->status = BERM_E_LIMIT;
    space->limit = limit;
}

void berm_space_init(berm_space *space, const berm_alloc *alloc, uint64_t memory_limit)
{
    *space = (berm_space){.alloc = alloc,
                          .memory_limit = memory_limit,
                          .fuel = UINT64_MAX,
                          .depth_limit = BERM_VALUE_DEPTH};
}

void berm_space_free(berm_space *space)
{
    while (space->chunks) {
        berm_chunk *next = space->chunks->next;
        berm_mem_free(space->alloc, space->chunks, sizeof *next + space->chunks->len);
        space->chunks = next;
    }
    berm_mem_free(space->alloc, space->stores, space->store_cap * sizeof *space->stores);
    *space = (berm_space){.alloc = space->alloc};
}

void berm_space_reset(berm_space *space, uint64_t fuel)
{
    for (berm_chunk *c = space->chunks; c; c = c->next) {
        c->used = 0;
        c->id = 0;
    }
    space->chunk = NULL;
    space->store_count = 0;
    space->memory_len = 0;
    space->fuel = fuel;
    space->status = BERM_OK;
    space->limit = BERM_D_NONE;
}

/* Append a store with an id of at least `least`; slots skipped are empty. */
static uint16_t append_store(berm_space *space, const berm_store *store, uint32_t least)
{
    uint32_t id = space->store_count > least ? space->store_count : least;
    if (id > BERM_STORE_MAX) {
        berm_space_exceed(space, BERM_D_LIMIT_DOCUMENTS);
        return 0;
    }
    if (id >= space->store_cap &&
        !berm_array_grow(space->alloc, (void *)&space->stores, &space->store_cap,
                         space->store_count, id + 1 - space->store_count, sizeof *space->stores)) {
        berm_space_fail(space, BERM_E_NOMEM);
        return 0;
    }
    while (space->store_count < id) space->stores[space->store_count++] = (berm_store){0};
    space->stores[space->store_count++] = *store;
    return (uint16_t)id;
}

uint16_t berm_space_add(berm_space *space, const berm_store *store)
{
    return append_store(space, store, BERM_STORE_IMAGE);
}

static berm_chunk *new_chunk(berm_space *space, size_t need)
{
    size_t len = CHUNK_FIRST;
    for (const berm_chunk *c = space->chunks; c && len < CHUNK_MOST; c = c->next) len *= 2;
    if (len < need) len = need;
    berm_chunk *chunk = berm_mem_resize(space->alloc, NULL, 0, sizeof *chunk + len);
    if (chunk) *chunk = (berm_chunk){.len = (uint32_t)len};
    else berm_space_fail(space, BERM_E_NOMEM);
    return chunk;
}

/* Unlink the first kept chunk that can hold `need` bytes. */
static berm_chunk *take_kept_chunk(berm_chunk **link, size_t need)
{
    for (; *link; link = &(*link)->next) {
        berm_chunk *chunk = *link;
        if (chunk->len < need) continue;
        *link = chunk->next;
        return chunk;
    }
    return NULL;
}

/* Make the chunk behind the current one, the one that is being filled, hold `need` bytes. */
static bool begin_chunk(berm_space *space, size_t need)
{
    berm_chunk **link = space->chunk ? &space->chunk->next : &space->chunks;
    berm_chunk *chunk = take_kept_chunk(link, need);
    if (!chunk) chunk = new_chunk(space, need);
    if (!chunk) return false;
    chunk->next = *link;
    *link = chunk;
    if (chunk->id == 0) {
        berm_store store = {.cells = (const berm_cell *)(const void *)chunk->data,
                            .text = {chunk->data, chunk->data},
                            .cell_count = chunk->len / (uint32_t)sizeof(berm_cell),
                            .text_len = {chunk->len, chunk->len},
                            .home = space};
        chunk->id = append_store(space, &store, BERM_STORE_IMAGE + 1);
        if (chunk->id == 0) return false;
    }
    chunk->used = 0;
    chunk->before = space->memory_len;
    space->chunk = chunk;
    return true;
}

/* `len` bytes at a multiple of `align`; their offset in space->chunk, or UINT32_MAX. */
static uint32_t take_space(berm_space *space, uint64_t len, uint32_t align)
{
    if (len > space->memory_limit || space->memory_len > space->memory_limit - len ||
        len > UINT32_MAX - sizeof(berm_chunk) - align) {
        berm_space_exceed(space, BERM_D_LIMIT_MEMORY);
        return UINT32_MAX;
    }
    uint64_t at = space->chunk ? ((uint64_t)space->chunk->used + align - 1) / align * align : 0;
    if (!space->chunk || at + len > space->chunk->len) {
        if (!begin_chunk(space, (size_t)len)) return UINT32_MAX;
        at = 0;
    }
    space->chunk->used = (uint32_t)(at + len);
    space->memory_len = space->chunk->before + space->chunk->used;
    return (uint32_t)at;
}

berm_cell *berm_space_cells(berm_space *space, uint32_t count, berm_cell *ref)
{
    uint32_t off = take_space(space, (uint64_t)count * sizeof(berm_cell), sizeof(berm_cell));
    if (off == UINT32_MAX) return NULL;
    ref->store = space->chunk->id;
    ref->as.ref.off = off / (uint32_t)sizeof(berm_cell);
    ref->as.ref.len = count;
    return (berm_cell *)(void *)(space->chunk->data + off);
}

char *berm_space_text(berm_space *space, uint32_t len, berm_cell *ref)
{
    uint32_t off = take_space(space, len, 1);
    if (off == UINT32_MAX) return NULL;
    ref->store = space->chunk->id;
    ref->as.ref.off = off;
    ref->as.ref.len = len;
    return space->chunk->data + off;
}

void berm_space_trim(berm_space *space, berm_cell *ref, uint32_t len)
{
    berm_chunk *chunk = space->chunk;
    if (chunk && ref->store == chunk->id && ref->as.ref.off + ref->as.ref.len == chunk->used) {
        chunk->used = ref->as.ref.off + len;
        space->memory_len = chunk->before + chunk->used;
    }
    ref->as.ref.len = len;
}

berm_space_mark berm_space_position(const berm_space *space)
{
    return (berm_space_mark){space->chunk, space->chunk ? space->chunk->used : 0};
}

void berm_space_release(berm_space *space, berm_space_mark mark)
{
    space->chunk = mark.chunk;
    if (mark.chunk) mark.chunk->used = mark.used;
    space->memory_len = mark.chunk ? mark.chunk->before + mark.used : 0;
}

berm_cell berm_space_string(berm_space *space, berm_str text)
{
    berm_cell cell = berm_cell_of(BERM_TAG_STRING);
    if (text.len > UINT32_MAX) {
        berm_space_exceed(space, BERM_D_LIMIT_MEMORY);
        return berm_cell_of(BERM_TAG_MISSING);
    }
    char *to = berm_space_text(space, (uint32_t)text.len, &cell);
    if (!to) return berm_cell_of(BERM_TAG_MISSING);
    if (text.len > 0) memcpy(to, text.ptr, text.len);
    return cell;
}
