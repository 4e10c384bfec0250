using System.Text.Json;
using Lungfish.Engine.Checking;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Functions;
using Lungfish.Journal;
using Lungfish.Server.Lambda;
using Lungfish.Server.Lambda.Durable;
using Lungfish.Server.StepFunctions;
using Lungfish.Storage.Sqlite;

namespace Lungfish.Server.Keeping;

/// <summary>Writes what a server keeps as JSON, one object a line, also while it runs. The form is described in
/// docs/export.md.</summary>
/// <remarks>Each execution is read as of one commit; those that start meanwhile are left out.</remarks>
public sealed class DataExport
{
    private const int Format = 1;

    private readonly DataFile _file;
    private readonly ExportOptions _options;
    private readonly ExportLines _lines;
    private readonly Action<string> _report;

    private DataExport(DataFile file, ExportOptions options, ExportLines lines, Action<string> report)
    {
        _file = file;
        _options = options;
        _lines = lines;
        _report = report;
    }

    /// <param name="data">A data directory, a backup, or a database.</param>
    /// <param name="report">Is told of what could not be exported.</param>
    /// <exception cref="StoreRefusedException">There is no database that this program can read.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be read to its end.</exception>
    public static async Task<ExportCounts> WriteAsync(
        string data,
        ExportOptions options,
        TextWriter output,
        Action<string> report,
        CancellationToken cancellationToken)
    {
        using var file = DataFile.Open(
            Directory.Exists(data) ? Path.Combine(data, DataFolder.Database) : data);
        using var lines = new ExportLines(output);
        return await new DataExport(file, options, lines, report).RunAsync(cancellationToken);
    }

    private async Task<ExportCounts> RunAsync(CancellationToken cancellationToken)
    {
        var counts = new ExportCounts();
        _lines.Add("export", writer => writer.WriteNumber("format"u8, Format));
        WriteMachines(counts);
        WriteFunctions(counts);
        foreach (var id in _file.ReadIds())
        {
            cancellationToken.ThrowIfCancellationRequested();
            WriteExecution(id, counts);
            await _lines.FlushSomeAsync(cancellationToken);
        }

        _lines.Add("end", writer =>
        {
            writer.WriteNumber("stateMachines"u8, counts.StateMachines);
            writer.WriteNumber("functions"u8, counts.Functions);
            writer.WriteNumber("executions"u8, counts.Executions);
            writer.WriteNumber("events"u8, counts.Events);
            writer.WriteNumber("damaged"u8, counts.Damaged);
        });
        await _lines.FlushAsync(cancellationToken);
        return counts;
    }

    private void WriteMachines(ExportCounts counts)
    {
        foreach (var entry in _file.ReadCatalog(StoredDescriptions.StateMachineKind))
        {
            if (!_options.SelectsMachine(entry.Key))
            {
                continue;
            }

            Attempt(counts, entry.Key, () =>
            {
                var machine = StoredDescriptions.StateMachine(entry, _file.FindCatalog);
                _lines.Add("stateMachine", writer =>
                    new DescribeStateMachineOutput(machine, new IncludedData(WithPayloads: true)).WriteTo(writer));
                counts.StateMachines++;
            });
        }
    }

    private void WriteFunctions(ExportCounts counts)
    {
        foreach (var entry in StoredFunctions.Kinds.SelectMany(_file.ReadCatalog))
        {
            Attempt(counts, entry.Key, () =>
            {
                var function = StoredFunctions.Read(entry);
                if (_options.SelectsFunction(function.Name))
                {
                    var answer = ConfigurationAnswer.Of(function, _options.Account);
                    _lines.Add("function", writer =>
                    {
                        foreach (var (name, value) in answer)
                        {
                            writer.WritePropertyName(name);
                            writer.WriteRawValue(value.ToUtf8(), skipInputValidation: true);
                        }
                    });
                    counts.Functions++;
                }
            });
        }
    }

    private void WriteExecution(ExecutionId id, ExportCounts counts)
    {
        StoredExecution? stored;
        try
        {
            stored = _file.FindExecution(id);
        }
        catch (UnreadableExecutionException e)
        {
            Damaged(counts, $"execution {id.Uuid}", e);
            return;
        }

        if (stored is null || !_options.Selects(stored.Header))
        {
            return; // Removed meanwhile, or not asked for.
        }

        Attempt(counts, ExecutionCheck.ArnOf(stored.Header), () =>
        {
            if (stored.Header.Key.IsDurable)
            {
                WriteDurable(stored, counts);
            }
            else
            {
                WriteStandard(stored, counts);
            }

            counts.Executions++;
        });
    }

    private void WriteStandard(StoredExecution stored, ExportCounts counts)
    {
        var described = StoredDescriptions.Execution(stored);
        var events = _options.WithHistory ? StoredDescriptions.History(stored).ToList() : [];
        _lines.Add("execution", writer =>
            new DescribeExecutionOutput(described, new IncludedData(WithPayloads: true)).WriteTo(writer));
        foreach (var happened in events)
        {
            _lines.Add("event", writer =>
            {
                writer.WriteString("executionArn"u8, described.Summary.ExecutionArn);
                writer.WritePropertyName("event"u8);
                happened.WriteTo(writer, includeData: true);
            });
            counts.Events++;
        }
    }

    private void WriteDurable(StoredExecution stored, ExportCounts counts)
    {
        var described = StoredDescriptions.DurableExecution(stored);
        var events = _options.WithHistory ? StoredDescriptions.DurableHistory(stored).ToList() : [];
        _lines.Add("durableExecution", writer => DurableSummaryJson.WriteDescription(writer, described));
        foreach (var happened in events)
        {
            _lines.Add("durableEvent", writer =>
            {
                writer.WriteString("durableExecutionArn"u8, described.Summary.ExecutionArn);
                writer.WritePropertyName("event"u8);
                HistoryEventJson.Write(writer, happened, includesData: true);
            });
            counts.Events++;
        }
    }

    private void Attempt(ExportCounts counts, string subject, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is CorruptJournalException or InvalidDataException or JsonException)
        {
            Damaged(counts, subject, e);
        }
    }

    private void Damaged(ExportCounts counts, string subject, Exception reason)
    {
        counts.Damaged++;
        _report($"{subject} could not be exported: {reason.Message}");
        _lines.Add("damaged", writer =>
        {
            writer.WriteString("subject"u8, subject);
            writer.WriteString("message"u8, reason.Message);
        });
    }
}

/// <summary>What was written.</summary>
public sealed record ExportCounts
{
    public long StateMachines { get; internal set; }

    public long Functions { get; internal set; }

    public long Executions { get; internal set; }

    public long Events { get; internal set; }

    public long Damaged { get; internal set; }
}
