import Foundation

/// Collects what became of every case, for `.ci/http-table`: a line a case and mode in the file of `HTTP_TABLE`.
enum CaseTable {
  private static let path = ProcessInfo.processInfo.environment["HTTP_TABLE"]

  static func record(_ item: ByteCase, _ mode: String, _ passes: Bool) {
    guard let path, let file = fopen(path, "a") else { return }
    fputs("\(item.file.prefix(3)) \(mode) \(passes ? "pass" : "FAIL")\n", file)
    fclose(file)
  }
}
