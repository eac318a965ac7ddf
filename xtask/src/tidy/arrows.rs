//! Law 2: arrows point one way. `apps → north → libos → south/host ← south/* ← apps`, `south/* → broker/protocol ← broker`.

use std::collections::BTreeMap;

use super::config::Config;
use super::manifest::Dependency;
use super::report::Report;
use super::tree::{Tree, is_inside};

const RULE: &str = "law-2-arrows";

/// The host that tests below it may use.
const FAKE: &str = "south/fake";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Layer {
    App,
    North,
    Libos,
    Contract,
    South,
    Rewriter,
    Protocol,
    Broker,
    Kit,
    Tests,
    Xtask,
}

/// Checks the dependencies of every package of ours on another of ours.
pub(crate) fn check(tree: &Tree, _config: &Config, report: &mut Report) {
    let folders = folders_by_name(tree);
    for manifest in tree.manifests.iter().filter(|manifest| !manifest.folder.is_empty()) {
        let from = manifest.folder.as_str();
        if layer(from).is_none() {
            report.add(&manifest.path, 1, RULE, format!("`{from}` is in no layer of the design"));
            continue;
        }
        for dependency in &manifest.dependencies {
            let Some(to) =
                dependency.folder.as_deref().or_else(|| folders.get(dependency.name.as_str()).copied())
            else {
                continue;
            };
            if !is_allowed(from, to, dependency) {
                report.add(
                    &manifest.path,
                    dependency.line,
                    RULE,
                    format!("`{from}` must not depend on `{to}`"),
                );
            }
        }
    }
}

/// What `name.workspace = true` stands for.
fn folders_by_name(tree: &Tree) -> BTreeMap<&str, &str> {
    let root = tree.manifests.iter().filter(|manifest| manifest.folder.is_empty());
    root.flat_map(|manifest| &manifest.dependencies)
        .filter_map(|dependency| Some((dependency.name.as_str(), dependency.folder.as_deref()?)))
        .collect()
}

fn layer(folder: &str) -> Option<Layer> {
    Some(match folder {
        "libos" => Layer::Libos,
        "south/host" => Layer::Contract,
        "broker" => Layer::Broker,
        "broker/protocol" => Layer::Protocol,
        "tests" => Layer::Tests,
        "xtask" => Layer::Xtask,
        _ if is_inside(folder, "apps") => Layer::App,
        _ if is_inside(folder, "kit") => Layer::Kit,
        _ if is_inside(folder, "north") => Layer::North,
        _ if folder == "south/rewriter" || is_inside(folder, "south/rewriter") => Layer::Rewriter,
        _ if is_inside(folder, "south") => Layer::South,
        _ if is_inside(folder, "tests") => Layer::Tests,
        _ => return None,
    })
}

fn is_allowed(from: &str, to: &str, dependency: &Dependency) -> bool {
    use Layer::{App, Broker, Contract, Kit, Libos, North, Protocol, Rewriter, South, Tests, Xtask};
    let (Some(source), Some(target)) = (layer(from), layer(to)) else { return false };
    let by_layer = match source {
        App => !matches!(target, Kit | Tests | Xtask),
        // Tests stand alone, but for a package over the one in whose folder it stands.
        Tests => !matches!(target, Tests | Xtask) || target == Tests && is_inside(from, to),
        North => matches!(target, Libos | Contract),
        Libos => target == Contract,
        // A personality such as south/machine/kvm is thin over the crate in whose folder it stands.
        South => matches!(target, Contract | Protocol | Rewriter) || target == South && is_inside(from, to),
        // It names nothing but the package that stands in its own folder.
        Rewriter => target == Rewriter,
        // What guests are made with knows only itself.
        Kit => target == Kit,
        Contract | Protocol => false,
        Broker => target == Protocol,
        // The generated pages are rendered from the rows of both tables.
        Xtask => matches!(target, North | South),
    };
    let by_test = dependency.is_dev && to == FAKE && matches!(source, North | Libos | Contract);
    by_layer || by_test
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::testing::findings;

    const ROOT: (&str, &str) = (
        "Cargo.toml",
        "[workspace.dependencies]\nhost = { path = \"south/host\" }\nlinux = { path = \"south/linux\" }\n\
         libos = { path = \"libos\" }\nfake = { path = \"south/fake\" }\nnorth = { path = \"north/linux\" }\nserde = \"1\"\n",
    );

    fn with(path: &str, text: &str) -> Vec<String> {
        findings(check, "", &[ROOT, (path, text)])
    }

    #[test]
    fn the_arrows_of_the_design_pass() {
        for (path, text) in [
            (
                "north/linux/Cargo.toml",
                "[dependencies]\nlibos.workspace = true\nhost.workspace = true\nserde.workspace = true\n",
            ),
            (
                "libos/Cargo.toml",
                "[dependencies]\nhost.workspace = true\n[dev-dependencies]\nfake.workspace = true\n",
            ),
            ("south/machine/kvm/Cargo.toml", "[dependencies]\nmachine = { path = \"..\" }\n"),
            ("south/rewriter/Cargo.toml", "[dependencies]\nplan = { path = \"plan\" }\n"),
            ("apps/cli/Cargo.toml", "[dependencies]\nnorth.workspace = true\nlinux.workspace = true\n"),
            ("kit/optee/c/Cargo.toml", "[dependencies]\nkit = { path = \"..\" }\n"),
            ("tests/tee/ta/echo/Cargo.toml", "[dependencies]\nkit = { path = \"../../../../kit/optee\" }\n"),
            ("tests/fuzz/targets/Cargo.toml", "[dependencies]\nfuzz = { path = \"..\" }\n"),
        ] {
            assert_eq!(with(path, text), Vec::<String>::new());
        }
    }

    #[test]
    fn every_arrow_against_the_design_is_found() {
        for (path, text) in [
            ("north/linux/Cargo.toml", "[dependencies]\nlinux.workspace = true\n"),
            ("south/linux/Cargo.toml", "[dependencies]\nnorth.workspace = true\n"),
            ("south/linux/Cargo.toml", "[dependencies]\nfake.workspace = true\n"),
            ("libos/Cargo.toml", "[dependencies]\nfake = { path = \"../south/fake\" }\n"),
            ("libos/Cargo.toml", "[dependencies]\nnorth = { workspace = true }\n"),
            ("broker/Cargo.toml", "[dependencies]\nlibos.workspace = true\n"),
            ("south/rewriter/Cargo.toml", "[dependencies]\nhost.workspace = true\n"),
            ("south/host/Cargo.toml", "[dependencies.libos]\npath = \"../../libos\"\n"),
            ("tests/model/Cargo.toml", "[dependencies]\nfuzz = { path = \"../fuzz\" }\n"),
            ("kit/optee/Cargo.toml", "[dependencies]\nhost.workspace = true\n"),
            ("apps/cli/Cargo.toml", "[dependencies]\nkit = { path = \"../../kit/optee\" }\n"),
            ("elsewhere/Cargo.toml", "[package]\n"),
        ] {
            assert_eq!(with(path, text).len(), 1, "{path}: {text}");
        }
    }
}
