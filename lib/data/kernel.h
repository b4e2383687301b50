/* Which instructions read JSON texts: for tests, which try them all. */
#ifndef BERM_DATA_KERNEL_H
#define BERM_DATA_KERNEL_H

/* How a text is read. AUTO: the best kernel that this machine has. PLAIN: not by the fast reader at
   all. */
typedef enum berm_kernel {
    BERM_KERNEL_AUTO,
    BERM_KERNEL_PLAIN,
    BERM_KERNEL_PORTABLE,
    BERM_KERNEL_NEON,
    BERM_KERNEL_AVX2,
    BERM_KERNEL_AVX512,
    BERM_KERNEL_COUNT
} berm_kernel;

#endif
