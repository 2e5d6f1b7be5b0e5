//! Lists in one cell: references to other assets, and tags.

use super::is_absent;

/// Separators in order of strength: the first one that occurs divides the list.
const SEPARATORS: [char; 4] = [';', '\n', '|', ','];

/// The items of a list, each once, in order.
pub(super) fn items(text: &str, separator: Option<char>) -> Vec<String> {
    let separator = separator.or_else(|| SEPARATORS.into_iter().find(|mark| text.contains(*mark)));
    let mut items: Vec<String> = Vec::new();
    let parts = match separator {
        Some(mark) => text.split(mark).collect::<Vec<_>>(),
        None => vec![text],
    };
    for part in parts {
        let item = part.trim().trim_matches(['"', '[', ']']).trim();
        if !is_absent(item) && !items.iter().any(|known| known == item) {
            items.push(item.to_owned());
        }
    }
    items
}

/// Tags as `key=value`, or a single word: `owner:finance, tier:1` and `BU=IT;Location=US` alike.
pub(super) fn tags(text: &str, separator: Option<char>) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for item in items(text, separator) {
        let tag = match item.split_once(['=', ':']) {
            Some((key, value)) if !key.trim().is_empty() => format!("{}={}", key.trim(), value.trim()),
            _ => item,
        };
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_divided_by_their_strongest_separator() {
        assert_eq!(items("DB001, LB001,DB001", None), ["DB001", "LB001"]);
        assert_eq!(items("a,b; c ;N/A", None), ["a,b", "c"]);
        assert_eq!(items("app one", None), ["app one"]);
        assert_eq!(items("a/b", Some('/')), ["a", "b"]);
        assert!(items("none", None).is_empty());
    }

    #[test]
    fn tags_are_key_and_value_whatever_divides_them() {
        assert_eq!(tags("owner:finance, tier:1", None), ["owner=finance", "tier=1"]);
        assert_eq!(
            tags("CostCenter=123;BU=IT;legacy", None),
            ["CostCenter=123", "BU=IT", "legacy"]
        );
    }
}
