import SCIM

/// A match of a query, and what it is sorted by.
struct QueryMatch {
  let slot: Slot
  let sortValue: SortValue?
}
