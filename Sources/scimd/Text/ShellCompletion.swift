/// A script that lets a shell complete the command line of scimd. The script lists the words that may follow each
/// command, `key` or `key create`. It finds the command from the words before the cursor, so that options may be
/// anywhere.
struct ShellCompletion {
  enum Shell: String, CaseIterable {
    case bash, zsh, fish
  }

  private let commands: [Command]

  init(_ commands: [Command]) { self.commands = commands }

  func script(for shell: Shell) -> String {
    switch shell {
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }

  /// A word that may follow, and what it does.
  private struct Word {
    let text: String
    let help: String
    /// Whether another word must follow it.
    var takesValue = false
  }

  /// Every beginning of a command, "" and "key" and "key create", with the words that may follow it.
  private var followers: [(path: String, words: [Word])] {
    var found: [(path: String, words: [Word])] = []
    func add(_ word: Word, to path: String) {
      guard let index = found.firstIndex(where: { $0.path == path }) else {
        return found.append((path, [word]))
      }
      if !found[index].words.contains(where: { $0.text == word.text }) { found[index].words.append(word) }
    }
    for command in commands {
      for (index, text) in command.path.enumerated() {
        let isWhole = index == command.path.count - 1
        let help = isWhole ? command.summary : "Commands for \(text)"
        add(Word(text: text, help: help), to: command.path[..<index].joined(separator: " "))
      }
      for option in command.options {
        add(
          Word(text: "--\(option.name)", help: option.help, takesValue: option.value != nil), to: command.name
        )
      }
      add(Word(text: "--help", help: "Show help."), to: command.name)
    }
    return found
  }

  /// Offers words with `compgen`, and files if none match.
  private var bash: String {
    var text = """
      # Completion of scimd for bash: source <(scimd completion bash)
      _scimd() {
        local word="${COMP_WORDS[COMP_CWORD]}" path="" words="" i
        for ((i = 1; i < COMP_CWORD; i++)); do
          case "$path ${COMP_WORDS[i]}" in

      """
    text +=
      "      \(starts { "\"\($0)\"" })) path=\"$path ${COMP_WORDS[i]}\" ;;\n    esac\n  done\n  case \"$path\" in\n"
    for (path, words) in followers {
      text +=
        "    \"\(path.isEmpty ? "" : " " + path)\") words=\"\(words.map(\.text).joined(separator: " "))\" ;;\n"
    }
    return text + """
        esac
        COMPREPLY=($(compgen -W "$words" -- "$word"))
      }
      complete -o default -F _scimd scimd

      """
  }

  /// Offers words with their help, and files if none match.
  private var zsh: String {
    var text = """
      #compdef scimd
      # Completion of scimd for zsh: source <(scimd completion zsh)
      _scimd() {
        local path_so_far="" i
        local -a found
        for ((i = 2; i < CURRENT; i++)); do
          case "$path_so_far $words[i]" in

      """
    text += "      (\(starts { "\"\($0)\"" })) path_so_far=\"$path_so_far $words[i]\" ;;\n"
    text += "    esac\n  done\n  case \"$path_so_far\" in\n"
    for (path, words) in followers {
      let list = words.map { "'\($0.text):\(Self.quoted($0.help))'" }.joined(separator: " ")
      text += "    (\"\(path.isEmpty ? "" : " " + path)\") found=(\(list)) ;;\n"
    }
    return text + """
        esac
        _describe -t words scimd found || _files
      }
      compdef _scimd scimd

      """
  }

  /// One `complete` line per word.
  private var fish: String {
    var text = """
      # Completion of scimd for fish: scimd completion fish | source
      function __scimd_path
        set -l path ""
        for word in (commandline -opc)[2..-1]
          switch "$path $word"
            case \(starts(separator: " ") { "'\($0)'" })
              set path "$path $word"
          end
        end
        string trim -- "$path"
      end

      """
    for (path, words) in followers {
      for word in words {
        let at = "-n 'test (__scimd_path) = \"\(path)\"'"
        let name =
          word.text.hasPrefix("--")
          ? "-l \(word.text.dropFirst(2))\(word.takesValue ? " -r" : "")"
          : "-f -a \(word.text)"
        text += "complete -c scimd \(at) \(name) -d '\(Self.quoted(word.help))'\n"
      }
    }
    return text
  }

  /// Every beginning of a command but the empty one, as " key create".
  private func starts(separator: String = "|", _ quote: (String) -> String) -> String {
    var starts: [String] = []
    for command in commands {
      for count in 1...command.path.count {
        let start = " " + command.path.prefix(count).joined(separator: " ")
        if !starts.contains(start) { starts.append(start) }
      }
    }
    return starts.map(quote).joined(separator: separator)
  }

  /// One line in single quotes, without characters that shells interpret there.
  private static func quoted(_ text: String) -> String {
    String(text.map { $0 == "'" ? "\u{2019}" : $0 == ":" ? "," : $0 == "\n" || $0 == "\\" ? " " : $0 })
  }
}
