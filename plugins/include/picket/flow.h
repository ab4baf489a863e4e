/* SPDX-License-Identifier: Apache-2.0 */
/** @file flow.h  Packets and flow records: what a source plugin gives to the host.
 *
 *  Plain C11 and C++20. All numbers are in host byte order, except addresses, which are the 16 bytes
 *  as they travel (IPv4 is mapped: ::ffff:a.b.c.d). The layouts are frozen: members are only appended
 *  in a new ABI minor, and a test checks every offset.
 */
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
/* NOLINTBEGIN(modernize-use-using) C11 has no other way */

/** One packet as captured. `data` is borrowed until the next call of next_batch on the same shard. */
typedef struct picket_packet {
    const uint8_t* data;
    uint64_t time_ns;   /* Unix time */
    uint32_t captured;  /* bytes at `data` */
    uint32_t length;    /* bytes on the wire, >= captured */
    uint16_t link_type; /* DLT_/LINKTYPE_ number, see tcpdump.org/linktypes.html */
    uint16_t interface; /* number the source gives to its interfaces and files, from 0 */
    uint32_t reserved;  /* 0 */
} picket_packet;

/** What the flags of a TCP segment say about the state of the connection. */
typedef enum picket_tcp_class {
    PICKET_TCP_NONE = 0, /* not TCP, or a later fragment */
    PICKET_TCP_SYN = 1,  /* SYN without ACK; ECE and CWR do not matter (RFC 3168) */
    PICKET_TCP_SYNACK = 2,
    PICKET_TCP_RST = 3,
    PICKET_TCP_PROBE = 4, /* no honest stack opens with it: NULL, FIN, XMAS, SYN+FIN, bare ACK to nothing */
    PICKET_TCP_ESTABLISHED = 5, /* all else: ACK, data, FIN+ACK */
    PICKET_TCP_CLASSES = 6
} picket_tcp_class;

/** picket_flow.flags */
#define PICKET_FLOW_PORTS 0x0001u    /* src_port and dst_port are known (not ICMP, not a later fragment) */
#define PICKET_FLOW_FRAGMENT 0x0002u /* packets are IP fragments, first or later */
#define PICKET_FLOW_NEW 0x0004u      /* first record of this flow: it counts as one in flows() */
#define PICKET_FLOW_REPLY 0x0008u    /* the other direction of the flow was seen before */
#define PICKET_FLOW_BARE_ACK 0x0010u /* all packets are ACKs without payload */
#define PICKET_FLOW_ICMP 0x0020u     /* dst_port holds ICMP type * 256 + code */

/** A flow record: packets of one direction of one flow, folded. 96 bytes; the first cache line is the key. */
typedef struct picket_flow {
    uint8_t src[16], dst[16];
    uint16_t src_port, dst_port; /* 0 unless PICKET_FLOW_PORTS or PICKET_FLOW_ICMP */
    uint8_t proto;               /* IANA protocol number of the innermost decoded header */
    uint8_t tcp_class;           /* picket_tcp_class */
    uint16_t flags;              /* PICKET_FLOW_* */
    uint32_t interface;          /* input interface or exporter */
    uint32_t sampling;           /* one packet in so many was seen, >= 1; packets and bytes are not scaled */
    uint64_t packets;
    uint64_t bytes;             /* IP bytes, from the network header on */
    uint64_t first_ns, last_ns; /* Unix time of the first and last packet */
    uint32_t tags;              /* bits set by payload patterns */
    uint32_t asn;               /* of the remote address; 0 = unknown */
    uint16_t country;           /* of the remote address, two ASCII letters; 0 = unknown */
    uint16_t app;               /* application number of an enricher; 0 = unknown */
    uint32_t reserved;          /* 0 */
} picket_flow;

/* NOLINTEND(modernize-use-using) */
#ifdef __cplusplus
}
#endif
