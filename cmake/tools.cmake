# The command line, as build/berm. It uses the public header alone, linked statically so that it runs from anywhere.
file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cli/*.c)
if(sources)
    add_executable(berm ${sources})
    target_include_directories(berm PRIVATE ${PROJECT_SOURCE_DIR}/cli)
    find_package(Threads REQUIRED) # berm check --jobs
    target_link_libraries(berm PRIVATE berm_static berm_warnings Threads::Threads)
    target_compile_definitions(berm PRIVATE _POSIX_C_SOURCE=200809L)
    set_target_properties(berm PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endif()

# The conformance runners, one program per file of tests/conformance/; that of CEL is build/berm-conformance. They look
# below the public header, at single expressions and single readers.
file(GLOB runners CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/conformance/*.c)
if(NOT BERM_BUILD_TESTS)
    set(runners)
endif()
foreach(source IN LISTS runners)
    cmake_path(GET source STEM name)
    set(target conformance_${name})
    if(name STREQUAL "cel")
        set(target berm-conformance)
    endif()
    add_executable(${target} ${source})
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_link_libraries(${target} PRIVATE berm_static berm_internal)
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endforeach()
