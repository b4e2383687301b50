#include "code/host.h"

#include "base/text.h"

berm_hosts *berm_hosts_new(const berm_alloc *alloc)
{
    berm_hosts *hosts = berm_mem_new(alloc, sizeof *hosts);
    if (!hosts) return NULL;
    atomic_init(&hosts->refs, 1);
    hosts->alloc = *alloc;
    berm_arena_init(&hosts->texts, &hosts->alloc);
    return hosts;
}

berm_hosts *berm_hosts_hold(berm_hosts *hosts)
{
    if (hosts) atomic_fetch_add_explicit(&hosts->refs, 1, memory_order_relaxed);
    return hosts;
}

void berm_hosts_drop(berm_hosts *hosts)
{
    if (!hosts || atomic_fetch_sub_explicit(&hosts->refs, 1, memory_order_acq_rel) != 1) return;
    berm_alloc alloc = hosts->alloc;
    berm_array_free(&alloc, &hosts->items);
    berm_arena_free(&hosts->texts);
    berm_mem_free(&alloc, hosts, sizeof *hosts);
}

int berm_hosts_find(const berm_hosts *hosts, berm_str name, bool method, uint32_t argc)
{
    for (uint32_t i = 0; hosts && i < hosts->items.count; i++) {
        const berm_host *host = &hosts->items.items[i];
        if (host->method != method || host->argc != argc) continue;
        if (berm_str_equal(host->name, name)) return (int)i;
    }
    return -1;
}

bool berm_hosts_known(const berm_hosts *hosts, berm_str name)
{
    for (uint32_t i = 0; hosts && i < hosts->items.count; i++) {
        if (berm_str_equal(hosts->items.items[i].name, name)) return true;
    }
    return false;
}
