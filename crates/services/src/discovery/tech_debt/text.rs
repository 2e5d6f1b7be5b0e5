//! Free text as words and numbers: the form in which product names and versions are compared.
//!
//! Only whole words and whole number parts are ever compared, so "Windows 10" has nothing in common with
//! "Windows Server 10…" and "Solaris 1" nothing with "Solaris 11".

/// A word in lowercase, or a version number in its parts: `8.10` is `[8, 10]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Form {
    Word(String),
    Number(Vec<u32>),
}

impl Form {
    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            Self::Number(_) => None,
        }
    }

    pub(super) fn number(&self) -> Option<&[u32]> {
        match self {
            Self::Number(parts) => Some(parts),
            Self::Word(_) => None,
        }
    }
}

/// A form with what stood around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) form: Form,
    /// A slash stood between this and the form before: "4/5".
    pub(super) after_slash: bool,
    /// A plus sign followed: "2016+".
    pub(super) plus: bool,
}

/// Words and numbers of a text. Letters and digits are parted ("rhel8" is `rhel`, `8`), trademark signs and processor
/// architectures ("64-bit", `x86_64`) are left out, ".NET" is the word `dotnet`.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let letters: Vec<char> = text.to_lowercase().chars().collect();
    let mut found: Vec<Token> = Vec::new();
    let mut after_slash = false;
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let rest = letters.get(at..).unwrap_or_default();
        let (form, length) = if letter.is_ascii_digit() {
            number(rest)
        } else if letter.is_alphabetic() {
            word(rest)
        } else if dot_net(rest) {
            (Some(Form::Word("dotnet".to_owned())), 4)
        } else {
            match letter {
                '/' => after_slash = true,
                '+' => {
                    if let Some(last) = found.last_mut() {
                        last.plus = true;
                    }
                }
                _ => {}
            }
            (None, trademark(rest).unwrap_or(1))
        };
        if let Some(form) = form {
            found.push(Token {
                form,
                after_slash,
                plus: false,
            });
            after_slash = false;
        }
        at += length;
    }
    without_architectures(&found)
}

/// The forms alone, for names and versions of the catalogue.
pub(super) fn forms(text: &str) -> Vec<Form> {
    tokens(text).into_iter().map(|token| token.form).collect()
}

fn number(rest: &[char]) -> (Option<Form>, usize) {
    let mut parts: Vec<u32> = Vec::new();
    let mut length = 0;
    loop {
        let mut part: u32 = 0;
        let digits = rest.get(length..).unwrap_or_default();
        let count = digits.iter().take_while(|c| c.is_ascii_digit()).count();
        for digit in digits.iter().take(count).filter_map(|c| c.to_digit(10)) {
            part = part.saturating_mul(10).saturating_add(digit);
        }
        parts.push(part);
        length += count;
        let dotted = rest.get(length) == Some(&'.') && rest.get(length + 1).is_some_and(char::is_ascii_digit);
        if !dotted {
            return (Some(Form::Number(parts)), length);
        }
        length += 1;
    }
}

fn word(rest: &[char]) -> (Option<Form>, usize) {
    let word: String = rest.iter().take_while(|c| c.is_alphabetic()).collect();
    let length = word.chars().count();
    // W10, W2K12: the short form of Windows is only one where a digit follows at once.
    let is_windows = word == "w" && rest.get(length).is_some_and(char::is_ascii_digit);
    (
        Some(Form::Word(if is_windows { "win".to_owned() } else { word })),
        length,
    )
}

/// Whether ".net" stands here as a whole word.
fn dot_net(rest: &[char]) -> bool {
    rest.starts_with(&['.', 'n', 'e', 't']) && !rest.get(4).is_some_and(|c| c.is_alphabetic())
}

/// Length of "(r)", "(c)" or "(tm)".
fn trademark(rest: &[char]) -> Option<usize> {
    [&['(', 'r', ')'][..], &['(', 'c', ')'], &['(', 't', 'm', ')']]
        .into_iter()
        .find(|sign| rest.starts_with(sign))
        .map(<[char]>::len)
}

fn without_architectures(tokens: &[Token]) -> Vec<Token> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut skip = 0;
    for at in 0..tokens.len() {
        if skip == 0 {
            skip = architecture(tokens.get(at..).unwrap_or_default());
        }
        if skip > 0 {
            skip -= 1;
        } else if let Some(token) = tokens.get(at) {
            kept.push(token.clone());
        }
    }
    kept
}

/// How many tokens at the start name a processor architecture.
fn architecture(tokens: &[Token]) -> usize {
    let word = |at: usize| {
        tokens
            .get(at)
            .and_then(|token| token.form.word())
            .unwrap_or_default()
    };
    let number = |at: usize| match tokens.get(at).and_then(|token| token.form.number()) {
        Some([single]) => *single,
        _ => 0,
    };
    match (word(0), number(0), word(1), number(1)) {
        (_, 32 | 64, "bit" | "bits", _)
        | ("x" | "amd" | "aarch" | "arm" | "ia", _, _, 32 | 64)
        | ("i", _, _, 386 | 486 | 586 | 686) => 2,
        ("x", _, _, 86) if number(2) == 64 => 3,
        ("ppc", _, _, 64) if word(2) == "le" => 3,
        ("x", _, _, 86) | ("ppc", _, _, 64) => 2,
        ("s", _, _, 390) if word(2) == "x" => 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, forms, tokens};

    fn spelled(text: &str) -> String {
        let words: Vec<String> = forms(text)
            .iter()
            .map(|form| match form {
                Form::Word(word) => word.clone(),
                Form::Number(parts) => parts.iter().map(u32::to_string).collect::<Vec<_>>().join("."),
            })
            .collect();
        words.join(" ")
    }

    #[test]
    fn letters_digits_signs_and_architectures_are_parted() {
        for (text, expected) in [
            (
                "Microsoft Windows Server 2012 R2 (64-bit)",
                "microsoft windows server 2012 r 2",
            ),
            ("Windows Server(R) 2008 x64", "windows server 2008"),
            ("rhel8.6-x86_64", "rhel 8.6"),
            ("W2K12R2", "win 2 k 12 r 2"),
            ("w/ SQL 2012", "w sql 2012"),
            ("ASP.NET Core 3.1", "asp dotnet core 3.1"),
            (".network", "network"),
            ("Node.js v18", "node js v 18"),
            ("Debian GNU/Linux 10", "debian gnu linux 10"),
            ("CentOS 7.x ppc64le", "centos 7 x"),
            ("Ubuntu 22.04.3 LTS", "ubuntu 22.4.3 lts"),
            ("99999999999999", "4294967295"),
            ("", ""),
        ] {
            assert_eq!(spelled(text), expected, "{text}");
        }
    }

    #[test]
    fn slashes_and_plus_signs_are_remembered() {
        let found = tokens("Linux 4/5, 2016+");
        let marks: Vec<(bool, bool)> = found
            .iter()
            .map(|token| (token.after_slash, token.plus))
            .collect();
        assert_eq!(
            marks,
            [(false, false), (false, false), (true, false), (false, true)]
        );
    }
}
