//! As much of `Cargo.toml` as the rules need: sections, dependency names, paths. Not a TOML parser.

/// A dependency as written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Dependency {
    /// The name on the left.
    pub(crate) name: String,
    /// From the workspace root; only where the line gives a `path`.
    pub(crate) folder: Option<String>,
    /// Under `dev-dependencies`.
    pub(crate) is_dev: bool,
    /// Counted from 1.
    pub(crate) line: usize,
}

/// A package's or the workspace's manifest.
#[derive(Debug, Default)]
pub(crate) struct Manifest {
    /// Where the file is, from the workspace root.
    pub(crate) path: String,
    /// The folder it stands in; empty for the root.
    pub(crate) folder: String,
    /// All dependencies; in the root manifest those of `[workspace.dependencies]`.
    pub(crate) dependencies: Vec<Dependency>,
    /// The line of `[features]`, if there is one.
    pub(crate) features: Option<usize>,
}

impl Manifest {
    /// Reads what is of interest; anything else is passed over.
    pub(crate) fn parse(path: &str, text: &str) -> Self {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut manifest = Self { path: path.to_owned(), folder: folder.to_owned(), ..Self::default() };
        let mut section = String::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
                section = header.0.trim_matches('[').to_owned();
                manifest.header(&section, index + 1);
            } else if let Some((key, value)) = line.split_once('=')
                && !line.starts_with('#')
            {
                manifest.key(&section, key.trim(), value, index + 1);
            }
        }
        manifest
    }

    fn header(&mut self, section: &str, line: usize) {
        if section == "features" {
            self.features = Some(line);
        }
        if let Some((kind, name)) = section.rsplit_once("dependencies.") {
            let is_dev = kind.ends_with("dev-");
            self.dependencies.push(Dependency { name: name.to_owned(), folder: None, is_dev, line });
        }
    }

    fn key(&mut self, section: &str, key: &str, value: &str, line: usize) {
        if section.contains("dependencies.") {
            let folder = (key == "path").then(|| self.resolve(value)).flatten();
            if let Some(last) = self.dependencies.last_mut()
                && folder.is_some()
            {
                last.folder = folder;
            }
        } else if section.ends_with("dependencies") {
            let name = key.split('.').next().unwrap_or_default().trim_matches('"').to_owned();
            let given = if key.ends_with(".path") { Some(value) } else { path_in(value) };
            let folder = given.and_then(|path| self.resolve(path));
            let is_dev = section.ends_with("dev-dependencies");
            self.dependencies.push(Dependency { name, folder, is_dev, line });
        }
    }

    /// Turns a quoted path relative to this manifest into one from the workspace root.
    fn resolve(&self, quoted: &str) -> Option<String> {
        let relative = quoted.split('"').nth(1)?;
        let mut parts: Vec<&str> = self.folder.split('/').filter(|part| !part.is_empty()).collect();
        for part in relative.split('/') {
            match part {
                "." | "" => {}
                ".." => {
                    parts.pop();
                }
                _ => parts.push(part),
            }
        }
        Some(parts.join("/"))
    }
}

/// What follows `path =` in an inline table.
fn path_in(value: &str) -> Option<&str> {
    let table = value.trim().strip_prefix('{')?;
    let (_, after) = table.split_once("path")?;
    after.trim_start().strip_prefix('=')
}

#[cfg(test)]
mod tests {
    use super::Manifest;

    #[test]
    fn finds_dependencies_however_they_are_written() {
        let text = "[package]\nname = \"x\"\n[dependencies]\na.workspace = true\nb = { path = \"../../libos\" }\n\
                    [dev-dependencies]\nc = \"1\"\n[target.'cfg(target_os = \"linux\")'.dependencies]\nd = \"1\"\n\
                    [dev-dependencies.e]\npath = \"../host\"\n";
        let manifest = Manifest::parse("south/fake/Cargo.toml", text);
        let found: Vec<_> = manifest
            .dependencies
            .iter()
            .map(|dependency| (dependency.name.as_str(), dependency.folder.as_deref(), dependency.is_dev))
            .collect();
        let expected = [
            ("a", None, false),
            ("b", Some("libos"), false),
            ("c", None, true),
            ("d", None, false),
            ("e", Some("south/host"), true),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn finds_features() {
        assert_eq!(Manifest::parse("Cargo.toml", "[package]\n[features]\nx = []\n").features, Some(2));
        assert_eq!(
            Manifest::parse("Cargo.toml", "[dependencies]\nx = { features = [\"y\"] }\n").features,
            None
        );
    }
}
