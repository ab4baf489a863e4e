# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts where. Plugins are installed where they are made (Picket.cmake). The program finds its
# plugins and policies from its own place (core/plugin/paths.hpp), so any prefix will do; its configuration it looks for in
# /etc/picket, whatever the prefix, as logrotate does for its own.
include(GNUInstallDirs)
set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
  WORLD_READ WORLD_EXECUTE)
# A package is made of the program, the plugins and the manual: no test has to be built for it.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(config_dir /etc/picket)

install(TARGETS picket RUNTIME DESTINATION bin)
install(DIRECTORY policies DESTINATION share/picket)
install(DIRECTORY plugins/include/picket DESTINATION include)
install(FILES etc/picket.toml DESTINATION ${config_dir})
install(DIRECTORY DESTINATION ${config_dir}/conf.d)
install(FILES etc/logrotate.d/picket DESTINATION /etc/logrotate.d)
install(FILES etc/prometheus-rules.yaml etc/grafana-dashboard.json etc/openapi.yaml DESTINATION share/picket)
install(FILES etc/sysusers.d/picket.conf DESTINATION lib/sysusers.d)
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(unit_dir /lib/systemd/system)
else()
  set(unit_dir lib/systemd/system)
endif()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS etc/systemd/picket.service)
file(READ etc/systemd/picket.service unit)
string(REPLACE /usr/bin/picket ${CMAKE_INSTALL_FULL_BINDIR}/picket unit "${unit}")
file(WRITE ${CMAKE_BINARY_DIR}/picket.service "${unit}")
install(FILES ${CMAKE_BINARY_DIR}/picket.service DESTINATION ${unit_dir})
file(GLOB pages CONFIGURE_DEPENDS docs/*.md)
install(FILES README.md ${pages} DESTINATION share/doc/picket)

# Made by the program itself; `manual` is no part of `all`, since only a package needs it.
find_program(SCDOC scdoc)
find_program(GZIP gzip)
set(made ${CMAKE_BINARY_DIR}/manual)
file(MAKE_DIRECTORY ${made})
set(completions)
foreach(shell IN ITEMS bash zsh)
  add_custom_command(OUTPUT ${made}/${shell} COMMAND picket completion ${shell} > ${made}/${shell} DEPENDS picket VERBATIM)
  list(APPEND completions ${made}/${shell})
endforeach()
install(FILES ${made}/bash DESTINATION share/bash-completion/completions RENAME picket OPTIONAL)
install(FILES ${made}/zsh DESTINATION share/zsh/vendor-completions RENAME _picket OPTIONAL)
set(pages)
if(SCDOC AND GZIP)
  foreach(page IN ITEMS picket.1 picket.toml.5)
    string(REGEX REPLACE "^(.*)\\.([0-9])$" "\\1;\\2" parts ${page})
    list(GET parts 0 name)
    list(GET parts 1 section)
    add_custom_command(OUTPUT ${made}/${page}.gz DEPENDS picket VERBATIM
      COMMAND picket manual ${name} > ${made}/${page}.scd
      COMMAND ${SCDOC} < ${made}/${page}.scd > ${made}/${page}
      COMMAND ${GZIP} -9nc ${made}/${page} > ${made}/${page}.gz)
    list(APPEND pages ${made}/${page}.gz)
    install(FILES ${made}/${page}.gz DESTINATION share/man/man${section} OPTIONAL)
  endforeach()
endif()
add_custom_target(manual DEPENDS ${completions} ${pages})
