# Measurements (bench/): built with the tests, run by hand.
add_executable(bench_regex_hostile ${PROJECT_SOURCE_DIR}/bench/regex_hostile.c)
target_include_directories(bench_regex_hostile PRIVATE ${PROJECT_SOURCE_DIR}/tests/unit)
target_link_libraries(bench_regex_hostile PRIVATE berm_static berm_internal)

# Inputs and rounds of bench/run; the peers it compares with are built by bench/peers/build.
add_executable(bench_gen bench/gen.c bench/gen_hostile.c bench/gen_plan.c bench/gen_reviews.c)
target_compile_definitions(bench_gen PRIVATE _POSIX_C_SOURCE=200809L)
target_link_libraries(bench_gen PRIVATE berm_warnings)
add_executable(bench_round bench/round.c)
target_link_libraries(bench_round PRIVATE berm_static berm_warnings)
find_package(Python3 COMPONENTS Interpreter)
find_program(BERM_VALGRIND valgrind)
if(Python3_FOUND AND BERM_VALGRIND AND NOT BERM_SANITIZE)
    add_test(NAME bench.counts COMMAND ${Python3_EXECUTABLE} -B ${PROJECT_SOURCE_DIR}/bench/counts --short
        --build ${PROJECT_BINARY_DIR})
    set_tests_properties(bench.counts PROPERTIES LABELS bench TIMEOUT 300 SKIP_RETURN_CODE 77)
endif()
