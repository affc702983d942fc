import JSON
import Platform
import SCIM
import Storage

/// Repairs the logs of a data folder that no server uses.
struct StoreRepair: Sendable {
  struct Result {
    let directory: String
    let report: RepairReport
    /// The new names of the damaged files; nil if nothing was done.
    let aside: [String]?
  }

  let configuration: Configuration
  let environment: Environment

  /// Repairs each directory on its own; with `acceptingLoss` false nothing is written.
  func run(acceptingLoss: Bool) throws(CommandError) -> [Result] {
    let folder = try StoreAccess.existing(configuration)
    defer { folder.close() }
    let catalog = try StoreAccess.catalog(configuration)
    var results: [Result] = []
    for name in try StoreAccess.names(folder) {
      do {
        results.append(try repair(name, try folder.directoryFolder(name), catalog, acceptingLoss))
      } catch let error as StoreError {
        throw CommandError(error)
      } catch let error as DataFolderError {
        throw CommandError(error, folder: configuration.data)
      } catch {
        throw CommandError(.failure, "\(error)")
      }
    }
    return results
  }

  /// Surveys a log, and repairs it if loss is accepted and something is damaged.
  private func repair(
    _ name: String, _ path: String, _ catalog: Catalog, _ acceptsLoss: Bool
  ) throws(StoreError) -> Result {
    let survey = try LogSurvey(
      folder: path, directory: name, catalog: catalog, options: configuration.cautiousStoreOptions)
    let plan = RepairPlan(survey, environment: environment)
    guard acceptsLoss, !plan.report.isSound else {
      return Result(directory: name, report: plan.report, aside: nil)
    }
    do throws(LogError) {
      let outcome = try plan.carryOut()
      return Result(directory: name, report: outcome.report, aside: outcome.aside)
    } catch {
      throw .log(error)
    }
  }
}
