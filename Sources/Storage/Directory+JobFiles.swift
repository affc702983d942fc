import Platform
package import SCIM

// Job input that does not fit into the job's record: a file next to the log, kept while the job runs.
extension Directory {
  private static let suffix = ".job"

  private func path(_ job: ResourceID) -> String { "\(folder)/\(job.text)\(Self.suffix)" }

  /// Keeps bytes for a job that is about to be recorded; they are on disk when this returns. 507 if the disk is full.
  package func keepFile(_ bytes: [UInt8], for job: ResourceID) throws(SCIMError) {
    do throws(SystemError) {
      try FileSystem.replaceFile(path(job), bytes, mode: 0o600)
    } catch {
      forgetFile(of: job)
      throw SCIMError(.diskFull, "The server's disk has no space for the file: \(error).")
    }
  }

  /// The bytes kept for a job; nil if they no longer exist, as in a directory restored from a backup.
  package func file(of job: ResourceID) -> [UInt8]? { try? FileSystem.readFile(path(job)) }

  /// A job has ended, or was not recorded.
  package func forgetFile(of job: ResourceID) { try? FileSystem.unlink(path(job)) }

  /// The jobs that have kept bytes.
  package var jobsWithFiles: [ResourceID] {
    ((try? FileSystem.list(folder)) ?? []).compactMap {
      $0.hasSuffix(Self.suffix) ? ResourceID(String($0.dropLast(Self.suffix.count))) : nil
    }
  }
}
