// Parses with simdjson's DOM, one round for each line of the input, as bench/round.c does its work:
//   peer_simdjson [-s SLICE] [-l] INPUT
// The parser is kept from document to document, so its memory is warm.
#include <simdjson.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

static long long read_clock()
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(int argc, char **argv)
{
    size_t slice = 0, at = 0;
    bool lines = false;
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; i++) {
        if (!std::strcmp(argv[i], "-l")) lines = true;
        else if (!std::strcmp(argv[i], "-s") && i + 1 < argc) slice = std::strtoul(argv[++i], nullptr, 10);
    }
    simdjson::padded_string text;
    if (i >= argc || simdjson::padded_string::load(argv[i]).get(text)) return 1;
    std::vector<simdjson::padded_string> texts;
    const char *p = text.data(), *end = p + text.size();
    while (lines && p < end) {
        const char *stop = static_cast<const char *>(std::memchr(p, '\n', size_t(end - p)));
        if (!stop) stop = end;
        texts.emplace_back(p, size_t(stop - p));
        p = stop + 1;
    }
    if (!lines) texts.emplace_back(std::move(text));
    if (!slice) slice = texts.size();
    simdjson::dom::parser parser(size_t(4) << 30);
    std::printf("ready\n");
    char line[64];
    while (std::fflush(stdout) == 0 && std::fgets(line, sizeof line, stdin)) {
        long long start = read_clock();
        for (size_t k = 0; k < slice; k++) {
            simdjson::dom::element root;
            if (parser.parse(texts[at]).get(root)) return 1;
            at = at + 1 < texts.size() ? at + 1 : 0;
        }
        std::printf("%lld\n", read_clock() - start);
    }
}
