use crate::world::{AssetMaker, World};
use landfall_domain::PageRequest;
use landfall_repositories::entities::assets;
use landfall_repositories::{AssetFilter, AssetSort};
use landfall_testkit::{Role, both_backends};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;

both_backends! {
    #[expect(clippy::disallowed_methods, reason = "reads past the tenant on purpose, to compare")]
    async fn a_page_has_exactly_the_rows_that_the_database_has(database: TestDatabase) {
        let world = World::new(database).await;
        let uow = world.begin().await;
        let maker = AssetMaker::new(&uow).await;
        // Numbers that need 17 digits, whole ones, the largest and smallest; texts that look like other kinds.
        for (number, memory) in [0.1 + 0.2, 16.0, 1.0e300, 5.0e-324, 1.0 / 3.0].into_iter().enumerate() {
            let name = ["NULL", "", "\"quoted\\\"", "zwei\nZeilen\u{1}", "日本 🚀"][number];
            let hostname = ["true", "12.50", "null", "[]", "'"][number];
            let fields = json!({
                "name": name,
                "hostname": hostname,
                "memory_gb": memory,
                "cpu_cores": i32::MAX,
                "is_virtual": number % 2 == 0,
                "imported_at": format!("2026-02-28T23:59:59.{:06}Z", number * 200_001),
                "custom_attributes": { "note": ["a", null, 1, 0.25, {"deep": [true, "\u{7f}"]}] },
            });
            maker.asset(&uow, fields).await;
        }
        maker.asset(&uow, json!({ "name": "bare" })).await;
        let page = uow.assets().list(&AssetFilter::all(), AssetSort::default(), &PageRequest::first(100)).await.unwrap();
        uow.commit().await.unwrap();
        let connection = world.database.connect_as(Role::Superuser).await;
        let rows = assets::Entity::find().order_by_asc(assets::Column::Id).all(&connection).await.unwrap();
        assert_eq!(rows.len(), 6);
        assert_eq!(page.items, rows);
    }
}
