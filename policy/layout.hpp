// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "policy/automaton.hpp"
#include "policy/policy.hpp"

namespace pasid::policy {

// Packs the automaton's transition rows into @image (rows overlap); false: they do not fit.
bool lay_out(const Automaton &automaton, ioasid_policy_image &image);

} // namespace pasid::policy
