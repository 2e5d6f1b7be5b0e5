//! The form in which column headers are compared.

/// The header's letters and digits alone: lowercase, umlauts written out, everything else left out. Two headers that
/// differ in case, spaces, underscores, dots, camel case or a byte order mark have the same form.
pub fn compact(header: &str) -> String {
    let mut form = String::with_capacity(header.len());
    for letter in header.chars().flat_map(char::to_lowercase) {
        match letter {
            'ä' => form.push_str("ae"),
            'ö' => form.push_str("oe"),
            'ü' => form.push_str("ue"),
            'ß' => form.push_str("ss"),
            '%' => form.push_str("percent"),
            _ if letter.is_alphanumeric() => form.push(letter),
            _ => {}
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use super::compact;

    #[test]
    fn headers_that_differ_in_writing_only_have_one_form() {
        for header in [
            "Server Name",
            "server_name",
            "*Server-Name",
            "\u{feff}ServerName",
            " server.name ",
        ] {
            assert_eq!(compact(header), "servername");
        }
        assert_eq!(compact("Gerätegröße (%)"), "geraetegroessepercent");
    }
}
