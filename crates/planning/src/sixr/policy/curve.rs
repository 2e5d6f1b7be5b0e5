//! How much a value of an input counts: a table for words and flags, straight lines between points for numbers.

/// From an input's value to millionths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sixr) struct Curve {
    shape: Shape,
    /// What counts where the value is not known.
    unknown: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    /// By place of the word; no and yes for flags.
    Table(Vec<i64>),
    /// By number, ascending; beyond the ends the end's value.
    Points(Vec<(i64, i64)>),
}

impl Curve {
    pub(super) fn table(values: Vec<i64>, unknown: i64) -> Self {
        Self {
            shape: Shape::Table(values),
            unknown,
        }
    }

    pub(super) fn points(points: Vec<(i64, i64)>, unknown: i64) -> Self {
        Self {
            shape: Shape::Points(points),
            unknown,
        }
    }

    /// What the value counts.
    pub(in crate::sixr) fn at(&self, raw: Option<i64>) -> i64 {
        let Some(raw) = raw else { return self.unknown };
        match &self.shape {
            Shape::Table(values) => usize::try_from(raw)
                .ok()
                .and_then(|place| values.get(place))
                .copied()
                .unwrap_or(self.unknown),
            Shape::Points(points) => between(points, raw).unwrap_or(self.unknown),
        }
    }

    /// Numbers at which the curve bends.
    pub(in crate::sixr) fn knots(&self) -> impl Iterator<Item = i64> + '_ {
        let points = match &self.shape {
            Shape::Points(points) => points.as_slice(),
            Shape::Table(_) => &[],
        };
        points.iter().map(|(x, _)| *x)
    }
}

fn between(points: &[(i64, i64)], x: i64) -> Option<i64> {
    let after = points.partition_point(|(knot, _)| *knot <= x);
    let Some((x0, y0)) = after.checked_sub(1).and_then(|before| points.get(before)) else {
        return points.first().map(|(_, y)| *y);
    };
    let Some((x1, y1)) = points.get(after) else {
        return Some(*y0);
    };
    // Below 2^63: numbers are at most 10^11 thousandths apart and values 2·10^7 millionths.
    Some(y0 + (y1 - y0) * (x - x0) / (x1 - x0))
}

#[cfg(test)]
mod tests {
    use super::Curve;

    #[test]
    fn lines_run_between_points_and_end_flat() {
        let curve = Curve::points(vec![(0, 1_000_000), (2_000, 900_000), (4_000, 0)], 100_000);
        for (x, y) in [
            (-5, 1_000_000),
            (0, 1_000_000),
            (1_000, 950_000),
            (2_000, 900_000),
            (3_000, 450_000),
            (9_000, 0),
        ] {
            assert_eq!(curve.at(Some(x)), y, "{x}");
        }
        assert_eq!(curve.at(None), 100_000);
        assert_eq!(Curve::table(vec![0, 1_000_000], 500_000).at(Some(1)), 1_000_000);
    }
}
