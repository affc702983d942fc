import SCIM

/// The order of a list with the newest first; of the same millisecond, the higher id.
func newestFirst<Item>(
  _ time: @escaping (Item) -> DateTime, _ id: @escaping (Item) -> String
) -> (Item, Item) -> Bool {
  { a, b in
    let (left, right) = (time(a).milliseconds, time(b).milliseconds)
    return left != right ? left > right : id(b).utf8.lexicographicallyPrecedes(id(a).utf8)
  }
}
