//! Nodes in order of keys that change: a binary heap that knows where each node is in it (J. W. J. Williams, 1964).

use crate::rows::narrow;

/// What is not in the queue.
const NOWHERE: u32 = u32::MAX;

/// Nodes by key, the least first; among equals the one with the least number.
#[derive(Clone, Debug)]
pub(super) struct Queue<K> {
    keys: Vec<K>,
    heap: Vec<u32>,
    /// Where each node is in the heap.
    place: Vec<u32>,
}

impl<K: Ord + Copy> Queue<K> {
    /// A queue of one node for each key.
    pub(super) fn of(keys: Vec<K>) -> Self {
        let mut heap: Vec<u32> = (0..keys.len()).map(narrow).collect();
        // What is sorted is a heap.
        heap.sort_unstable_by_key(|node| (keys[*node as usize], *node));
        let mut place = vec![NOWHERE; heap.len()];
        for (at, node) in heap.iter().enumerate() {
            place[*node as usize] = narrow(at);
        }
        Self { keys, heap, place }
    }

    /// The first node.
    pub(super) fn first(&self) -> Option<usize> {
        self.heap.first().map(|node| *node as usize)
    }

    /// Whether the node has not been removed.
    pub(super) fn has(&self, node: usize) -> bool {
        self.place[node] != NOWHERE
    }

    /// Removes a node that the queue has.
    pub(super) fn remove(&mut self, node: usize) {
        let at = self.place[node] as usize;
        self.place[node] = NOWHERE;
        let Some(last) = self.heap.pop() else {
            return;
        };
        if last as usize != node {
            self.put(at, last);
            self.settle(last as usize);
        }
    }

    /// Changes the key of a node that the queue has.
    pub(super) fn change(&mut self, node: usize, change: impl FnOnce(&mut K)) {
        change(&mut self.keys[node]);
        self.settle(node);
    }

    fn put(&mut self, at: usize, node: u32) {
        self.heap[at] = node;
        self.place[node as usize] = narrow(at);
    }

    fn is_before(&self, one: u32, other: u32) -> bool {
        (self.keys[one as usize], one) < (self.keys[other as usize], other)
    }

    /// Moves a node to where its key belongs.
    fn settle(&mut self, node: usize) {
        let (mut at, node) = (self.place[node] as usize, narrow(node));
        while at > 0 && self.is_before(node, self.heap[(at - 1) / 2]) {
            self.put(at, self.heap[(at - 1) / 2]);
            at = (at - 1) / 2;
        }
        loop {
            let children = (2 * at + 1)..(2 * at + 3).min(self.heap.len());
            let least = children.reduce(|left, right| {
                if self.is_before(self.heap[right], self.heap[left]) {
                    right
                } else {
                    left
                }
            });
            match least {
                Some(child) if self.is_before(self.heap[child], node) => {
                    self.put(at, self.heap[child]);
                    at = child;
                }
                _ => break,
            }
        }
        self.put(at, node);
    }
}
