// SPDX-License-Identifier: GPL-2.0-only
#include "lib/policy_store.hpp"

#include <array>

#include <bpf/bpf.h>

#include "lib/attached_programs.hpp"
#include "lib/bpf_policy_installed.hpp"
#include "lib/bpf_policy_object.hpp"
#include "lib/bpf_skeleton.hpp"
#include "lib/join.hpp"
#include "lib/module.hpp"
#include "lib/pins.hpp"
#include "policy/policy.hpp"

namespace pasid {

namespace {

class KernelPolicyStore : public PolicyStore {
  public:
    Result<std::optional<InstalledPolicy>> installed() override
    {
        // Retry if the policy is replaced while it is read.
        for (int tries = 0; tries < 8; tries++) {
            const auto current = open_current();
            if (!current)
                return current.error();
            if (!*current)
                return std::optional<InstalledPolicy>{};
            const auto before = current_->control();
            if (!before)
                return before.error();
            auto policy = read(*before);
            if (!policy)
                return std::move(policy).error();
            const auto after = current_->control();
            if (after && after->now.generation == before->now.generation)
                return std::optional(std::move(*policy));
        }
        return system_error("cannot read the policy", EBUSY,
                            "the policy kept changing while it was read; try again");
    }

    Result<std::uint64_t> version() override
    {
        const auto current = open_current();
        if (!current)
            return current.error();
        if (!*current)
            return std::uint64_t{0};
        const auto control = current_->control();
        if (!control)
            return control.error();
        // Generations restart with each first apply; the inode of the pin tells policies apart.
        return (current_->inode() << 32) ^ control->now.generation;
    }

    Result<void> install(ioasid_policy_image &image) override
    {
        const auto lock = pins_.lock();
        if (!lock)
            return lock.error();
        return install_locked(image);
    }

    Result<bool> install_over(std::uint64_t wanted, ioasid_policy_image &image) override
    {
        const auto lock = pins_.lock();
        if (!lock)
            return lock.error();
        const auto present = version();
        if (!present)
            return present.error();
        if (*present != wanted)
            return false;
        if (auto done = install_locked(image); !done)
            return done.error();
        return true;
    }

    Result<bool> remove() override
    {
        const auto lock = pins_.lock();
        if (!lock)
            return lock.error();
        current_.reset();
        // Hold the last reference, so that the policy ends when this function closes it. Otherwise
        // the kernel would release the link some time after its pin is removed.
        const Fd link(bpf_obj_get(pins_.pin("link").c_str()));
        const bool was_there = pins_.has("link");
        if (!was_there)
            if (auto elsewhere = check_elsewhere("cannot remove the policy"); !elsewhere)
                return elsewhere.error();
        if (auto cleared = pins_.clear(); !cleared)
            return cleared.error();
        if (link)
            bpf_link_detach(link.get());
        return was_there;
    }

    Result<void> try_load() override
    {
        const char *what = "cannot load the policy programs";
        return with_module(what, [&]() -> Result<void> {
            const BpfLog log;
            auto object = PolicyObject::load(what, log);
            return object ? Result<void>{} : Result<void>(std::move(object).error());
        });
    }

    Result<std::vector<ioasid_node>> nodes() override
    {
        const auto current = open_current();
        if (!current)
            return current.error();
        return *current ? current_->nodes() : Result(std::vector<ioasid_node>{});
    }

    Result<std::optional<ioasid_engine>> engine() override
    {
        const auto current = open_current();
        if (!current)
            return current.error();
        if (!*current)
            return std::optional<ioasid_engine>{};
        const auto engine = current_->engine();
        if (!engine)
            return engine.error();
        return std::optional(*engine);
    }

  private:
    Result<void> install_locked(ioasid_policy_image &image)
    {
        if (!pins_.has("link"))
            return install_first(image);
        auto current = InstalledMaps::open(pins_, InstalledMaps::For::changing);
        if (!current)
            return current.error();
        return current->replace(image);
    }

