//! Law 2, in the text: North and the library OS know no host, so they have no word for one.

use super::config::Config;
use super::report::Report;
use super::tree::{Tree, is_inside};

const RULE: &str = "law-2-words";

/// Folders, and the section that lists the words that must not occur there.
const PLACES: &[(&str, &str)] = &[("libos/src", "words libos"), ("north", "words north")];

/// Lines of `path word`: this file may use this word.
const EXCEPTIONS: &str = "allow words";

/// Looks at code, strings and comments alike.
pub(crate) fn check(tree: &Tree, config: &Config, report: &mut Report) {
    for source in &tree.sources {
        for (_, section) in PLACES.iter().filter(|(folder, _)| is_inside(&source.path, folder)) {
            for (index, line) in source.text.lines().enumerate() {
                let banned = words(line).find(|word| {
                    config.has_word(section, word)
                        && !config.has_line(EXCEPTIONS, &format!("{} {word}", source.path))
                });
                if let Some(word) = banned {
                    report.add(
                        &source.path,
                        index + 1,
                        RULE,
                        format!("`{word}` names a host; this side knows none"),
                    );
                }
            }
        }
    }
}

/// The words of a line in lower case, those inside `snake_case` and `CamelCase` names too. The slice method `.windows(` is none.
fn words(line: &str) -> impl Iterator<Item = String> {
    let line = line.replace(".windows(", ".");
    let mut split = String::with_capacity(line.len() * 2);
    let mut previous = ' ';
    for character in line.chars() {
        if character.is_uppercase() && !previous.is_uppercase() {
            split.push(' ');
        }
        split.push(character);
        previous = character;
    }
    let words: Vec<String> = split
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.into_iter()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::testing::findings;

    const CONFIG: &str = "[words libos]\nkvm seccomp windows\n[words north]\nkvm windows\n";

    #[test]
    fn finds_a_host_in_names_strings_and_comments() {
        for text in [
            "// as on KVM\n",
            "fn is_kvm() {}\n",
            "struct KvmExit;\n",
            "const S: &str = \"under kvm\";\n",
            "//! Windows\n",
        ] {
            assert_eq!(findings(check, CONFIG, &[("libos/src/memory.rs", text)]).len(), 1, "{text}");
        }
    }

    #[test]
    fn the_slice_method_and_the_guests_own_words_pass() {
        let files = [
            ("libos/src/file.rs", "fn f(b: &[u8]) { b.windows(2); }\n"),
            ("north/linux/src/table.rs", "// 317 seccomp\n"),
            ("south/linux/src/gate.rs", "// seccomp\n"),
        ];
        assert_eq!(findings(check, CONFIG, &files), Vec::<String>::new());
    }

    #[test]
    fn an_exception_is_for_one_file_and_one_word() {
        let config = format!("{CONFIG}[allow words]\nlibos/src/file.rs kvm # a fixture\n");
        let files = [("libos/src/file.rs", "// kvm\n// seccomp\n"), ("libos/src/pipe.rs", "// kvm\n")];
        assert_eq!(findings(check, &config, &files).len(), 2);
    }
}
