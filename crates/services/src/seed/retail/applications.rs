//! The applications and what they need, in the form that Konveyor imports.

use super::super::table::csv;

pub(super) fn applications() -> Vec<u8> {
    let header = [
        "Record Type 1",
        "Application Name",
        "Description",
        "Comments",
        "Business Service",
        "Dependency",
        "Dependency Direction",
        "Binary Group",
        "Binary Artifact",
        "Binary Version",
        "Binary Packaging",
        "Repository Type",
        "Repository URL",
        "Repository Branch",
        "Repository Path",
        "Owner",
        "Contributors",
        "Tag Category 1",
        "Tag 1",
    ];
    let row = |kind: &str,
               name: &str,
               description: &str,
               service: &str,
               needs: &str,
               owner: &str,
               language: &str| {
        let direction = if needs.is_empty() { "" } else { "SOUTHBOUND" };
        let category = if language.is_empty() { "" } else { "Language" };
        let mut cells = [const { String::new() }; 19];
        for (at, text) in [
            (0, kind),
            (1, name),
            (2, description),
            (4, service),
            (5, needs),
            (6, direction),
            (15, owner),
            (17, category),
            (18, language),
        ] {
            if let Some(cell) = cells.get_mut(at) {
                text.clone_into(cell);
            }
        }
        cells
    };
    let known = [
        (
            "Online shop",
            "Where customers buy",
            "Sales",
            "Ines Vogel <ines.vogel@retail.example>",
            "Java",
        ),
        (
            "Stock",
            "What lies where",
            "Logistics",
            "Bram Peeters <bram.peeters@retail.example>",
            "C#",
        ),
        (
            "Customer cards",
            "Points and vouchers",
            "Sales",
            "Ines Vogel <ines.vogel@retail.example>",
            "PHP",
        ),
        (
            "Price labels",
            "Prices on the shelves",
            "Logistics",
            "Bram Peeters <bram.peeters@retail.example>",
            "C#",
        ),
        (
            "Reports",
            "Figures for management",
            "Finance",
            "Noor Haddad <noor.haddad@retail.example>",
            "SQL",
        ),
        (
            "Messaging",
            "What others talk through",
            "IT",
            "Karl Lund <karl.lund@retail.example>",
            "Erlang",
        ),
        (
            "Directory",
            "Who may sign in",
            "IT",
            "Karl Lund <karl.lund@retail.example>",
            "",
        ),
        (
            "Build",
            "Where software is made",
            "IT",
            "Karl Lund <karl.lund@retail.example>",
            "Java",
        ),
    ];
    let needs = [
        ("Online shop", "Messaging"),
        ("Online shop", "Stock"),
        ("Online shop", "Customer cards"),
        ("Stock", "Messaging"),
        ("Price labels", "Stock"),
        ("Reports", "Online shop"),
        ("Reports", "Stock"),
    ];
    let stated = known.map(|(name, description, service, owner, language)| {
        row("1", name, description, service, "", owner, language)
    });
    let related = needs.map(|(name, needed)| row("2", name, "", "", needed, "", ""));
    csv(header, stated.into_iter().chain(related))
}