    // Returns false if no policy is installed.
    Result<bool> open_current()
    {
        const std::uint64_t inode = pins_.inode("link");
        if (current_ && current_->inode() != inode)
            current_.reset();
        if (inode == 0 && errno == EACCES)
            return system_error("cannot read " + pins_.path(), errno, rights_remedy(errno));
        if (inode == 0) {
            const auto elsewhere = check_elsewhere("cannot read the policy");
            return elsewhere ? Result<bool>(false) : Result<bool>(elsewhere.error());
        }
        if (!current_) {
            auto opened = InstalledMaps::open(pins_, InstalledMaps::For::reading);
            if (!opened)
                return std::move(opened).error();
            current_.emplace(std::move(*opened));
        }
        return true;
    }

    // Nothing is pinned here, so only the kernel knows whether a policy is active.
    Result<void> check_elsewhere(const char *what) const
    {
        const auto attached = policy_attached();
        if (!attached)
            return system_error(what, EPERM, rights_remedy(EPERM));
        if (!*attached)
            return {};
        return Error{what, "a policy is attached but not pinned in " + pins_.path(),
                     "use the bpffs in which it was applied (that of the host: nsenter --target 1 "
                     "--mount); if another program attached it, find it with bpftool link",
                     0, Exit::refused};
    }

    Result<InstalledPolicy> read(const ioasid_policy_control &control) const
    {
        InstalledPolicy policy;
        policy.generation = control.now.generation;
        policy.applied_ns = control.now.applied_ns;
        auto active = current_->image(control.now.active);
        auto other = current_->image(1 - control.now.active);
        if (!active || !other)
            return !active ? active.error() : other.error();
        if (!policy::readable(**active))
            return version_mismatch("cannot read the policy");
        policy.image = std::move(*active);
        if ((*other)->generation != 0)
            policy.previous = std::move(*other);
        return policy;
    }

    Result<void> install_first(ioasid_policy_image &image)
    {
        const char *what = "cannot apply the policy";
        return with_module(what,
                           [&] { return pins_.fill([&] { return load_and_pin(image, what); }); });
    }

    Result<void> load_and_pin(ioasid_policy_image &image, const char *what)
    {
        const BpfLog log;
        auto object = PolicyObject::load(what, log);
        if (!object)
            return std::move(object).error();
        if (auto filled = fill(*object, image); !filled)
            return filled;
        const std::array pinned{std::pair{"image", object->image},
                                std::pair{"control", object->control},
                                std::pair{"nodes", object->nodes},
                                std::pair{"engine", object->engine}, std::pair{"ops", object->ops}};
        for (const auto &[name, map] : pinned)
            if (const int result = bpf_map__pin(map, pins_.pin(name).c_str()); result != 0)
                return bpf_error(what, -result, log);
        return attach(*object, what, log);
    }

    static Result<void> fill(const PolicyObject &object, ioasid_policy_image &image)
    {
        ioasid_policy_control control{};
        control.now = {0, 1, clocks_now().wall_ns};
        control.next = control.now;
        policy::stamp(image, control.now.generation, 1);
        const __u32 slot = control.now.active;
        if (bpf_map_update_elem(bpf_map__fd(object.image), &slot, &image, BPF_ANY) != 0 ||
            bpf_map_update_elem(bpf_map__fd(object.control), &control_key, &control, BPF_ANY) != 0)
            return system_error("cannot fill the policy", errno);
        return {};
    }

    // The policy stays active only while this process lives, until the link is pinned.
    Result<void> attach(const PolicyObject &object, const char *what, const BpfLog &log) const
    {
        bpf_link *link = bpf_map__attach_struct_ops(object.ops);
        if (!link) {
            const int err = errno;
            if (err == EEXIST || err == EBUSY)
                return Error{what, "another program's policy is attached",
                             "find it with bpftool link and detach it", err, Exit::refused};
            return bpf_error(what, err, log);
        }
        const int result = bpf_link__pin(link, pins_.pin("link").c_str());
        bpf_link__destroy(link);
        return result == 0 ? Result<void>{} : bpf_error(what, -result, log);
    }

    PinDirectory pins_;
    std::optional<InstalledMaps> current_;
};

} // namespace

std::unique_ptr<PolicyStore> kernel_policy_store() { return std::make_unique<KernelPolicyStore>(); }

} // namespace pasid
