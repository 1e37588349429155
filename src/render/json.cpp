// SPDX-License-Identifier: GPL-2.0
#include "render/json.hpp"

namespace pasid {

namespace {

struct ToJson {
    Json operator()(Absent) const { return nullptr; }
    Json operator()(Null) const { return nullptr; }
    template <class T> Json operator()(const T &value) const { return value; }
};

} // namespace

Json json_value(const Value &value) { return std::visit(ToJson{}, value); }

std::string json_text(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace pasid
