// Shell completion and the manual page.
extension Command {
  static let completion = Command(
    path: ["completion"], summary: "Print completion for a shell",
    arguments: [Argument(name: "SHELL", help: "bash, zsh or fish.")],
    examples: [
      Example(
        does: "for this session of bash", line: "scimd completion bash > scimd.bash && source scimd.bash"),
      Example(
        does: "for every user of zsh",
        line: "scimd completion zsh > /usr/local/share/zsh/site-functions/_scimd"),
      Example(
        does: "for one user of fish", line: "scimd completion fish > ~/.config/fish/completions/scimd.fish"),
    ]
  ) { invocation, console throws(CommandError) in
    let name = invocation.arguments.first ?? ""
    guard let shell = ShellCompletion.Shell(rawValue: name) else {
      throw CommandError(.usage, "no completion exists for \"\(name)\"", advice: "Use bash, zsh or fish.")
    }
    console.write(.output, ShellCompletion(all).script(for: shell))
    return .success
  }

  static let man = Command(
    path: ["man"], summary: "Print the manual page",
    examples: [
      Example(does: "read it", line: "scimd man > scimd.1 && man ./scimd.1"),
      Example(does: "for everyone on this machine", line: "scimd man > /usr/local/share/man/man1/scimd.1"),
    ]
  ) { _, console in
    console.write(.output, ManPage(all).text)
    return .success
  }
}
