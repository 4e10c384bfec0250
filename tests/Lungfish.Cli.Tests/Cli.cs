using Lungfish.Cli.CommandLine;

namespace Lungfish.Cli.Tests;

/// <summary>Runs the command in this process, away from any terminal.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    public static Task<CliRun> Of(HttpMessageHandler server, params IReadOnlyList<string> arguments) =>
        WithInput("{\"from\": \"stdin\"}", server, arguments);

    public static Task<CliRun> WithInput(
        string input, HttpMessageHandler server, params IReadOnlyList<string> arguments) =>
        RunAsync(input, _ => null, server, arguments);

    /// <param name="program">How the script was called that runs the command.</param>
    public static Task<CliRun> By(
        string program, HttpMessageHandler server, params IReadOnlyList<string> arguments) =>
        RunAsync("", name => name == "LUNGFISH_COMMAND" ? program : null, server, arguments);

    private static async Task<CliRun> RunAsync(
        string input,
        Func<string, string?> environment,
        HttpMessageHandler server,
        IReadOnlyList<string> arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exitCode = await LungfishCommandLine.RunAsync(arguments, new Surroundings
        {
            Out = output,
            Error = error,
            In = new StringReader(input),
            OutIsTerminal = false,
            ErrorIsTerminal = false,
            InIsTerminal = false,
            Environment = environment,
            Handler = () => server,
        });
        return new CliRun(exitCode, output.ToString(), error.ToString());
    }
}
