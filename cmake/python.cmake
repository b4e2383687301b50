# The Python extension berm/_core.abi3.so: the library as one unit, and the binding's own files, which see the public
# header alone. In build/python with the package's Python files beside it, so that PYTHONPATH=build/python is enough.
find_package(Python 3.11 REQUIRED COMPONENTS Interpreter Development.Module)

add_library(berm_unit OBJECT ${PROJECT_SOURCE_DIR}/lib/berm.c)
target_link_libraries(berm_unit PRIVATE berm_internal)

file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bindings/python/src/*.c)
# Slots of types keep functions as void *, and keywords are an array of char *: that is how Python's API is.
set_property(SOURCE ${sources} APPEND PROPERTY COMPILE_OPTIONS -Wno-pedantic -Wno-write-strings)
python_add_library(_core MODULE ${sources})
target_compile_definitions(_core PRIVATE Py_LIMITED_API=0x030B0000 _POSIX_C_SOURCE=200809L)
target_include_directories(_core PRIVATE ${PROJECT_SOURCE_DIR}/include)
target_link_libraries(_core PRIVATE $<TARGET_OBJECTS:berm_unit> berm_warnings PkgConfig::PCRE2 PkgConfig::YAML m)
set(python_map ${PROJECT_SOURCE_DIR}/cmake/python.map)
set_target_properties(_core PROPERTIES SUFFIX .abi3.so LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/python/berm
    LINK_DEPENDS ${python_map})
target_link_options(_core PRIVATE LINKER:--version-script=${python_map} LINKER:--gc-sections)

file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bindings/python/berm/*)
add_custom_target(python_files ALL COMMAND ${CMAKE_COMMAND} -E copy_if_different ${sources}
    ${PROJECT_BINARY_DIR}/python/berm)
install(TARGETS _core LIBRARY DESTINATION berm COMPONENT python)
