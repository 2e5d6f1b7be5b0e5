use crate::world::{AssetMaker, World};
use landfall_domain::{AssetId, Cursor, PageRequest};
use landfall_repositories::{AssetColumn, AssetFilter, AssetSort, Operator, StoreError};
use landfall_testkit::both_backends;
use serde_json::{Value, json};
use std::collections::HashSet;

/// Assets with repeated values, awkward texts and gaps in every column that is sorted by below.
async fn inventory(world: &World, size: usize) -> Vec<AssetId> {
    let uow = world.begin().await;
    let maker = AssetMaker::new(&uow).await;
    let names = ["web", "Web", "web-1", "web1", "wéb", "", "db_01", "日本"];
    let mut made = Vec::new();
    for number in 0..size {
        let mut fields = json!({
            "name": format!("{}{}", names[number % names.len()], number % 3),
            "cpu_cores": number % 5,
            "memory_gb": f64::from(u32::try_from(number % 7).unwrap()) / 3.0,
            "hostname": names[(number * 7) % names.len()],
            "is_virtual": number % 2 == 0,
            "imported_at": format!("2026-01-{:02}T00:00:00.{:06}Z", 1 + number % 9, number % 4),
            "asset_type": if number % 3 == 0 { "server" } else { "database" },
        });
        if number % 4 == 1 {
            for column in ["cpu_cores", "memory_gb", "hostname", "is_virtual", "imported_at"] {
                fields[column] = Value::Null;
            }
        }
        made.push(maker.asset(&uow, fields).await.id);
    }
    uow.commit().await.unwrap();
    made
}

/// Whether an operator finds an asset with so many cores.
type Check = fn(Option<i32>) -> bool;

const SORTS: [&str; 8] = [
    "name",
    "cpu_cores",
    "memory_gb",
    "hostname",
    "is_virtual",
    "imported_at",
    "asset_type",
    "environment",
];

both_backends! {
    async fn pages_walk_every_row_once_in_every_order_with_rows_without_a_value_last(database: TestDatabase) {
        let world = World::new(database).await;
        let made: HashSet<AssetId> = inventory(&world, 45).await.into_iter().collect();
        let uow = world.begin().await;
        let orders = SORTS.into_iter().map(Some).chain([None]);
        for (name, descending) in orders.flat_map(|name| [(name, false), (name, true)]) {
            let column = name.map(|name| AssetColumn::named(name).unwrap());
            let sort = AssetSort { column, descending };
            let whole = uow.assets().list(&AssetFilter::all(), sort, &PageRequest::first(500)).await.unwrap();
            assert_eq!(whole.next, None);
            let mut walked = Vec::new();
            for limit in [1, 7, 11, 44, 45] {
                let mut request = PageRequest::first(limit);
                let mut rows = Vec::new();
                loop {
                    let page = uow.assets().list(&AssetFilter::all(), sort, &request).await.unwrap();
                    assert!(page.items.len() <= limit as usize);
                    rows.extend(page.items);
                    request.after = page.next;
                    if request.after.is_none() {
                        break;
                    }
                }
                assert_eq!(rows, whole.items, "{name:?} descending {descending} by {limit}");
                walked = rows;
            }
            let seen: HashSet<AssetId> = walked.iter().map(|row| row.id).collect();
            assert_eq!((seen.len(), walked.len()), (made.len(), made.len()));
            assert_eq!(seen, made);
            if name == Some("cpu_cores") {
                let cores: Vec<_> = walked.iter().map(|row| row.cpu_cores).collect();
                let with: Vec<i32> = cores.iter().copied().flatten().collect();
                assert!(cores[with.len()..].iter().all(Option::is_none), "{cores:?}");
                assert!(with.is_sorted_by(|a, b| if descending { a >= b } else { a <= b }), "{with:?}");
            }
        }
    }

    async fn a_damaged_cursor_and_one_of_another_order_are_refused(database: TestDatabase) {
        let world = World::new(database).await;
        inventory(&world, 5).await;
        let uow = world.begin().await;
        let by = |name: &str| AssetSort { column: Some(AssetColumn::named(name).unwrap()), descending: false };
        let next = uow.assets().list(&AssetFilter::all(), by("name"), &PageRequest::first(2)).await.unwrap().next;
        for (sort, after) in [(by("hostname"), next), (by("name"), Some(Cursor("not a cursor".to_owned())))] {
            let request = PageRequest { limit: 2, after };
            let error = uow.assets().list(&AssetFilter::all(), sort, &request).await.unwrap_err();
            assert!(matches!(error, StoreError::Invalid { .. }), "{error}");
        }
        assert!(matches!(AssetColumn::named("raw_data"), Err(StoreError::Invalid { .. })));
    }

    async fn a_prefix_finds_what_a_scan_finds(database: TestDatabase) {
        let world = World::new(database).await;
        inventory(&world, 45).await;
        let uow = world.begin().await;
        let all = uow.assets().batch(&AssetFilter::all(), None, 100).await.unwrap();
        for prefix in ["", "w", "we", "web", "web-", "Web", "wé", "wez", "db_", "日", "x", "web1", "\u{10ffff}"] {
            let filter = AssetFilter::all().and("name", Operator::Prefix(prefix.to_owned())).unwrap();
            let found = uow.assets().batch(&filter, None, 100).await.unwrap();
            let scanned: Vec<_> = all.iter().filter(|row| row.name.starts_with(prefix)).cloned().collect();
            assert_eq!(found, scanned, "{prefix:?}");
        }
    }

    async fn every_operator_finds_what_a_scan_finds(database: TestDatabase) {
        let world = World::new(database).await;
        inventory(&world, 45).await;
        let uow = world.begin().await;
        let all = uow.assets().batch(&AssetFilter::all(), None, 100).await.unwrap();
        let cases: [(Operator, Check); 9] = [
            (Operator::Eq(json!(2)), |cores| cores == Some(2)),
            (Operator::Ne(json!("2")), |cores| cores != Some(2)),
            (Operator::Lt(json!(2)), |cores| cores.is_some_and(|n| n < 2)),
            (Operator::Lte(json!(2)), |cores| cores.is_some_and(|n| n <= 2)),
            (Operator::Gt(json!(2)), |cores| cores.is_some_and(|n| n > 2)),
            (Operator::Gte(json!(2)), |cores| cores.is_some_and(|n| n >= 2)),
            (Operator::In(vec![json!(0), json!("4")]), |cores| matches!(cores, Some(0 | 4))),
            (Operator::IsNull, |cores| cores.is_none()),
            (Operator::IsNotNull, |cores| cores.is_some()),
        ];
        for (operator, check) in cases {
            let filter = AssetFilter::all().and("cpu_cores", operator.clone()).unwrap();
            let found = uow.assets().batch(&filter, None, 100).await.unwrap();
            let scanned: Vec<_> = all.iter().filter(|row| check(row.cpu_cores)).cloned().collect();
            assert_eq!(found, scanned, "{operator:?}");
            assert_eq!(uow.assets().count(&filter).await.unwrap(), scanned.len() as u64);
            assert!(!scanned.is_empty(), "{operator:?} tests nothing");
        }
        let on_number = AssetFilter::all().and("cpu_cores", Operator::Prefix("2".to_owned())).unwrap();
        assert!(matches!(uow.assets().count(&on_number).await, Err(StoreError::Invalid { .. })));
    }
}
