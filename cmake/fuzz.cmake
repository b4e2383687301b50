# One libFuzzer program per file of fuzz/. Run: build-fuzz/fuzz_json -max_total_time=60 fuzz/corpus/json
# Another engine, such as OSS-Fuzz's $LIB_FUZZING_ENGINE: -DBERM_FUZZ_ENGINE=..
set(BERM_FUZZ_ENGINE -fsanitize=fuzzer CACHE STRING "What fuzz targets are linked with")
separate_arguments(engine NATIVE_COMMAND "${BERM_FUZZ_ENGINE}")
file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/fuzz/*.c)
foreach(source IN LISTS sources)
    cmake_path(GET source STEM name)
    add_executable(fuzz_${name} ${source})
    target_link_libraries(fuzz_${name} PRIVATE berm_static berm_internal ${engine})
    set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endforeach()
