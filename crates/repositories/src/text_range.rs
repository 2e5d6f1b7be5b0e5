//! Texts that begin with a text.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, DbBackend};

/// That a column begins with this text, letter case included. A range instead of LIKE, which loses its index under row-level
/// security. The range is one of code points, so the order must be too; SQLite's is by itself.
pub(crate) fn begins_with<C: ColumnTrait>(column: C, prefix: &str, backend: DbBackend) -> Condition {
    let column = || {
        let column = column.into_expr();
        if backend == DbBackend::Postgres {
            Expr::cust_with_expr("$1 COLLATE \"C\"", column)
        } else {
            column
        }
    };
    let range = Condition::all().add(column().gte(prefix));
    match successor(prefix) {
        Some(end) => range.add(column().lt(end)),
        None => range,
    }
}

/// The least text that is greater than every text that begins with `prefix`; none if there is no such text.
fn successor(prefix: &str) -> Option<String> {
    let mut letters: Vec<char> = prefix.chars().collect();
    while let Some(last) = letters.pop() {
        // Code points between the ranges of surrogates are no characters.
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            letters.push(next);
            return Some(letters.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::successor;
    use proptest::prelude::*;

    #[test]
    fn the_successor_steps_over_surrogates_and_the_last_character() {
        assert_eq!(successor("web0"), Some("web1".to_owned()));
        assert_eq!(successor("a\u{d7ff}"), Some("a\u{e000}".to_owned()));
        assert_eq!(successor("a\u{10ffff}"), Some("b".to_owned()));
        assert_eq!(successor("\u{10ffff}"), None);
        assert_eq!(successor(""), None);
    }

    proptest! {
        #[test]
        fn a_text_begins_with_the_prefix_exactly_if_it_lies_between_the_prefix_and_its_successor(
            prefix in "[a-c\u{d7fe}-\u{d7ff}\u{e000}]{0,3}", text in "[a-c\u{d7fe}-\u{d7ff}\u{e000}]{0,4}"
        ) {
            let inside = text >= prefix && successor(&prefix).is_none_or(|end| text < end);
            prop_assert_eq!(inside, text.starts_with(&prefix));
        }
    }
}
