// SPDX-License-Identifier: GPL-3.0-or-later
// Exercises a part of nlohmann-json3-dev: templates, lambdas, exceptions thrown and caught.
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

using nlohmann::json;

struct point {
	int x, y;
};

static void to_json(json &j, const point &p)
{
	j = json{{"x", p.x}, {"y", p.y}};
}

static void from_json(const json &j, point &p)
{
	j.at("x").get_to(p.x);
	j.at("y").get_to(p.y);
}

// What went wrong with TEXT, by nlohmann's number.
static int failure(const char *text)
{
	try {
		json j = json::parse(text);
		return j.at("must").get<int>() ? 1 : 0;
	} catch (const json::parse_error &e) {
		return e.id;
	} catch (const json::out_of_range &e) {
		return e.id;
	} catch (const json::exception &e) {
		return -e.id;
	}
}

template <typename T>
static std::size_t sizes(const std::vector<T> &v)
{
	std::size_t n = 0;

	for (const auto &x : v)
		n += json(x).dump().size();
	return n;
}

static void values()
{
	json j = json::parse(R"({"name": "etrace", "list": [1, 2.5, -3e2, true, false, null, "\u00e4\n"],
		"deep": {"a": {"b": [[], {}]}}})");
	json copy = j, patch;

	copy["list"].erase(2);
	copy["new"] = point{3, 4};
	copy["deep"]["a"]["b"][0].push_back("x");
	patch = json::diff(j, copy);
	std::printf("%s\n%s\n", j.dump().c_str(), copy.dump(2).c_str());
	std::printf("%d %d\n", (int)patch.size(), j.patch(patch) == copy);
	std::printf("%d\n", copy["new"].get<point>().y);
	for (auto it = j.begin(); it != j.end(); ++it)
		std::printf("%s %s\n", it.key().c_str(), it.value().type_name());
}

int main()
{
	static const char *bad[] = {"", "[1,", "{\"must\": 1}", "{\"must\": \"1\"}", "{\"a\": 1}", "nul", "\"\x01\"", "[1]"};
	std::map<int, int> seen;
	auto note = [&seen](int id) { return ++seen[id]; };

	values();
	for (const char *text : bad)
		std::printf("%d ", note(failure(text)));
	std::printf("\n");
	for (const auto &[id, n] : seen)
		std::printf("%d:%d ", id, n);
	std::printf("\n%zu %zu %zu\n", sizes<int>({1, 20, 300}), sizes<std::string>({"a", "bc"}), sizes<double>({0.5, 1e9}));
	std::vector<std::uint8_t> cbor = json::to_cbor(json{{"k", {1, 2, 3}}, {"pi", 3.14}});
	std::printf("%zu %s\n", cbor.size(), json::from_cbor(cbor).dump().c_str());
	return 0;
}
