// SPDX-License-Identifier: Apache-2.0
// Proves, mostly by compiling, that the ABI's structs have the same layout in C++20 as in C11, and that they
// have not moved since they were frozen; and that the numbers of its enums, which plugins carry in them, are
// what they were.
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <type_traits>

#include "picket/plugin.h"

#define SIZE(type, bytes) static_assert(sizeof(type) == (bytes), #type)
#define MEMBER(type, member, at) static_assert(offsetof(type, member) == (at), #type "." #member)
#include "core/plugin/abi_layout.test.h"

extern "C" unsigned picket_abi_as_c(void);

BOOST_AUTO_TEST_SUITE(plugin_abi)

static_assert(PICKET_ABI_MAJOR == 1 && PICKET_ABI_MINOR == 0);
static_assert(PICKET_OK == 0 && PICKET_AGAIN == 1 && PICKET_END == 2 && PICKET_GONE == 3 &&
              PICKET_DENIED == 4 && PICKET_PARK == 5 && PICKET_INVALID == 6 && PICKET_INTERNAL == 7);
static_assert(PICKET_OPTION_BOOL == 0 && PICKET_OPTION_INT == 1 && PICKET_OPTION_NUMBER == 2 &&
              PICKET_OPTION_TEXT == 3 && PICKET_OPTION_CHOICE == 4 && PICKET_OPTION_DURATION == 5 &&
              PICKET_OPTION_SIZE == 6 && PICKET_OPTION_TEXT_LIST == 7);
static_assert(PICKET_LOG_DEBUG == 0 && PICKET_LOG_INFO == 1 && PICKET_LOG_WARNING == 2 &&
              PICKET_LOG_ERROR == 3);
static_assert(PICKET_TCP_NONE == 0 && PICKET_TCP_SYN == 1 && PICKET_TCP_SYNACK == 2 && PICKET_TCP_RST == 3 &&
              PICKET_TCP_PROBE == 4 && PICKET_TCP_ESTABLISHED == 5);
static_assert(PICKET_KIND_SOURCE == 1 && PICKET_KIND_ACTION == 2 && PICKET_KIND_RESOLVER == 4 &&
              PICKET_KIND_ENRICHER == 8);
static_assert(std::is_trivial_v<picket_plugin> && std::is_standard_layout_v<picket_plugin>);

BOOST_AUTO_TEST_CASE(c_and_cpp_see_the_same_sizes) {
    BOOST_TEST(picket_abi_as_c() == sizeof(picket_plugin) * 1000 + PICKET_INTERNAL);
}

BOOST_AUTO_TEST_CASE(the_name_of_the_entry_carries_the_major) {
    BOOST_TEST(std::string(PICKET_ENTRY_NAME) == "picket_plugin_entry_v" + std::to_string(PICKET_ABI_MAJOR));
}

BOOST_AUTO_TEST_SUITE_END()
