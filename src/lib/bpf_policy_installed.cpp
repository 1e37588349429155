// SPDX-License-Identifier: GPL-2.0-only
#include "lib/bpf_policy_installed.hpp"

#include <algorithm>

#include "lib/bpf_info.hpp"
#include "lib/bpf_skeleton.hpp"
#include "lib/join.hpp"
#include "policy/policy.hpp"

namespace pasid {

namespace {

constexpr std::uint32_t nr_slots = 2;
constexpr std::size_t nodes_size = IOASID_MAX_NODES * sizeof(ioasid_node); // a single variable

} // namespace

Error version_mismatch(const char *what)
{
    return Error{what, "the active policy was installed by another version of pasidctl",
                 "use that version, or remove the policy first: pasidctl policy remove"};
}

Result<InstalledMaps> InstalledMaps::open(const PinDirectory &pins, For use)
{
    InstalledMaps installed;
    installed.inode_ = pins.inode("link");
    const struct {
        const char *name;
        std::size_t size;
        Fd &fd;
    } maps[] = {{"control", sizeof(ioasid_policy_control), installed.control_},
                {"image", sizeof(ioasid_policy_image), installed.image_},
                {"nodes", nodes_size, installed.nodes_},
                {"engine", sizeof(ioasid_engine), installed.engine_}};
    for (const auto &map : maps)
        if (auto done = installed.open_map(pins, map.name, map.size, use, map.fd); !done)
            return done.error();
    if (use == For::changing) {
        // The layout of the struct_ops map is internal to the kernel.
        if (auto done = installed.open_map(pins, "ops", 0, use, installed.ops_); !done)
            return done.error();
        installed.link_.reset(bpf_obj_get(pins.pin("link").c_str()));
        if (!installed.link_)
            return system_error("cannot open " + pins.pin("link"), errno, rights_remedy(errno));
    }
    const auto control = installed.control();
    if (!control)
        return control.error();
    if (control->now.active >= nr_slots)
        return version_mismatch("cannot read the policy");
    return installed;
}

Result<void> InstalledMaps::open_map(const PinDirectory &pins, const char *name,
                                     std::size_t value_size, For use, Fd &fd)
{
    LIBBPF_OPTS(bpf_obj_get_opts, options);
    fd.reset(bpf_obj_get_opts(pins.pin(name).c_str(), &options));
    if (!fd && errno == EROFS && use == For::reading) {
        options.file_flags = BPF_F_RDONLY;
        fd.reset(bpf_obj_get_opts(pins.pin(name).c_str(), &options));
    }
    if (!fd && errno == ENOENT)
        return version_mismatch("cannot read the policy");
    if (!fd)
        return system_error("cannot open " + pins.pin(name), errno,
                            errno == EPERM || errno == EACCES ? rights_remedy(errno)
                                                              : "see pasidctl doctor");
    const auto info = bpf_info<bpf_map_info>(fd.get());
    if (!info)
        return system_error("cannot open " + pins.pin(name), errno);
    if (value_size != 0 && info->value_size != value_size)
        return version_mismatch("cannot read the policy");
    return {};
}

Result<ioasid_policy_control> InstalledMaps::control() const
{
    ioasid_policy_control control{};
    if (bpf_map_lookup_elem(control_.get(), &control_key, &control) != 0)
        return system_error("cannot read the policy", errno);
    return control;
}

Result<InstalledMaps::ImageBox> InstalledMaps::image(std::uint32_t slot) const
{
    auto image = std::make_unique<ioasid_policy_image>();
    if (bpf_map_lookup_elem(image_.get(), &slot, image.get()) != 0)
        return system_error("cannot read the policy", errno);
    return image;
}

Result<void> InstalledMaps::replace(ioasid_policy_image &image) const
{
    const auto now = control();
    if (!now)
        return now.error();
    const auto old = this->image(now->now.active);
    if (!old)
        return old.error();
    if (!policy::readable(**old))
        return version_mismatch("cannot replace the policy");
    ioasid_policy_control next = *now;
    next.next = {1 - now->now.active, now->now.generation + 1, clocks_now().wall_ns};
    policy::stamp(image, next.next.generation, (*old)->first_rule_id + (*old)->nr_rules);

    // programs that may still read the slot, from an apply that was killed here
    wait_for_programs();
    if (bpf_map_update_elem(image_.get(), &next.next.active, &image, BPF_ANY) != 0 ||
        bpf_map_update_elem(control_.get(), &control_key, &next, BPF_ANY) != 0)
        return system_error("cannot replace the policy", errno, rights_remedy(errno));
    // Updates the link with the same programs. The module then shows them every cgroup, the root
    // first, where they switch to the next image, and reports the change.
    if (const int result = bpf_link_update(link_.get(), ops_.get(), nullptr); result != 0)
        return system_error("cannot replace the policy", -result, "see pasidctl doctor");
    return {};
}

// The kernel only allows mmap() of maps that are opened for writing.
Result<std::span<const ioasid_node>> InstalledMaps::all_nodes()
{
    if (mapping_.size() == 0 && copied_.empty()) {
        auto mapped = Mapping::of_fd(nodes_.get(), nodes_size, PROT_READ);
        if (mapped)
            mapping_ = std::move(*mapped);
    }
    if (mapping_.size() != 0)
        return mapping_.as<const ioasid_node>();
    const __u32 zero = 0;
    copied_.resize(IOASID_MAX_NODES);
    if (bpf_map_lookup_elem(nodes_.get(), &zero, copied_.data()) != 0)
        return system_error("cannot read the policy", errno);
    return std::span<const ioasid_node>(copied_);
}

Result<ioasid_engine> InstalledMaps::engine() const
{
    const __u32 zero = 0;
    ioasid_engine engine{};
    if (bpf_map_lookup_elem(engine_.get(), &zero, &engine) != 0)
        return system_error("cannot read the policy", errno);
    return engine;
}

Result<std::vector<ioasid_node>> InstalledMaps::nodes()
{
    const auto nodes = all_nodes();
    if (!nodes)
        return nodes.error();
    const auto engine = this->engine();
    if (!engine)
        return engine.error();
    // Nodes are numbered from 1 in the order of first use.
    const std::size_t count = std::min<std::size_t>(engine->last_node + 1, IOASID_MAX_NODES);
    std::vector<ioasid_node> used;
    for (const ioasid_node &node : nodes->first(count))
        if (node.cgroup_id != 0)
            used.push_back(node);
    return used;
}

} // namespace pasid
