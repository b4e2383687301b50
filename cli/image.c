/* Images as files: written whole or not at all, loaded from the very bytes that were verified. */
#include "cli.h"
#include "signature.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char image_magic[] = "\x89"
                                  "BERM\r\n\x1a";

bool is_image(const berm_source *source)
{
    static const char ending[] = ".berm";
    size_t magic = sizeof image_magic - 1, end = sizeof ending - 1;
    bool named = source->name.len > end &&
                 memcmp(source->name.ptr + source->name.len - end, ending, end) == 0;
    return named ||
           (source->text.len >= magic && memcmp(source->text.ptr, image_magic, magic) == 0);
}

const berm_source *find_image(const source_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].role == BERM_ROLE_POLICY && is_image(&list->items[i]))
            return &list->items[i];
    return NULL;
}

int refuse_image(const source_list *list, const char *command)
{
    const berm_source *image = find_image(list);
    if (!image) return EXIT_PASSED;
    fprintf(stderr, "berm: %s: a compiled image; %s looks at policies as they are written\n",
            image->name.ptr, command);
    return EXIT_USAGE;
}

/* --- loading --- */

/* What an image does not go with: it is a whole set, with everything bound that it was given. */
static const char *find_clash(const options *o, const source_list *list)
{
    if (o->profile) return "--profile";
    if (o->parameter_files.count) return "--parameters";
    if (o->waiver_files.count) return "--waivers";
    return list->count > 1 ? "other policies" : NULL;
}

static int check_signature(const options *o, const berm_source *image)
{
    const char *path = image->name.ptr;
    char *beside = path_beside(path, ".sig");
    size_t len;
    if (!beside) return EXIT_BROKEN;
    int code = EXIT_USAGE;
    char *signature = NULL;
    if (strcmp(path, "-") == 0)
        fprintf(stderr, "berm: what comes from the standard input has no signature beside it\n");
    else if (access(beside, F_OK))
        fprintf(stderr, "berm: %s: not signed: there is no %s\n", path, beside);
    else signature = read_file(beside, &len);
    if (signature)
        code = verify_signature(o->verify_key, path, image->text, (berm_str){signature, len});
    free(signature);
    free(beside);
    return code;
}

/* The bytes become the policy's. */
static int load_bytes(berm_engine *engine, berm_source *image, berm_policy **out)
{
    berm_error err = {0};
    berm_str bytes = image->text;
    image->text = (berm_str){NULL, 0};
    berm_status status =
        berm_policy_borrow(engine, bytes, free, (void *)(uintptr_t)bytes.ptr, out, &err);
    if (!status) return EXIT_PASSED;
    print_error(image->name.ptr, &err);
    return status == BERM_E_NOMEM ? EXIT_BROKEN : EXIT_USAGE;
}

int load_image(berm_engine *engine, const options *o, source_list *list, berm_policy **out)
{
    berm_source *image = (berm_source *)(uintptr_t)find_image(list);
    if (!image) {
        fprintf(stderr, "berm: --verify-key takes an image that 'berm compile --sign' wrote; "
                        "policies that are not compiled are not signed\n");
        return EXIT_USAGE;
    }
    const char *clash = find_clash(o, list);
    if (clash) {
        fprintf(stderr,
                "berm: %s: an image is a whole set, it does not go with %s; give that to "
                "'berm compile', with all policies\n",
                image->name.ptr, clash);
        return EXIT_USAGE;
    }
    int code = o->verify_key ? check_signature(o, image) : EXIT_PASSED;
    return code ? code : load_bytes(engine, image, out);
}

/* --- writing --- */

static int write_image(const options *o, berm_str bytes)
{
    char signature[SIGNATURE_LEN];
    const char *path = o->image_path;
    if (!o->sign_key) return replace_file(path, bytes);
    int code = make_signature(o->sign_key, bytes, signature);
    if (code) return code;
    char *beside = path_beside(path, ".sig");
    if (!beside) return EXIT_BROKEN;
    code = replace_file(path, bytes);
    if (!code) code = replace_file(beside, (berm_str){signature, sizeof signature});
    free(beside);
    return code;
}

static int save_image(const options *o, const berm_policy *policy)
{
    kept_text image = {NULL, 0};
    berm_sink sink = {keep_text, &image};
    berm_error err = {0};
    int code = EXIT_BROKEN;
    if (berm_policy_save(policy, &sink, &err)) print_error(o->image_path, &err);
    else code = write_image(o, (berm_str){image.text, image.len});
    free(image.text);
    return code;
}

int run_compile(const options *o)
{
    const path_list *paths = o->policies.count ? &o->policies : &o->inputs;
    if (!paths->count || (o->policies.count && o->inputs.count) || !o->image_path) {
        fprintf(stderr, "berm: compile takes -o FILE, and policy files or directories\n");
        return EXIT_USAGE;
    }
    if (o->sign_key && strcmp(o->image_path, "-") == 0) {
        fprintf(stderr, "berm: --sign needs a file: the signature stands beside it\n");
        return EXIT_USAGE;
    }
    berm_engine *engine = make_engine(o);
    berm_policy *policy = NULL;
    if (!engine) return EXIT_BROKEN;
    int code = compile_set(engine, o, paths, 0, &policy);
    if (!code) code = save_image(o, policy);
    berm_policy_unref(policy);
    berm_engine_unref(engine);
    return code;
}
