# Installing: header, both libraries, the command, and what finds them (CMake package, pkg-config file). The installed
# tree can be moved: nothing in it names the prefix.
include(CMakePackageConfigHelpers)

if(IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR} OR IS_ABSOLUTE ${CMAKE_INSTALL_INCLUDEDIR})
    message(FATAL_ERROR "CMAKE_INSTALL_LIBDIR and _INCLUDEDIR must be relative: what is installed can be moved")
endif()

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/berm)
set(pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/berm DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.h" PATTERN "*.def")
foreach(kind shared static)
    install(TARGETS berm_${kind} EXPORT berm-${kind}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(EXPORT berm-${kind} NAMESPACE berm:: DESTINATION ${package_dir})
endforeach()
if(TARGET berm)
    install(TARGETS berm RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    install(FILES ${PROJECT_SOURCE_DIR}/docs/berm.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
    install(FILES ${PROJECT_SOURCE_DIR}/share/berm-policy.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/berm)
    install(FILES ${PROJECT_SOURCE_DIR}/share/completions/berm.bash RENAME berm
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
    install(FILES ${PROJECT_SOURCE_DIR}/share/completions/_berm DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
    install(FILES ${PROJECT_SOURCE_DIR}/share/completions/berm.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()

configure_package_config_file(cmake/bermConfig.cmake.in ${PROJECT_BINARY_DIR}/bermConfig.cmake
    INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/bermConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/bermConfig.cmake ${PROJECT_BINARY_DIR}/bermConfigVersion.cmake
    DESTINATION ${package_dir})

string(REGEX REPLACE "[^/]+" ".." BERM_PC_UP ${pc_dir}) # from the .pc file back to the prefix
configure_file(pkgconfig/berm.pc.in ${PROJECT_BINARY_DIR}/berm.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/berm.pc DESTINATION ${pc_dir})
