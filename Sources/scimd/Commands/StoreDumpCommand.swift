import JSON
import Platform
import SCIM
import Storage

extension Command {
  static let storeDump = Command(
    path: ["store", "dump"], summary: "Print everything in a data folder in a stable order",
    details: [
      "Prints one JSON line per resource, ordered by directory, type and id, with deleted resources last. The same "
        + "state always prints the same output. It includes key digests but no history. The command reads the files, "
        + "changes nothing, and can run while a server is running."
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
    path: ["store", "diff"], summary: "Compare two data folders, or outputs of `store dump`",
    details: [
      "Prints a line for every resource that only one of them has (- for A, + for B) and for every attribute that "
        + "differs (~). Exit code 0 if both are equal, 1 if not."
    ],
    arguments: [
      Argument(name: "A", help: "A data folder, or a file with the output of `scimd store dump`."),
      Argument(name: "B", help: "The one to compare it with."),
    ],
    options: [
      Option(
        name: "content",
        help: "Compare only what clients wrote; ignore times, versions, order and deleted resources."
      ), ConfigurationLoader.fileOption,
    ] + settingOptions(["schemas"]),
    examples: [
      Example(
        does: "a restored backup with the original", line: "scimd store diff /var/lib/scimd /mnt/restored"),
      Example(does: "an old dump with the folder", line: "scimd store diff state.jsonl /var/lib/scimd"),
      Example(
        does: "an import with its source", line: "scimd store diff --content /var/lib/scimd new"),
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
    if lines.isEmpty { console.printError("Both have the same content: \(a.count) lines.") }
    return lines.isEmpty ? .success : .failure
  }
}
