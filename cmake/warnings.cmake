# The warnings every part of Berm is compiled with. A target links berm_warnings to get them.
add_library(berm_warnings INTERFACE)
target_compile_options(berm_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
    -Wundef -Wcast-qual -Wvla -Wpointer-arith -Wredundant-decls -Wwrite-strings)
if(BERM_WERROR)
    target_compile_options(berm_warnings INTERFACE -Werror)
endif()
