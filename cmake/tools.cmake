# The command line, as build/berm. It uses the public header alone, linked statically so that it runs from anywhere.
file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cli/*.c)
if(sources)
    add_executable(berm ${sources})
    target_include_directories(berm PRIVATE ${PROJECT_SOURCE_DIR}/cli)
    target_link_libraries(berm PRIVATE berm_static berm_warnings)
    target_compile_definitions(berm PRIVATE _POSIX_C_SOURCE=200809L)
    set_target_properties(berm PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endif()

# The conformance runner, as build/berm-conformance: it looks below the public header, at single expressions.
if(BERM_BUILD_TESTS)
    add_executable(berm-conformance ${PROJECT_SOURCE_DIR}/tests/conformance/cel.c)
    target_include_directories(berm-conformance PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_link_libraries(berm-conformance PRIVATE berm_static berm_internal)
    set_target_properties(berm-conformance PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endif()
