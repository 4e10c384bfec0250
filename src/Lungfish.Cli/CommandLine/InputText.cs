using Lungfish.Json;

namespace Lungfish.Cli.CommandLine;

/// <summary>JSON that comes as an argument: as text, from a file as <c>@file</c>, from standard input as
/// <c>-</c>.</summary>
internal static class InputText
{
    public static async Task<string> ReadJsonAsync(
        string given, string option, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var text = given switch
        {
            "-" => await surroundings.In.ReadToEndAsync(cancellationToken),
            ['@', .. var file] => await ReadFileAsync(file, option, cancellationToken),
            _ => given,
        };
        try
        {
            _ = JsonValue.Parse(text);
            return text;
        }
        catch (JsonParseException e)
        {
            throw new CommandException(
                ExitCode.Usage,
                $"What {option} gives is no JSON (line {e.Line}, column {e.Column}).",
                $"{option} '{{\"total\": 120}}'    quotes keep the shell away; text is '\"text\"'",
                $"{option} @file.json            reads a file, - reads standard input");
        }
    }

    public static async Task<string> ReadFileAsync(string file, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, $"{what}: {e.Message}");
        }
    }
}
