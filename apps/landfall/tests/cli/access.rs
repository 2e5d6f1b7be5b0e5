//! Users and API keys on the command line.

use crate::run::Place;

#[test]
fn a_user_is_made_with_a_password_that_is_shown_once_and_given_and_taken_roles() {
    let place = Place::new();
    place.import_sample(&[]).exits(0);
    let made = place
        .landfall(&[
            "user",
            "create",
            "Ann@Example.com",
            "--client-account",
            "Default",
            "--role",
            "editor",
        ])
        .exits(0)
        .warns("shown only now");
    assert_eq!(
        made.stdout.trim().len(),
        24,
        "the password alone: {}",
        made.stdout
    );
    place
        .landfall(&["user", "create", "ann@example.com"])
        .exits(1)
        .warns("there is a user with the e-mail address ann@example.com already");
    let listed = place.landfall(&["user", "list", "--json"]).exits(0);
    assert!(!listed.stdout.contains(made.stdout.trim()));
    assert_eq!(listed.json()[0]["email"], "ann@example.com");
    let grant = [
        "user",
        "grant",
        "ann@example.com",
        "--client-account",
        "Default",
        "--role",
        "owner",
    ];
    place
        .landfall(&grant)
        .exits(2)
        .warns("viewer, editor, approver, admin");
    let revoke = ["user", "revoke", "ann@example.com", "--client-account", "Default"];
    place.landfall(&revoke).exits(0);
    place.landfall(&revoke).exits(1);
    place
        .landfall(&["user", "deactivate", "ann@example.com"])
        .exits(0)
        .says("is kept out");
    place.landfall(&["user", "delete", "ann@example.com"]).exits(0);
    place
        .landfall(&["user", "activate", "ann@example.com"])
        .exits(1)
        .warns("there is no user");
}

#[test]
fn a_key_is_shown_once_listed_by_its_beginning_and_revoked_by_it() {
    let place = Place::new();
    place.import_sample(&[]).exits(0);
    place
        .landfall(&["api-key", "create", "nightly"])
        .exits(2)
        .warns("--client-account");
    let made = place
        .landfall(&[
            "api-key",
            "create",
            "nightly",
            "--client-account",
            "Default",
            "--role",
            "editor",
            "--resource",
            "imports",
        ])
        .exits(0);
    let key = made.stdout.trim();
    assert!(key.starts_with("lfk_") && key.lines().count() == 1, "{key}");
    let listed = place
        .landfall(&["api-key", "list"])
        .exits(0)
        .says("nightly")
        .says(&key[..12]);
    assert!(!listed.stdout.contains(&key[13..]));
    place.landfall(&["api-key", "revoke", &key[..12]]).exits(0);
    place
        .landfall(&["api-key", "revoke", &key[..12]])
        .exits(2)
        .warns("was revoked already");
    let ended = [
        "api-key",
        "create",
        "old",
        "--platform",
        "--expires",
        "2020-01-01",
    ];
    place.landfall(&ended).exits(1).warns("would have ended already");
}

#[test]
fn a_provider_that_cannot_be_trusted_is_refused_at_start() {
    let place = Place::new();
    let provider =
        "[[identity_providers]]\nissuer = \"http://login.example.com\"\naudience = [\"landfall\"]\n";
    std::fs::write(place.path("landfall.toml"), provider).unwrap();
    place
        .landfall(&["serve"])
        .exits(2)
        .warns("must be an https address");
}
