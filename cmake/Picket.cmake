# SPDX-License-Identifier: Apache-2.0
# The rules of the build: warnings, sanitizers, and how a plugin and a test come about from their folders.
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.74 REQUIRED COMPONENTS unit_test_framework)

add_library(picket_flags INTERFACE)
target_compile_options(picket_flags INTERFACE
  # missing-field-initializers: designated initializers leave out what has a default, on purpose
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-missing-field-initializers -Werror -fno-omit-frame-pointer
  # g++ 12 sees overlaps in std::string that are not there (GCC PR105651), and values unset that are set
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-error=maybe-uninitialized>)
# What is shipped is hardened as Debian's own programs are, and does not tell where it was built.
target_compile_options(picket_flags INTERFACE $<$<CONFIG:RelWithDebInfo>:-D_FORTIFY_SOURCE=2
  -fstack-protector-strong -fstack-clash-protection -fcf-protection -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.>)
target_link_options(picket_flags INTERFACE $<$<CONFIG:RelWithDebInfo>:-Wl,-z,relro,-z,now>)
target_include_directories(picket_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/plugins/include)
if(PICKET_SANITIZE)
  target_compile_options(picket_flags INTERFACE -fsanitize=${PICKET_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(picket_flags INTERFACE -fsanitize=${PICKET_SANITIZE})
endif()
if(PICKET_FUZZ)
  target_compile_options(picket_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# Libraries of Debian's packages, as one imported target each; their headers are not ours to warn about.
function(picket_package name)
  if(NOT TARGET PkgConfig::${name})
    pkg_check_modules(${name} REQUIRED IMPORTED_TARGET GLOBAL ${ARGN})
  endif()
endfunction()

# All *.test.cpp of a folder and its subfolders as one test program named after it.
function(picket_unit_tests name folder)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.test.cpp ${folder}/*/*.test.cpp ${folder}/*.test.c)
  if(sources)
    add_executable(test_${name} ${sources} ${CMAKE_SOURCE_DIR}/tests/support/unit_main.cpp)
    target_link_libraries(test_${name} PRIVATE ${ARGN} picket_flags Boost::unit_test_framework)
    target_compile_definitions(test_${name} PRIVATE BOOST_TEST_DYN_LINK
      PICKET_BUILD_DIR="${CMAKE_BINARY_DIR}" PICKET_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    add_test(NAME ${name} COMMAND test_${name})
    set_tests_properties(${name} PROPERTIES LABELS unit)
  endif()
endfunction()

# Every subfolder of `parent` that holds code is a plugin: its *.cpp and *.c make lib/picket/plugins/<name>.so,
# its *.test.cpp a test that may link the same objects. A plugin.cmake in it says what it needs:
# target_link_libraries(${plugin} ...).
function(picket_plugins parent)
  file(GLOB folders CONFIGURE_DEPENDS LIST_DIRECTORIES true ${CMAKE_SOURCE_DIR}/${parent}/*)
  foreach(folder IN LISTS folders)
    file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp ${folder}/*.c)
    list(FILTER sources EXCLUDE REGEX "\\.test\\.(cpp|c)$")
    if(sources)
      get_filename_component(name ${folder} NAME)
      set(plugin ${parent}_${name}_objects)
      add_library(${plugin} OBJECT ${sources})
      target_link_libraries(${plugin} PUBLIC picket_flags fmt::fmt)
      if(EXISTS ${folder}/plugin.cmake)
        include(${folder}/plugin.cmake)
      endif()
      add_library(${parent}_${name} MODULE)
      target_link_libraries(${parent}_${name} PRIVATE ${plugin})
      set_target_properties(${parent}_${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
        LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/picket/$<IF:$<STREQUAL:${parent},examples>,examples,plugins>)
      if(NOT parent STREQUAL "examples")
        install(TARGETS ${parent}_${name} LIBRARY DESTINATION lib/picket/plugins)
      endif()
      picket_unit_tests(${parent}_${name} ${folder} ${plugin} picket_core)
    endif()
  endforeach()
endfunction()
