//! What belongs to each of a number of things, one list behind the other: two allocations in all, read in the order of
//! memory.

/// A list for each number from 0.
#[derive(Clone, Debug)]
pub(crate) struct Rows<T> {
    /// Where each list begins, and where the last one ends.
    starts: Vec<usize>,
    items: Vec<T>,
}

impl<T: Copy> Rows<T> {
    /// Sorts items, each with the number of its list, into `count` lists. Within a list, they keep their order. Linear.
    pub(crate) fn of(count: usize, items: impl Iterator<Item = (usize, T)> + Clone) -> Self {
        let mut starts = vec![0; count + 1];
        items.clone().for_each(|(number, _)| starts[number + 1] += 1);
        for number in 0..count {
            starts[number + 1] += starts[number];
        }
        let Some((_, any)) = items.clone().next() else {
            return Self {
                starts,
                items: Vec::new(),
            };
        };
        let mut next = starts.clone();
        let mut sorted = vec![any; starts[count]];
        items.for_each(|(number, item)| {
            sorted[next[number]] = item;
            next[number] += 1;
        });
        Self {
            starts,
            items: sorted,
        }
    }

    /// No lists yet, and room for some.
    pub(crate) fn with_capacity(rows: usize, items: usize) -> Self {
        let mut starts = Vec::with_capacity(rows + 1);
        starts.push(0);
        Self {
            starts,
            items: Vec::with_capacity(items),
        }
    }

    /// Ends the list that [`Rows::push`] adds to, and begins the next one.
    pub(crate) fn end_row(&mut self) {
        self.starts.push(self.items.len());
    }

    /// Adds to the list that is not ended yet.
    pub(crate) fn push(&mut self, item: T) {
        self.items.push(item);
    }

    /// How many lists there are.
    pub(crate) fn count(&self) -> usize {
        self.starts.len() - 1
    }

    /// One of the lists.
    pub(crate) fn row(&self, number: usize) -> &[T] {
        &self.items[self.starts[number]..self.starts[number + 1]]
    }

    /// One of the lists, to be changed.
    pub(crate) fn row_mut(&mut self, number: usize) -> &mut [T] {
        &mut self.items[self.starts[number]..self.starts[number + 1]]
    }

    /// Every list, in order of their numbers.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[T]> {
        self.starts
            .windows(2)
            .map(|bounds| &self.items[bounds[0]..bounds[1]])
    }

    /// The items of all lists.
    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }
}

/// A position as it is kept in memory: four bytes are enough for what an engagement can hold, and twice as many of them are
/// at hand.
pub(crate) fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
