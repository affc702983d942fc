import JSON
import Platform
import SCIM
import Storage

extension Command {
  static let storeDump = Command(
    path: ["store", "dump"], summary: "Print everything that a data folder holds, in a stable order",
    details: [
      "One line of JSON for every resource, ordered by directory, type and id, deleted ones last: the same "
        + "state always prints the same. Of keys it has the digests; history is not in it. Reads the files and changes nothing; "
        + "may run next to a server."
    ],
    options: [Option(name: "directory", value: "NAME", help: "This directory only.")] + storeOptions,
    examples: [
      Example(does: "all of it", line: "scimd store dump > state.jsonl"),
      Example(
        does: "the userNames of a directory",
        line: "scimd store dump --directory contoso | jq -r '.resource.userName // empty'"),
    ]
  ) { invocation, console throws(CommandError) in
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    try DataPlace(configuration).check()
    var buffer: [UInt8] = []
    try StoreDump(configuration, console.environment).forEach(in: invocation["directory"]) { line in
      buffer.append(contentsOf: line)
      buffer.append(UInt8(ascii: "\n"))
      if buffer.count > 256 << 10 {
        console.data(buffer)
        buffer.removeAll(keepingCapacity: true)
      }
    }
    console.data(buffer)
    return .success
  }

  static let storeDiff = Command(
    path: ["store", "diff"], summary: "Compare two data folders, or what `store dump` printed of them",
    details: [
      "Prints a line for every resource that only one has (- for A, + for B) and for every attribute that "
        + "differs (~). Exit code 0 when both hold the same, 1 when not."
    ],
    arguments: [
      Argument(name: "A", help: "A data folder, or a file with the output of `scimd store dump`."),
      Argument(name: "B", help: "The one to compare it with."),
    ],
    options: [
      Option(
        name: "content", help: "Compare what clients wrote: not times, versions, order and deleted resources."
      ), ConfigurationLoader.fileOption,
    ] + settingOptions(["schemas"]),
    examples: [
      Example(
        does: "a restored backup with the original", line: "scimd store diff /var/lib/scimd /mnt/restored"),
      Example(does: "now with then", line: "scimd store diff state.jsonl /var/lib/scimd"),
      Example(
        does: "what was imported with its source", line: "scimd store diff --content /var/lib/scimd new"),
    ]
  ) { invocation, console throws(CommandError) in
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    let content = invocation.has("content")
    let a = try StoreDiff.load(
      invocation.arguments[0], configuration, console.environment, contentOnly: content)
    let b = try StoreDiff.load(
      invocation.arguments[1], configuration, console.environment, contentOnly: content)
    let lines = StoreDiff.lines(a, b)
    for line in lines { console.print(line) }
    if lines.isEmpty { console.printError("Both hold the same: \(a.count) lines.") }
    return lines.isEmpty ? .success : .failure
  }
}
