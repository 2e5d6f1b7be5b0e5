//! The graph as a file for other tools.

use super::DependencyGraph;
use serde::Serialize;
use std::io::{self, Write};
use std::str::FromStr;

/// File formats of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraphFormat {
    /// `GraphML` 1.0 (Brandes, Eiglsperger, Lerner, 2002), read by yEd, Gephi, networkx and others.
    GraphMl,
    /// The language of Graphviz.
    Dot,
    /// `{"nodes": […], "dependencies": […]}`.
    Json,
}

impl GraphFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::GraphMl, Self::Dot, Self::Json];

    /// The word that asks for it; also the ending of its files' names.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GraphMl => "graphml",
            Self::Dot => "dot",
            Self::Json => "json",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::GraphMl => "application/graphml+xml",
            Self::Dot => "text/vnd.graphviz",
            Self::Json => "application/json",
        }
    }
}

impl FromStr for GraphFormat {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == word)
            .ok_or_else(|| format!("'{word}' is no format of a graph; known are graphml, dot and json"))
    }
}

#[derive(Serialize)]
struct Whole<'g> {
    nodes: &'g [super::Node],
    dependencies: &'g [super::Dependency],
}

impl DependencyGraph {
    /// Writes the graph. Linear; nothing but the graph is held in memory.
    pub fn write(&self, format: GraphFormat, out: &mut impl Write) -> io::Result<()> {
        match format {
            GraphFormat::GraphMl => self.graphml(out),
            GraphFormat::Dot => self.dot(out),
            GraphFormat::Json => {
                let whole = Whole {
                    nodes: &self.nodes,
                    dependencies: &self.dependencies,
                };
                serde_json::to_writer(out, &whole).map_err(io::Error::other)
            }
        }
    }

    fn graphml(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(
            b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
        )?;
        for (of, name, kind) in [
            ("node", "name", "string"),
            ("node", "kind", "string"),
            ("node", "application", "string"),
            ("node", "environment", "string"),
            ("edge", "type", "string"),
            ("edge", "port", "int"),
            ("edge", "weight", "double"),
            ("edge", "is_hard", "boolean"),
        ] {
            writeln!(
                out,
                "  <key id=\"{of}_{name}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>"
            )?;
        }
        writeln!(out, "  <graph id=\"dependencies\" edgedefault=\"directed\">")?;
        for node in &self.nodes {
            write!(out, "    <node id=\"{}\">", node.id)?;
            let data = [
                ("name", Some(&node.name)),
                ("kind", Some(&node.kind)),
                ("application", node.application.as_ref()),
                ("environment", node.environment.as_ref()),
            ];
            for (name, value) in data {
                if let Some(value) = value {
                    write!(out, "<data key=\"node_{name}\">{}</data>", xml(value))?;
                }
            }
            writeln!(out, "</node>")?;
        }
        for edge in &self.dependencies {
            writeln!(
                out,
                "    <edge id=\"{}\" source=\"{}\" target=\"{}\"><data key=\"edge_type\">{}</data>\
                 <data key=\"edge_port\">{}</data><data key=\"edge_weight\">{}</data>\
                 <data key=\"edge_is_hard\">{}</data></edge>",
                edge.id,
                edge.from,
                edge.to,
                xml(&edge.kind),
                edge.port,
                edge.weight,
                edge.is_hard
            )?;
        }
        writeln!(out, "  </graph>\n</graphml>")
    }

    fn dot(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "digraph dependencies {{")?;
        for node in &self.nodes {
            writeln!(out, "  \"{}\" [label=\"{}\"];", node.id, dot(&node.name))?;
        }
        for edge in &self.dependencies {
            let style = if edge.is_hard { "bold" } else { "dashed" };
            writeln!(
                out,
                "  \"{}\" -> \"{}\" [label=\"{}\", weight={}, style={style}];",
                edge.from,
                edge.to,
                dot(&edge.kind),
                // Graphviz takes whole weights only.
                edge.weight.ceil().clamp(0.0, 1e9)
            )?;
        }
        writeln!(out, "}}")
    }
}

/// Text for XML. Characters that XML 1.0 forbids become the replacement character.
fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(character),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

fn dot(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}
