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
            "-" => await ReadStandardInputAsync(surroundings, cancellationToken),
            ['@', .. var file] => await ReadFileAsync(file, option, cancellationToken),
            _ => given,
        };
        return RequireJson(
            text,
            given is ['@', .. var name] ? $"What is in {name}" : $"What {option} gives",
            $"{option} '{{\"total\": 120}}'    quotes keep the shell away; text is '\"text\"'",
            $"{option} @file.json            reads a file, - reads standard input");
    }

    /// <returns>The text, if it is JSON.</returns>
    public static string RequireJson(string text, string what, params IReadOnlyList<string> next)
    {
        try
        {
            _ = JsonValue.Parse(text);
            return text;
        }
        catch (JsonParseException e)
        {
            throw new CommandException(
                ExitCode.Usage, $"{what} is no JSON (line {e.Line}, column {e.Column}).", next);
        }
    }

    /// <summary>Ctrl-C ends the waiting, though nothing ends a read of the console.</summary>
    public static Task<string> ReadStandardInputAsync(
        Surroundings surroundings, CancellationToken cancellationToken) =>
        Task.Run(surroundings.In.ReadToEnd, cancellationToken).WaitAsync(cancellationToken);

    public static async Task<string> ReadFileAsync(string file, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            var why = file.Length == 0 ? "no file is named."
                : Directory.Exists(file) ? $"'{file}' is a folder, not a file."
                : e.Message;
            throw new CommandException(ExitCode.Usage, $"{what}: {why}");
        }
    }
}
