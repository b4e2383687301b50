# The library. Each layer of lib/ is an archive of its own, so that the unit tests of a layer need no layer above it and
# of the layers below only what they use; berm_static and berm_shared are made of the objects of all of them.
set(BERM_LAYERS base data cel code vm policy report api)

# The parts that a build may leave out, each a folder lib/*/PART; lib/base/parts.h says what they are. What is always
# there is the core, and has a size to keep (tests/install/core).
set(BERM_ALL_PARTS authoring dialects fast formats fused governance)
set(BERM_PARTS ${BERM_ALL_PARTS} CACHE STRING "Optional parts of the library")
set(BERM_LEFT_OUT ${BERM_ALL_PARTS})
list(REMOVE_ITEM BERM_LEFT_OUT "" ${BERM_PARTS})
foreach(part IN LISTS BERM_PARTS)
    if(NOT part IN_LIST BERM_ALL_PARTS)
        message(FATAL_ERROR "BERM_PARTS: there is no part '${part}'; the parts are ${BERM_ALL_PARTS}")
    endif()
endforeach()

# What every layer sees: its own headers, the public one, and how to compile.
add_library(berm_internal INTERFACE)
target_include_directories(berm_internal INTERFACE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/lib)
target_compile_definitions(berm_internal INTERFACE _POSIX_C_SOURCE=200809L)
foreach(part IN LISTS BERM_LEFT_OUT)
    string(TOUPPER ${part} name)
    target_compile_definitions(berm_internal INTERFACE BERM_PART_${name}=0)
endforeach()
target_compile_options(berm_internal INTERFACE -ffunction-sections -fdata-sections) # the linker drops what nobody calls
target_link_libraries(berm_internal INTERFACE berm_warnings PkgConfig::PCRE2 PkgConfig::YAML m)

# Doubles are doubles: where the compiler keeps them longer than that (x87), CEL's arithmetic would give other results.
# Method 1 (s390x) computes floats as doubles and doubles as they are.
include(CheckCSourceCompiles)
check_c_source_compiles("#include <float.h>
int main(void) { int a[FLT_EVAL_METHOD == 0 || FLT_EVAL_METHOD == 1 ? 1 : -1]; return sizeof a == 0; }" BERM_EXACT_DOUBLES)
if(NOT BERM_EXACT_DOUBLES)
    add_compile_options(-msse2 -mfpmath=sse)
endif()
add_compile_definitions(_FILE_OFFSET_BITS=64) # files and folders of any size, also where a long has 32 bits

# The shared library stays small: no unwind tables (C code is not unwound through; debuggers have -g), and only
# what is hot is compiled for speed.
target_compile_options(berm_internal INTERFACE -fno-asynchronous-unwind-tables -fno-unwind-tables)
# What runs per byte, per node or per instruction is compiled for speed: the readers, the tree, values, the VM.
string(CONCAT BERM_HOT "lib/base/(hash|number_int|number_parse|powers|utf8)|"
    "lib/data/(fast/[a-z_]*|json_read|map_finish|store|tree|value_find)|"
    "lib/vm/(exec|loop|ops_(access|call|logic|loop)|regex_dfa)")

# What is cold is compiled for size alone; what is hot is not spread over addresses that are multiples of 16, except for
# its loops.
include(CheckCCompilerFlag)
check_c_compiler_flag(-Oz BERM_HAS_OZ)
set(BERM_COLD_OPTION $<IF:$<BOOL:${BERM_HAS_OZ}>,-Oz,-Os>)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    # Copies of structures taken apart into their members make more code, not less; jump tables are data besides.
    list(APPEND BERM_COLD_OPTION -fno-tree-sra -fno-ipa-sra -fno-tree-dominator-opts -fno-jump-tables)
    target_compile_options(berm_internal INTERFACE
        $<$<NOT:$<CONFIG:Debug>>:-falign-functions=1;-falign-jumps=1;-falign-labels=1>)
endif()

set(BERM_OBJECTS)
set(BERM_LAYERS_PRESENT)
foreach(layer IN LISTS BERM_LAYERS)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/lib/${layer}/*.c)
    foreach(part IN LISTS BERM_LEFT_OUT)
        list(FILTER sources EXCLUDE REGEX "/lib/${layer}/${part}/")
    endforeach()
    if(sources)
        add_library(berm_${layer} STATIC EXCLUDE_FROM_ALL ${sources})
        target_link_libraries(berm_${layer} PRIVATE berm_internal)
        list(FILTER sources EXCLUDE REGEX ${BERM_HOT})
        set_property(SOURCE ${sources} APPEND PROPERTY COMPILE_OPTIONS
            "$<$<NOT:$<CONFIG:Debug>>:${BERM_COLD_OPTION}>")
        list(APPEND BERM_OBJECTS $<TARGET_OBJECTS:berm_${layer}>)
        list(PREPEND BERM_LAYERS_PRESENT ${layer}) # from the top down, as the linker reads archives
    endif()
endforeach()

set(BERM_SOVERSION 0) # goes up with every incompatible change until 1.0, then follows the major version
set(version_script ${PROJECT_SOURCE_DIR}/cmake/berm.map)

add_library(berm_static STATIC ${BERM_OBJECTS})
add_library(berm_shared SHARED ${BERM_OBJECTS})
foreach(target berm_static berm_shared)
    set_target_properties(${target} PROPERTIES OUTPUT_NAME berm LINKER_LANGUAGE C
        ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR} LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
    target_include_directories(${target} PUBLIC
        $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    target_link_libraries(${target} PRIVATE PkgConfig::PCRE2 PkgConfig::YAML m)
endforeach()
set_target_properties(berm_static PROPERTIES EXPORT_NAME static)
set_target_properties(berm_shared PROPERTIES EXPORT_NAME shared VERSION ${PROJECT_VERSION} SOVERSION ${BERM_SOVERSION}
    LINK_DEPENDS ${version_script})
target_link_options(berm_shared PRIVATE LINKER:--version-script=${version_script} LINKER:--gc-sections)
include(CheckLinkerFlag) # a tenth of the library would be relocations of its tables; the packed form is read by glibc >= 2.36
check_linker_flag(C LINKER:-z,pack-relative-relocs BERM_PACKED_RELOCATIONS)
if(BERM_PACKED_RELOCATIONS)
    target_link_options(berm_shared PRIVATE LINKER:-z,pack-relative-relocs)
endif()
if(NOT BERM_SANITIZE AND NOT BERM_FUZZ)
    target_link_options(berm_shared PRIVATE LINKER:--no-undefined) # sanitizers leave their own symbols to the program
endif()
add_library(berm::static ALIAS berm_static)
add_library(berm::shared ALIAS berm_shared)
add_library(berm::berm ALIAS berm_shared)
