using System.CommandLine;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;
using Lungfish.Cli.Settings;
using Lungfish.Engine.Checking;
using Lungfish.Engine.Storage;
using Lungfish.Json;
using Lungfish.Server.Keeping;
using Lungfish.Storage.Sqlite;
using StoredFinding = Lungfish.Engine.Checking.Finding;

namespace Lungfish.Cli.Commands;

/// <summary>Checks a data directory, a backup or a database.</summary>
internal static class FsckCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var path = new Argument<string?>("PATH")
        {
            HelpName = "PATH",
            Description = "a data directory, a backup, or a database; the data directory of --data if not given",
            DefaultValueFactory = _ => null, // Without it an argument that is not given cannot be asked for.
            Arity = ArgumentArity.ZeroOrOne,
        }.NotEmpty();
        var quick = new Option<bool>("--quick")
        {
            Description = $"leaves out the indexes, and looks at {KeepingCheck.QuickSample} executions",
        };
        var sample = new Option<int?>("--sample")
        {
            HelpName = "N",
            Description = "looks at N executions only: the newest, and some of all times",
        }.From(1, int.MaxValue);
        var json = new Option<bool>("--json") { Description = "one JSON object; the same as -o json" };
        var command = new DocumentedCommand("fsck", "Checks stored data, also while a server runs on it.")
        {
            Examples =
            [
                "lungfish fsck --data /var/lib/lungfish",
                "lungfish fsck /backups/monday --json",
                "lungfish fsck --sample 10000          # of a large one",
            ],
            Arguments = { path },
            Options = { ServerSettings.DataOption, ServerSettings.ConfigOption, quick, sample, json },
        };
        command.Runs(surroundings, async (context, cancellationToken) =>
        {
            var checkedPath = context.Get(path) ?? await KeepingCheck.DataAsync(context, cancellationToken);
            var isQuick = context.Get(quick);
            var check = KeepingCheck.Run(
                checkedPath,
                new DataFileCheckOptions
                {
                    Quick = isQuick,
                    SampleCount = context.Get(sample) ?? (isQuick ? KeepingCheck.QuickSample : null),
                },
                cancellationToken);
            check.Write(context.Output, context.Get(json) || context.Output.Format == OutputFormat.Json);
            return check.ErrorCount == 0 ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }
}

/// <summary>A check that has been run, and what it found.</summary>
internal sealed class KeepingCheck
{
    public const int QuickSample = 1_000;

    private const int FindingsMax = 1_000; // A file may be damaged everywhere.

    private readonly List<StoredFinding> _findings = [];
    private readonly string _path;
    private DataFileCounts _counts = new();
    private long _warningCount;

    private KeepingCheck(string path) => _path = path;

    public long ErrorCount { get; private set; }

    /// <summary>The data directory that is meant if none is given.</summary>
    public static async Task<string> DataAsync(CommandContext context, CancellationToken cancellationToken) =>
        (await ServerSettings.ReadAsync(context, cancellationToken)).Data ?? ServerSettings.UsualData;

    /// <param name="suggestion">What to type instead.</param>
    /// <exception cref="CommandException">There is nothing at that path.</exception>
    public static void MustExist(string path, string suggestion)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw new CommandException(ExitCode.NotFound, $"There is no '{path}'.", suggestion);
        }
    }

    /// <exception cref="CommandException">There is nothing to check.</exception>
    public static KeepingCheck Run(string path, DataFileCheckOptions options, CancellationToken cancellationToken)
    {
        MustExist(path, "lungfish fsck --data DIR");
        var check = new KeepingCheck(path);
        try
        {
            check._counts = DataCheck.Run(path, options, check.Add, cancellationToken);
            return check;
        }
        catch (StoreRefusedException e)
        {
            throw new CommandException(ExitCode.Usage, e.Message);
        }
    }

    public void Write(Output output, bool asJson)
    {
        if (asJson)
        {
            output.Json(ToJson());
            return;
        }

        foreach (var finding in _findings)
        {
            if (output.Format == OutputFormat.Id)
            {
                output.Id(finding.Subject);
                continue;
            }

            var isError = finding.Kind.Severity == FindingSeverity.Error;
            output.Data.Write(Severity(finding), isError ? Style.Bad : Style.Waiting);
            output.Data.Line($" {finding.Kind.Code}: {finding.Subject}");
            output.Data.Line($"  {finding.Problem}");
            output.Data.Line($"  {finding.Kind.Advice}", Style.Dim);
        }

        output.Say(Summary(), ErrorCount == 0 ? Style.Good : Style.Bad);
    }

    private string Summary()
    {
        var looked = $"{_path}: {Counts.Text(_counts.Executions, "execution")}, "
            + $"{Counts.Text(_counts.Segments, "journal segment")}, "
            + Counts.Text(_counts.CatalogEntries, "catalog entry");
        var leftOut = LeftOut > 0 ? $"; {LeftOut} more not shown" : "";
        return ErrorCount + _warningCount == 0
            ? $"{looked}: clean"
            : $"{looked}: {Counts.Text(ErrorCount, "error")}, {Counts.Text(_warningCount, "warning")}{leftOut}";
    }

    private long LeftOut => ErrorCount + _warningCount - _findings.Count;

    private void Add(StoredFinding finding)
    {
        if (finding.Kind.Severity == FindingSeverity.Error)
        {
            ErrorCount++;
        }
        else
        {
            _warningCount++;
        }

        if (_findings.Count < FindingsMax)
        {
            _findings.Add(finding);
        }
    }

    private JsonObject ToJson() => JsonObject.Of(
        ("path", (JsonValue)_path),
        ("clean", ErrorCount + _warningCount == 0),
        ("errors", ErrorCount),
        ("warnings", _warningCount),
        ("executions", _counts.Executions),
        ("segments", _counts.Segments),
        ("catalogEntries", _counts.CatalogEntries),
        ("findings", JsonArray.Of(_findings.Select(ToJson))),
        ("findingsLeftOut", LeftOut));

    private static JsonValue ToJson(StoredFinding finding) => JsonObject.Of(
        ("code", (JsonValue)finding.Kind.Code),
        ("severity", Severity(finding)),
        ("subject", finding.Subject),
        ("problem", finding.Problem),
        ("advice", finding.Kind.Advice));

    private static string Severity(StoredFinding finding) =>
        finding.Kind.Severity == FindingSeverity.Error ? "error" : "warning";
}
