# Measurements (bench/): built with the tests, run by hand.
add_executable(bench_regex_hostile ${PROJECT_SOURCE_DIR}/bench/regex_hostile.c)
target_include_directories(bench_regex_hostile PRIVATE ${PROJECT_SOURCE_DIR}/tests/unit)
target_link_libraries(bench_regex_hostile PRIVATE berm_static berm_internal)
