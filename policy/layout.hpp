// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "policy/automaton.hpp"
#include "policy/policy.hpp"

namespace pasid::policy {

// Lays the automaton's rows over each other in @image; false: they do not fit.
bool lay_out(const Automaton &automaton, ioasid_policy_image &image);

} // namespace pasid::policy
