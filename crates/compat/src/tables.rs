//! What was called differently, per resource.

/// A resource whose fields were renamed or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resource {
    /// `data_imports`.
    DataImports,
    /// `discovery_flows`.
    DiscoveryFlows,
    /// `import_field_mappings`.
    ImportFieldMappings,
    /// `raw_import_records`.
    RawImportRecords,
    /// `assets`.
    Assets,
}

/// One old field name and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// The name that the predecessor used.
    pub old: &'static str,
    /// What became of it.
    pub change: Change,
}

/// What became of an old field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It has this name now.
    Renamed(&'static str),
    /// Its value is kept inside another field, an object, under its old name.
    Within(&'static str),
    /// It is accepted and ignored.
    Dropped,
}

const fn renamed(old: &'static str, new: &'static str) -> FieldChange {
    FieldChange {
        old,
        change: Change::Renamed(new),
    }
}

const fn within(old: &'static str, new: &'static str) -> FieldChange {
    FieldChange {
        old,
        change: Change::Within(new),
    }
}

const fn dropped(old: &'static str) -> FieldChange {
    FieldChange {
        old,
        change: Change::Dropped,
    }
}

impl Resource {
    /// Every resource with old names.
    pub const ALL: [Self; 5] = [
        Self::DataImports,
        Self::DiscoveryFlows,
        Self::ImportFieldMappings,
        Self::RawImportRecords,
        Self::Assets,
    ];

    /// The name of its table, under which uses of old names are counted.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DataImports => "data_imports",
            Self::DiscoveryFlows => "discovery_flows",
            Self::ImportFieldMappings => "import_field_mappings",
            Self::RawImportRecords => "raw_import_records",
            Self::Assets => "assets",
        }
    }

    /// Its old names. A new name is never the old name of another field, so that renaming twice changes nothing.
    pub const fn changes(self) -> &'static [FieldChange] {
        match self {
            Self::DataImports => {
                const {
                    &[
                        renamed("source_filename", "filename"),
                        renamed("file_size_bytes", "file_size"),
                        renamed("file_type", "mime_type"),
                        dropped("is_mock"),
                        dropped("file_hash"),
                        dropped("import_config"),
                    ]
                }
            }
            Self::DiscoveryFlows => {
                const {
                    &[
                        renamed("data_import_completed", "data_validation_completed"),
                        renamed("attribute_mapping_completed", "field_mapping_completed"),
                        renamed("inventory_completed", "asset_inventory_completed"),
                        renamed("dependencies_completed", "dependency_analysis_completed"),
                        renamed("tech_debt_completed", "tech_debt_assessment_completed"),
                        dropped("is_mock"),
                        dropped("assessment_package"),
                        dropped("flow_description"),
                    ]
                }
            }
            Self::ImportFieldMappings => {
                const {
                    &[
                        renamed("mapping_type", "match_type"),
                        renamed("validated_by", "approved_by"),
                        renamed("validated_at", "approved_at"),
                        renamed("transformation_logic", "transformation_rules"),
                        within("validation_rules", "transformation_rules"),
                        dropped("is_mock"),
                        dropped("user_feedback"),
                        dropped("sample_values"),
                        dropped("is_user_defined"),
                        dropped("is_validated"),
                        dropped("validation_method"),
                        dropped("original_ai_suggestion"),
                        dropped("correction_reason"),
                    ]
                }
            }
            Self::RawImportRecords => {
                const {
                    &[
                        // The table has a `row_number` again, the line of the source file; clients never name that one.
                        renamed("row_number", "record_index"),
                        renamed("processed_data", "cleansed_data"),
                        dropped("is_mock"),
                        dropped("record_id"),
                    ]
                }
            }
            Self::Assets => {
                const {
                    &[
                        renamed("flow_id", "discovery_flow_id"),
                        dropped("is_mock"),
                        dropped("raw_data"),
                        dropped("field_mappings_used"),
                    ]
                }
            }
        }
    }
}

impl std::fmt::Display for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}
