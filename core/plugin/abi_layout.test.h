/* SPDX-License-Identifier: Apache-2.0 */
/* Where every member of the ABI's structs lies, on machines with 64-bit pointers. Included by a C and by a
 * C++ test with SIZE and MEMBER defined as assertions at compile time: a member that moved does not build.
 * Lines are only added here, when members are appended in a new minor; then the struct's SIZE changes with
 * them. */
#ifndef PICKET_ABI_LAYOUT_H
#define PICKET_ABI_LAYOUT_H

SIZE(picket_packet, 32);
MEMBER(picket_packet, data, 0);
MEMBER(picket_packet, time_ns, 8);
MEMBER(picket_packet, captured, 16);
MEMBER(picket_packet, length, 20);
MEMBER(picket_packet, link_type, 24);
MEMBER(picket_packet, interface, 26);
MEMBER(picket_packet, reserved, 28);

SIZE(picket_flow, 96);
MEMBER(picket_flow, src, 0);
MEMBER(picket_flow, dst, 16);
MEMBER(picket_flow, src_port, 32);
MEMBER(picket_flow, dst_port, 34);
MEMBER(picket_flow, proto, 36);
MEMBER(picket_flow, tcp_class, 37);
MEMBER(picket_flow, flags, 38);
MEMBER(picket_flow, interface, 40);
MEMBER(picket_flow, sampling, 44);
MEMBER(picket_flow, packets, 48);
MEMBER(picket_flow, bytes, 56);
MEMBER(picket_flow, first_ns, 64);
MEMBER(picket_flow, last_ns, 72);
MEMBER(picket_flow, tags, 80);
MEMBER(picket_flow, asn, 84);
MEMBER(picket_flow, country, 88);
MEMBER(picket_flow, app, 90);
MEMBER(picket_flow, reserved, 92);

SIZE(picket_error, 512);
MEMBER(picket_error, text, 0);

SIZE(picket_str, 16);
MEMBER(picket_str, ptr, 0);
MEMBER(picket_str, len, 8);

SIZE(picket_option, 64);
MEMBER(picket_option, name, 0);
MEMBER(picket_option, type, 8);
MEMBER(picket_option, reloadable, 12);
MEMBER(picket_option, default_value, 16);
MEMBER(picket_option, min, 24);
MEMBER(picket_option, max, 32);
MEMBER(picket_option, unit, 40);
MEMBER(picket_option, choices, 48);
MEMBER(picket_option, help, 56);

SIZE(picket_host, 32);
MEMBER(picket_host, size, 0);
MEMBER(picket_host, abi_minor, 4);
MEMBER(picket_host, ctx, 8);
MEMBER(picket_host, log, 16);
MEMBER(picket_host, extension, 24);

SIZE(picket_batch, 40);
MEMBER(picket_batch, size, 0);
MEMBER(picket_batch, reserved, 4);
MEMBER(picket_batch, packets, 8);
MEMBER(picket_batch, packet_count, 16);
MEMBER(picket_batch, flows, 24);
MEMBER(picket_batch, flow_count, 32);

SIZE(picket_source_stats, 56);
MEMBER(picket_source_stats, size, 0);
MEMBER(picket_source_stats, interfaces_up, 4);
MEMBER(picket_source_stats, interfaces_down, 8);
MEMBER(picket_source_stats, reserved, 12);
MEMBER(picket_source_stats, received, 16);
MEMBER(picket_source_stats, dropped_kernel, 24);
MEMBER(picket_source_stats, dropped_interface, 32);
MEMBER(picket_source_stats, truncated, 40);
MEMBER(picket_source_stats, malformed, 48);

SIZE(picket_source, 48);
MEMBER(picket_source, size, 0);
MEMBER(picket_source, shards, 8);
MEMBER(picket_source, next_batch, 16);
MEMBER(picket_source, wake, 24);
MEMBER(picket_source, stats, 32);
MEMBER(picket_source, interface_name, 40);

SIZE(picket_action_request, 104);
MEMBER(picket_action_request, size, 0);
MEMBER(picket_action_request, dry_run, 4);
MEMBER(picket_action_request, id, 8);
MEMBER(picket_action_request, action, 24);
MEMBER(picket_action_request, target, 40);
MEMBER(picket_action_request, reason, 56);
MEMBER(picket_action_request, params_json, 72);
MEMBER(picket_action_request, expires_unix_ms, 88);
MEMBER(picket_action_request, deadline_ns, 96);

SIZE(picket_action, 40);
MEMBER(picket_action, size, 0);
MEMBER(picket_action, apply, 8);
MEMBER(picket_action, revert, 16);
MEMBER(picket_action, reconcile, 24);
MEMBER(picket_action, reopen, 32);

SIZE(picket_plugin, 120);
MEMBER(picket_plugin, size, 0);
MEMBER(picket_plugin, abi_minor, 4);
MEMBER(picket_plugin, kinds, 8);
MEMBER(picket_plugin, option_size, 12);
MEMBER(picket_plugin, option_count, 16);
MEMBER(picket_plugin, reserved, 20);
MEMBER(picket_plugin, name, 24);
MEMBER(picket_plugin, version, 32);
MEMBER(picket_plugin, license, 40);
MEMBER(picket_plugin, summary, 48);
MEMBER(picket_plugin, capabilities, 56);
MEMBER(picket_plugin, options, 64);
MEMBER(picket_plugin, create, 72);
MEMBER(picket_plugin, start, 80);
MEMBER(picket_plugin, reconfigure, 88);
MEMBER(picket_plugin, stop, 96);
MEMBER(picket_plugin, destroy, 104);
MEMBER(picket_plugin, interface, 112);

#endif
