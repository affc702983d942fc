/// Which resources a name may mean.
package enum NameScope: Sendable {
  case present, deleted, any
}
