using Lungfish.Cli.CommandLine;
using Lungfish.Deployment;
using Lungfish.Json;

namespace Lungfish.Cli.Rendering;

internal enum OutputFormat
{
    Table,
    Json,
    Id,
}

/// <summary>Where commands write: data to standard output, talk to standard error.</summary>
internal sealed class Output
{
    private readonly Surroundings _surroundings;

    public Output(Surroundings surroundings, OutputFormat format)
    {
        _surroundings = surroundings;
        Format = format;
        Data = new StyledWriter(surroundings.Out, surroundings.OutIsTerminal && surroundings.Colours);
        Talk = new StyledWriter(surroundings.Error, surroundings.ErrorIsTerminal && surroundings.Colours);
    }

    public OutputFormat Format { get; }

    public StyledWriter Data { get; }

    public StyledWriter Talk { get; }

    public bool ForPeople => _surroundings.OutIsTerminal;

    /// <summary>Glyphs where someone looks; words for programs and for terminals that know no Unicode.</summary>
    public bool Glyphs => _surroundings.OutIsTerminal && _surroundings.Environment("TERM") is not "dumb";

    public void Json(JsonValue value) => _surroundings.Out.WriteLine(IndentedJson.Write(value));

    public void Id(string id) => _surroundings.Out.WriteLine(id);

    /// <summary>Writes what a list command found, in the form that was asked for.</summary>
    public void List<T>(
        IReadOnlyList<T> items, Func<T, JsonValue> json, Func<T, string> id, Table<T> table, string whenEmpty)
    {
        switch (Format)
        {
            case OutputFormat.Json:
                Json(JsonArray.Of(items.Select(json)));
                break;
            case OutputFormat.Id:
                foreach (var item in items)
                {
                    Id(id(item));
                }

                break;
            case OutputFormat.Table when items.Count == 0:
                Say(_surroundings.Typed(whenEmpty));
                break;
            default:
                table.Write(items, Data);
                break;
        }
    }

    public void Say(string text, Style style = Style.Dim) => Talk.Line(text, style);

    /// <summary>Suggests commands that can be typed as they stand.</summary>
    public void Suggest(params IReadOnlyList<(string Command, string Purpose)> commands)
    {
        var width = commands.Max(c => Typed(c.Command).Length);
        foreach (var (command, purpose) in commands)
        {
            Talk.Write($"  {Typed(command).PadRight(width)}", Style.Accent);
            Talk.Line($"  {purpose}", Style.Dim);
        }
    }

    public void Error(string sentence, IReadOnlyList<string> next)
    {
        Talk.Write("error: ", Style.Bad);
        Talk.Line(sentence);
        foreach (var line in next)
        {
            Talk.Line($"  {Typed(line)}", Style.Accent);
        }
    }

    /// <summary>A command of this program as it can be typed here.</summary>
    public string Typed(string command) => command.StartsWith("lungfish ", StringComparison.Ordinal)
        ? _surroundings.Program + command["lungfish".Length..]
        : command;

    public DateTimeOffset Now => _surroundings.Time.GetUtcNow();

    /// <summary>"3 s ago" for people, the exact time for programs.</summary>
    public string Since(DateTimeOffset time) => ForPeople ? $"{Durations.Text(Now - time)} ago" : Exact(time);

    public static string Exact(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
}
