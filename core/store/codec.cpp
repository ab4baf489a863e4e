// SPDX-License-Identifier: Apache-2.0
// One list of fields per record serves both ways. The reader builds nlohmann's values itself, so that depth
// is bounded while it reads. Any thread.
#include "core/store/codec.hpp"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace picket {
namespace {

using Json = nlohmann::json;
using Numbers = std::vector<std::pair<std::string, double>>;

/// A map, in it lists, in them pairs: three.
constexpr size_t depth_max = 4;

/// Builds the value; stops the parser where it nests deeper than any record does.
class Builder : public nlohmann::json_sax<Json> {
  public:
    bool null() override { return add(nullptr) != nullptr; }
    bool boolean(bool value) override { return add(value) != nullptr; }
    bool number_integer(int64_t value) override { return add(value) != nullptr; }
    bool number_unsigned(uint64_t value) override { return add(value) != nullptr; }
    bool number_float(double value, const std::string&) override { return add(value) != nullptr; }
    bool string(std::string& value) override { return add(std::move(value)) != nullptr; }
    bool binary(Json::binary_t&) override { return false; }
    bool start_object(size_t) override { return enter(Json::object()); }
    bool start_array(size_t) override { return enter(Json::array()); }
    bool end_object() override { return leave(); }
    bool end_array() override { return leave(); }
    bool key(std::string& name) override {
        key_ = std::move(name);
        return true;
    }
    bool parse_error(size_t, const std::string&, const Json::exception&) override { return false; }

    Json root;

  private:
    Json* add(Json value) {
        if (open_.empty()) return &(root = std::move(value));
        Json& parent = *open_.back();
        if (parent.is_object()) return &(parent[key_] = std::move(value));
        parent.push_back(std::move(value));
        return &parent.back();
    }
    bool enter(Json container) {
        if (open_.size() == depth_max) return false;
        open_.push_back(add(std::move(container)));
        return true;
    }
    bool leave() {
        open_.pop_back();
        return true;
    }

    std::vector<Json*> open_;  ///< a parent does not move while its last child is open
    std::string key_;
};

struct Write {
    Json& out;
    void operator()(const char* name, const std::string& value) const { out[name] = value; }
    void operator()(const char* name, uint64_t value) const { out[name] = value; }
    void operator()(const char* name, double value) const { out[name] = value; }
    void operator()(const char* name, Severity value) const { out[name] = static_cast<uint64_t>(value); }
    void operator()(const char* name, IncidentStatus value) const {
        out[name] = static_cast<uint64_t>(value);
    }
    void operator()(const char* name, const std::vector<std::string>& value) const { out[name] = value; }
    void operator()(const char* name, const Numbers& values) const {
        Json& list = out[name] = Json::array();
        for (const auto& [key, value] : values) list.push_back(Json::array({key, value}));
    }
};

bool read(const Json& from, std::string& to) {
    if (!from.is_string()) return false;
    to = from.get_ref<const std::string&>();
    return true;
}
bool read(const Json& from, uint64_t& to) {
    if (!from.is_number_unsigned()) return false;
    to = from.get<uint64_t>();
    return true;
}
bool read(const Json& from, double& to) {
    if (!from.is_number()) return false;
    to = from.get<double>();
    return true;
}
template <typename Enum, size_t N>
bool read_enum(const Json& from, Enum& to, const std::array<std::string_view, N>& names) {
    uint64_t value = 0;
    if (!read(from, value) || value >= names.size()) return false;
    to = static_cast<Enum>(value);
    return true;
}
bool read(const Json& from, Severity& to) { return read_enum(from, to, severity_names); }
bool read(const Json& from, IncidentStatus& to) { return read_enum(from, to, incident_status_names); }
bool read(const Json& from, std::pair<std::string, double>& to) {
    return from.is_array() && from.size() == 2 && read(from[0], to.first) && read(from[1], to.second);
}
template <typename T>
bool read(const Json& from, std::vector<T>& to) {
    if (!from.is_array()) return false;
    to.resize(from.size());
    for (size_t i = 0; i < to.size(); ++i)
        if (!read(from[i], to[i])) return false;
    return true;
}

struct Read {
    const Json& in;
    bool good = true;
    template <typename T>
    void operator()(const char* name, T& value) {
        if (const auto at = in.find(name); at != in.end()) good = read(*at, value) && good;
    }
};

template <typename Visit, typename Record>
void incident_fields(Visit& visit, Record& record) {
    auto& incident = record.incident;
    visit("id", incident.id);
    visit("type", incident.type);
    visit("subject", incident.subject);
    visit("policy", incident.policy);
    visit("severity", incident.severity);
    visit("confidence", incident.confidence);
    visit("reason", incident.reason);
    visit("opened_ns", incident.opened_ns);
    visit("last_ns", incident.last_ns);
    visit("closed_ns", incident.closed_ns);
    visit("findings", incident.findings);
    visit("targets", incident.targets);
    visit("targets_more", incident.targets_more);
    visit("peaks", incident.peaks);
    visit("status", record.status);
    visit("note", record.note);
    visit("changed_by", record.changed_by);
    visit("changed_ns", record.changed_ns);
}

template <typename Visit, typename Record>
void finding_fields(Visit& visit, Record& finding) {
    visit("time_ns", finding.time_ns);
    visit("type", finding.type);
    visit("subject", finding.subject);
    visit("target", finding.target);
    visit("policy", finding.policy);
    visit("severity", finding.severity);
    visit("confidence", finding.confidence);
    visit("reason", finding.reason);
    visit("measures", finding.measures);
    visit("limits", finding.limits);
}

template <typename Visit, typename Record>
void audit_fields(Visit& visit, Record& record) {
    visit("time_ns", record.time_ns);
    visit("actor", record.actor);
    visit("action", record.action);
    visit("before", record.before);
    visit("after", record.after);
}

std::string bytes_of(const Json& json) {
    std::string out;
    Json::to_msgpack(json, nlohmann::detail::output_adapter<char, std::string>(out));
    return out;
}

template <typename Record, typename Fields>
std::optional<Record> decode(std::string_view bytes, Fields fields) {
    if (bytes.size() > record_bytes_max) return std::nullopt;
    try {
        Builder builder;
        if (!Json::sax_parse(bytes.begin(), bytes.end(), &builder, Json::input_format_t::msgpack))
            return std::nullopt;
        if (!builder.root.is_object()) return std::nullopt;
        Record out;
        Read visit{builder.root};
        fields(visit, out);
        if (visit.good) return out;
    } catch (const Json::exception&) {  // a length that no memory could hold
    }
    return std::nullopt;
}

}  // namespace

std::string encode(const IncidentRecord& record) {
    Json json;
    Write visit{json};
    incident_fields(visit, record);
    return bytes_of(json);
}

std::string encode(const Finding& finding) {
    Json json;
    Write visit{json};
    finding_fields(visit, finding);
    return bytes_of(json);
}

std::string encode(const AuditRecord& record) {
    Json json;
    Write visit{json};
    audit_fields(visit, record);
    return bytes_of(json);
}

std::optional<IncidentRecord> decode_incident(std::string_view bytes) {
    return decode<IncidentRecord>(bytes, [](auto& visit, auto& out) { incident_fields(visit, out); });
}

std::optional<Finding> decode_finding(std::string_view bytes) {
    return decode<Finding>(bytes, [](auto& visit, auto& out) { finding_fields(visit, out); });
}

std::optional<AuditRecord> decode_audit(std::string_view bytes) {
    return decode<AuditRecord>(bytes, [](auto& visit, auto& out) { audit_fields(visit, out); });
}

}  // namespace picket
