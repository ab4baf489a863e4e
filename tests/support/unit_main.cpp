// SPDX-License-Identifier: Apache-2.0
// The main function of every unit test program. Main thread.
#define BOOST_TEST_MODULE picket
#include <boost/test/unit_test.hpp>
