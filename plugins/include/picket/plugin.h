/* SPDX-License-Identifier: Apache-2.0 */
/** @file plugin.h  The whole contract between Picket and a plugin .so, and its manual.
 *
 *  A plugin exports one function, PICKET_ENTRY, which returns a static picket_plugin: data that the host
 *  reads before any other code of the plugin runs. The host checks the configuration against `options`,
 *  hands it to `create` as one flat JSON object with every option present, and then uses the interfaces
 *  that the plugin offers by string id.
 *
 *  Rules. Plain C11. No allocation and no exception crosses the border. Pointers are borrowed for the
 *  call unless a comment says otherwise. Every struct that may grow starts with `size`, which its maker
 *  sets to sizeof; a reader touches no member beyond it; members are only appended. A text is UTF-8.
 *
 *  [tags] name the thread that a function is called on:
 *    [main]    the control thread: load, configure, reload, stop; never concurrent with itself
 *    [source]  the thread of one shard of one source instance
 *    [worker]  the one worker of an action instance; may block until the request's deadline
 *    [any]     any thread, at any time between create and destroy; must be thread-safe
 *
 *  Life: entry -> create -> start -> (use) -> stop -> destroy. The .so is never unloaded.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "picket/flow.h"

#ifdef __cplusplus
extern "C" {
#endif
/* NOLINTBEGIN(modernize-use-using) C11 has no other way */

#define PICKET_ABI_MAJOR 1u /* stands in the entry's name: another major cannot be loaded by mistake */
#define PICKET_ABI_MINOR 0u /* grows when members are appended */
#define PICKET_ENTRY picket_plugin_entry_v1
#define PICKET_ENTRY_NAME "picket_plugin_entry_v1"

/* ------------------------------------------------------------------ results */

/** What a call came to, and by that what the host does next. */
typedef enum picket_status {
    PICKET_OK = 0,
    PICKET_AGAIN = 1,   /* nothing now, or a passing fault: the same call later (with back-off) */
    PICKET_END = 2,     /* a source is at its end: no more data will ever come */
    PICKET_GONE = 3,    /* the target no longer exists: for a revert that is success */
    PICKET_DENIED = 4,  /* refused by the other side or the kernel: do not repeat, tell the operator */
    PICKET_PARK = 5,    /* a lasting fault: keep the request visible, try when something changed */
    PICKET_INVALID = 6, /* the request or configuration is wrong */
    PICKET_INTERNAL = 7 /* a fault of the plugin */
} picket_status;

/** Caller-owned room for the reason of a status other than OK; always NUL-terminated by the callee. */
typedef struct picket_error {
    char text[512];
} picket_error;

typedef struct picket_str {
    const char* ptr; /* not NUL-terminated */
    size_t len;
} picket_str;

/* ------------------------------------------------------------- configuration */

typedef enum picket_option_type {
    PICKET_OPTION_BOOL = 0,
    PICKET_OPTION_INT = 1,
    PICKET_OPTION_NUMBER = 2,
    PICKET_OPTION_TEXT = 3,
    PICKET_OPTION_CHOICE = 4,   /* one of `choices` */
    PICKET_OPTION_DURATION = 5, /* "250ms", "10s", "5m", "1h", "1d"; arrives in JSON as a number of seconds */
    PICKET_OPTION_SIZE = 6,     /* "64KiB", "16MiB"; arrives as a number of bytes */
    PICKET_OPTION_TEXT_LIST = 7 /* a list of texts; the default is written "a,b" */
} picket_option_type;

/** One key of the plugin's configuration. */
typedef struct picket_option {
    const char* name;
    picket_option_type type;
    uint32_t reloadable;       /* 1: `reconfigure` takes a new value while running */
    const char* default_value; /* as an operator would write it; NULL: the option is required */
    double min, max;           /* for INT, NUMBER, DURATION (seconds), SIZE (bytes); both 0: no bound */
    const char* unit;          /* "packets", "bytes", ...; may be NULL */
    const char* choices;       /* "a|b|c" for CHOICE, else NULL */
    const char* help;          /* one sentence */
} picket_option;

/* ---------------------------------------------------------------------- host */

typedef enum picket_log_level {
    PICKET_LOG_DEBUG = 0,
    PICKET_LOG_INFO = 1,
    PICKET_LOG_WARNING = 2,
    PICKET_LOG_ERROR = 3
} picket_log_level;

/** What the host offers to a plugin; valid until destroy. */
typedef struct picket_host {
    uint32_t size;
    uint32_t abi_minor;
    void* ctx;                                                       /* pass it back */
    void (*log)(void* ctx, picket_log_level level, picket_str text); /* [any] */
    const void* (*extension)(void* ctx, const char* id);             /* [any] NULL: not offered */
} picket_host;

/* -------------------------------------------------------------------- source */

#define PICKET_SOURCE_ID "picket.source/1"

