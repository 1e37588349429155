// SPDX-License-Identifier: GPL-2.0
#include "model/snapshot.hpp"

#include <algorithm>
#include <map>

namespace pasid {

std::vector<Process> processes(const Snapshot &snapshot)
{
    std::map<std::uint32_t, Process> by_pid;

    for (const Ioasid &ioasid : snapshot.ioasids) {
        Process &process = by_pid[ioasid.pid];
        if (process.pasids == 0) {
            process.pid = ioasid.pid;
            process.uid = ioasid.uid;
            process.comm = ioasid.comm;
            process.cgroup = ioasid.cgroup;
        }
        process.pasids++;
        process.active += ioasid.state == IOASID_STATE_ACTIVE;
        process.free_pending += ioasid.state == IOASID_STATE_FREE_PENDING;
        process.bindings += ioasid.devices.size();
        process.oldest_ns = std::max(process.oldest_ns, ioasid.age_ns);
    }

    std::vector<Process> rows;
    rows.reserve(by_pid.size());
    for (auto &[pid, process] : by_pid)
        rows.push_back(std::move(process));
    return rows;
}

} // namespace pasid
