/* The public header, first and twice, in a file that uses it: compiled as C99, C11 and C++17,
   every warning an error. */
#include <berm/berm.h>

const char *use_header(berm_status *status);

const char *use_header(berm_status *status)
{
    *status = BERM_OK;
    return berm_version();
}