/** What next_batch gives: packets, or flow records, or both. Borrowed until the next call on that shard. */
typedef struct picket_batch {
    uint32_t size;
    uint32_t reserved;
    const picket_packet* packets;
    size_t packet_count;
    const picket_flow* flows;
    size_t flow_count;
} picket_batch;

/** Counts since start, over all shards. Nothing that is lost may be missing here. */
typedef struct picket_source_stats {
    uint32_t size;
    uint32_t interfaces_up, interfaces_down;
    uint32_t reserved;
    uint64_t received;          /* packets (or records) handed to the host */
    uint64_t dropped_kernel;    /* lost for want of room in the capture ring */
    uint64_t dropped_interface; /* lost by the interface or its driver */
    uint64_t truncated;         /* captured shorter than on the wire because of snaplen */
    uint64_t malformed;         /* records or file blocks that could not be read */
} picket_source_stats;

typedef struct picket_source {
    uint32_t size;
    /** How many shards, hence threads, the instance wants; asked once, after start. [main] */
    uint32_t (*shards)(void* self);
    /** Waits at most timeout_ns for data. OK (n >= 1), AGAIN (time is up), END, or an error after which
     *  the host calls again with back-off. [source] */
    picket_status (*next_batch)(void* self, uint32_t shard, uint64_t timeout_ns, picket_batch* out,
                                picket_error* error);
    /** Makes a waiting next_batch return soon. [any] */
    void (*wake)(void* self);
    /** Fills *out up to out->size. [any] */
    void (*stats)(void* self, picket_source_stats* out);
    /** Name of interface number `interface` of picket_packet, copied and NUL-terminated. [any] */
    void (*interface_name)(void* self, uint32_t interface, char* out, size_t out_size);
} picket_source;

/* -------------------------------------------------------------------- action */

#define PICKET_ACTION_ID "picket.action/1"

typedef struct picket_action_request {
    uint32_t size;
    uint32_t dry_run;         /* 1: check and report, change nothing */
    uint8_t id[16];           /* the same id is the same request: apply is idempotent by it */
    picket_str action;        /* "alert", "block", ... */
    picket_str target;        /* what it is done to: an address, prefix, container, ... */
    picket_str reason;        /* one sentence for people */
    picket_str params_json;   /* one JSON object */
    uint64_t expires_unix_ms; /* 0: does not expire by itself */
    uint64_t deadline_ns;     /* Unix time by which the call should return */
} picket_action_request;

typedef struct picket_action {
    uint32_t size;
    picket_status (*apply)(void* self, const picket_action_request* request,
                           picket_error* error); /* [worker] */
    picket_status (*revert)(void* self, const picket_action_request* request,
                            picket_error* error); /* [worker] */
    /** All requests that should hold now: make it so, and remove what else this plugin left behind.
     *  The stride of the array is requests->size. [worker] */
    picket_status (*reconcile)(void* self, const picket_action_request* requests, size_t count,
                               picket_error* error);
    /** The operator asked to reopen files (log rotation); NULL if there is nothing to reopen. [worker] */
    picket_status (*reopen)(void* self, picket_error* error);
} picket_action;

/* -------------------------------------------------------------------- plugin */

/** picket_plugin.kinds */
#define PICKET_KIND_SOURCE 0x1u
#define PICKET_KIND_ACTION 0x2u
#define PICKET_KIND_RESOLVER 0x4u
#define PICKET_KIND_ENRICHER 0x8u

typedef struct picket_plugin {
    uint32_t size;
    uint32_t abi_minor;
    uint32_t kinds;
    uint32_t option_size; /* sizeof(picket_option): the stride of `options` */
    uint32_t option_count;
    uint32_t reserved;
    const char* name; /* [a-z][a-z0-9_]*, also the key of its configuration table */
    const char* version;
    const char* license; /* SPDX expression */
    const char* summary; /* one sentence */
    const char*
        capabilities; /* Linux capabilities needed while running, "CAP_NET_RAW CAP_NET_ADMIN"; "" for none */
    const picket_option* options;
    /** A new instance, or NULL with a reason. `host` lives until destroy. [main] */
    void* (*create)(const picket_host* host, picket_str config_json, picket_error* error);
    /** Open what needs privileges; they may be dropped after it. [main] */
    picket_status (*start)(void* self, picket_error* error);
    /** New values of reloadable options; on an error the old ones stay. May be NULL. [main] */
    picket_status (*reconfigure)(void* self, picket_str config_json, picket_error* error);
    void (*stop)(void* self);    /* [main] */
    void (*destroy)(void* self); /* [main] */
    /** The function table for an id such as PICKET_SOURCE_ID, or NULL. [any] */
    const void* (*interface)(const char* id);
} picket_plugin;

typedef const picket_plugin* (*picket_entry_function)(void);

__attribute__((visibility("default"))) const picket_plugin* PICKET_ENTRY(void);

/* NOLINTEND(modernize-use-using) */
#ifdef __cplusplus
}
#endif
