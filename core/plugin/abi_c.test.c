/* SPDX-License-Identifier: Apache-2.0 */
/* Proves, by compiling, that the plugin headers are plain C11 and that no struct of the ABI has changed its
 * layout as a C compiler sees it. */
#include <stddef.h>

#include "picket/plugin.h"

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type)
#define MEMBER(type, member, at) _Static_assert(offsetof(type, member) == (at), #type "." #member)
#include "core/plugin/abi_layout.test.h"

_Static_assert(__STDC_VERSION__ == 201112L, "the headers are tested as C11");

unsigned picket_abi_as_c(void);
/* What abi.test.cpp compares with its own view. */
unsigned picket_abi_as_c(void) { return (unsigned)sizeof(picket_plugin) * 1000u + PICKET_INTERNAL; }
