// SPDX-License-Identifier: GPL-2.0-only
// Run random histories on the core and on the model. A difference or a crash is reduced to a
// short history and printed with the seed that reproduces it.
//
//   core_model_test [--ops N] [--long] [--seed SEED] [--episode NUMBER]
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <ctime>

#include "driver.hpp"
#include "options.hpp"

using namespace pasid::core;

namespace {

constexpr size_t episode_length = 2000;

// Result of a child, available even if it dies.
struct Report {
    u64 episode;
    u64 ops;
    char message[400];
};

u64 seed_of(u64 seed, u64 episode) { return seed * 0x9E3779B97F4A7C15ull + episode; }

// Runs @body in a child; true: it returned true and did not die.
template <typename Body> bool in_child(Report *report, bool quiet, Body body)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (quiet && !freopen("/dev/null", "w", stderr))
            _exit(2);
        std::string message;
        bool fine = body(message);
        strncpy(report->message, message.c_str(), sizeof(report->message) - 1);
        _exit(!fine);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status) || (WEXITSTATUS(status) && !report->message[0]))
        strcpy(report->message, "crashed");
    return status == 0;
}

bool fails(Report *report, const std::vector<Op> &history)
{
    report->message[0] = 0;
    return !in_child(report, true,
                     [&](std::string &message) { return run_history(history, message); });
}

// Removes steps while the failure persists: halves, quarters, ... single steps.
std::vector<Op> shrink(Report *report, std::vector<Op> history)
{
    for (size_t part = history.size() / 2; part; part /= 2) {
        for (size_t begin = 0; begin < history.size();) {
            std::vector<Op> less = history;
            less.erase(less.begin() + static_cast<long>(begin),
                       less.begin() + static_cast<long>(std::min(begin + part, less.size())));
            if (fails(report, less))
                history = less;
            else
                begin += part;
        }
    }
    return history;
}

int explain(Report *report, u64 seed)
{
    u64 episode = report->episode;
    std::vector<Op> history = random_history(seed_of(seed, episode), episode_length);
    printf("FAIL: %s\nreplay with: --seed %llu --episode %llu\n", report->message,
           static_cast<unsigned long long>(seed), static_cast<unsigned long long>(episode));
    if (!fails(report, history)) {
        printf("not reproducible with this episode alone\n");
        return 1;
    }
    history = shrink(report, history);
    printf("reduced history, %zu steps:\n", history.size());
    fflush(stdout);
    in_child(report, false, [&](std::string &message) {
        bool fine = run_history(history, message, true);
        fprintf(stderr, "%s\n", message.c_str());
        return fine;
    });
    return 1;
}

} // namespace

int main(int argc, char **argv)
{
    const Options options = read_options(argc, argv);
    const u64 seed = options.seed;

    auto *report = static_cast<Report *>(
        mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    u64 first = options.episode < 0 ? 0 : static_cast<u64>(options.episode);
    u64 last =
        options.episode < 0 ? (options.ops + episode_length - 1) / episode_length : first + 1;
    bool fine = in_child(report, false, [&](std::string &message) {
        for (report->episode = first; report->episode < last; report->episode++) {
            auto history = random_history(seed_of(seed, report->episode), episode_length);
            if (!run_history(history, message))
                return false;
            report->ops += episode_length;
        }
        return true;
    });
    if (!fine)
        return explain(report, seed);
    printf("ok: %llu steps, seed %llu\n", static_cast<unsigned long long>(report->ops),
           static_cast<unsigned long long>(seed));
    return 0;
}
