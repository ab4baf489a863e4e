# SPDX-License-Identifier: Apache-2.0
# The Debian package, which scripts/package makes. What is particular to Debian stands in debian/; the version is that of
# its changelog.
if(NOT GZIP)
  return()
endif()
set(PICKET_MAINTAINER "Picket maintainers <maintainers@picket.example>" CACHE STRING "Whom the package names")
set(debian ${CMAKE_CURRENT_LIST_DIR}/debian)
set(made ${CMAKE_BINARY_DIR}/debian)

configure_file(${debian}/changelog.in ${made}/changelog @ONLY)
file(STRINGS ${made}/changelog newest LIMIT_COUNT 1)
if(NOT newest MATCHES "^picket \\(([^-]+)-([^)]+)\\)" OR NOT CMAKE_MATCH_1 STREQUAL PROJECT_VERSION)
  message(FATAL_ERROR "${debian}/changelog.in begins with '${newest}', but this is picket ${PROJECT_VERSION}")
endif()
set(CPACK_DEBIAN_PACKAGE_RELEASE ${CMAKE_MATCH_2})
execute_process(COMMAND ${GZIP} -9nc ${made}/changelog OUTPUT_FILE ${made}/changelog.Debian.gz
  COMMAND_ERROR_IS_FATAL ANY)
install(FILES ${made}/changelog.Debian.gz ${debian}/copyright DESTINATION share/doc/picket)
install(FILES ${debian}/lintian-overrides DESTINATION share/lintian/overrides RENAME picket)

set(CPACK_GENERATOR DEB)
set(CPACK_CMAKE_GENERATOR Ninja)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_SOURCE_DIR}/build/package)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CONTACT ${PICKET_MAINTAINER})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "packet sentry: watches traffic, finds abuse by Lua policies")
set(CPACK_PACKAGE_DESCRIPTION "Picket watches the traffic of a server, a hosting node or a network. It
folds packets into flow records, keeps windowed counters, and lets small Lua
policies decide whether somebody is abusing it: scans, floods, amplification,
mining. What it finds it tells as alerts, over HTTP, and as metrics for
Prometheus.
.
After installation it runs and observes; it blocks nobody.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# kill(1) for the reload.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "systemd (>= 247), procps")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "logrotate, lmdb-utils")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
file(WRITE ${made}/conffiles "${config_dir}/picket.toml\n/etc/logrotate.d/picket\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${made}/conffiles ${debian}/postinst ${debian}/prerm ${debian}/postrm)
include(CPack)
