// SPDX-License-Identifier: GPL-2.0-only
#include "lib/libbpf_log.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <sstream>

#include <bpf/libbpf.h>

namespace pasid {

namespace {

std::string collected; // libbpf's print callback has no context argument
constexpr std::size_t max_collected = 1u << 20;

__attribute__((format(printf, 2, 0))) int collect(libbpf_print_level level, const char *format,
                                                  va_list arguments)
{
    if (level == LIBBPF_DEBUG)
        return 0;
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(nullptr, 0, format, again);
    va_end(again);
    if (length < 0)
        return length;
    // One message contains the whole verifier log, which can be long and has the reason at its end.
    std::string text(static_cast<std::size_t>(length) + 1, '\0');
    vsnprintf(text.data(), text.size(), format, arguments);
    text.pop_back();
    if (collected.size() < max_collected)
        collected += text;
    if (std::getenv("PASIDCTL_DEBUG"))
        std::fputs(text.c_str(), stderr);
    return length;
}

// Returns the last lines of the first verifier log, or "" if there is none. The summary line is
// skipped.
std::string verifier_reason(std::string_view log)
{
    constexpr std::string_view begin = "BEGIN PROG LOAD LOG --\n", end = "-- END PROG LOAD LOG";
    constexpr std::size_t wanted = 3;
    const std::size_t from = log.find(begin);
    if (from == log.npos)
        return {};
    log.remove_prefix(from + begin.size());
    std::istringstream lines(std::string(log.substr(0, log.find(end))));
    std::deque<std::string> last;
    for (std::string line; std::getline(lines, line);)
        if (!line.empty() && line.rfind("processed ", 0) != 0) {
            last.push_back(line);
            if (last.size() > wanted)
                last.pop_front();
        }
    std::string text;
    for (const std::string &line : last)
        text += (text.empty() ? "" : " | ") + line;
    return text;
}

} // namespace

BpfLog::BpfLog()
{
    collected.clear();
    libbpf_set_print(collect);
}

BpfLog::~BpfLog() { libbpf_set_print(nullptr); }

std::string BpfLog::reason() const
{
    std::istringstream lines(collected);
    std::string best;
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("libbpf: ", 0) == 0)
            line.erase(0, 8);
        // The first failure is the cause; later ones follow from it.
        if (best.empty() && (line.find("failed") != std::string::npos ||
                             line.find("not found") != std::string::npos ||
                             line.find("ailed to find") != std::string::npos))
            best = line;
    }
    const std::string why = verifier_reason(collected);
    return why.empty() ? best : best + ": " + why;
}

} // namespace pasid
