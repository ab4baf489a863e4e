# SPDX-License-Identifier: Apache-2.0
# The template needs no library. The loader's tests load it, so it has to be there before they run.
if(TARGET test_plugin)
  add_dependencies(test_plugin examples_plugin)
endif()
