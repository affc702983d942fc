/// The indexes' answer to a query.
enum QueryAnswer {
  case page(ResourcePage)
  /// To be worked on outside the lock: the matches are among the slots, or anywhere if there are none.
  case work(Capture, [Slot]?)
}
