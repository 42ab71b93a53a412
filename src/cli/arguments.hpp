#pragma once

#include <span>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace brood::cli {

/// The command line without the program's name, as the originals' start scripts would have it: a link to the
/// program that is named as a service or an original script ("feed_cuckoo", "submit_binary.py") selects it, as
/// does a first word with the script's name, and Go's one-dash options (`-config X`, `-config=X`,
/// `-resubmitDumped`) are understood. IndiceManagement.py is `indices`, its -ba `create`, its -da
/// `delete --yes`; ThirdPartyBlacklist.py is `feeds update`.
[[nodiscard]] std::vector<std::string> OriginalArguments(std::span<const char* const> argv);

/// Takes "--section.key=value" out of the arguments and appends it to `overrides` without its dashes. What
/// stands behind "--" is left alone. Returns the rest, in order.
[[nodiscard]] std::vector<std::string> TakeOverrides(const std::vector<std::string>& arguments,
                                                     std::vector<std::string>& overrides);

/// A sentence about the first word that should name a command and does not; empty if there is none.
[[nodiscard]] std::string WrongCommand(const CLI::App& app, const std::vector<std::string>& arguments);

/// After `app` has refused to parse: a sentence about the first option that the command does not have; empty if
/// that was not the reason. Both sentences name what may have been meant.
[[nodiscard]] std::string WrongOption(const CLI::App& app);

}  // namespace brood::cli
