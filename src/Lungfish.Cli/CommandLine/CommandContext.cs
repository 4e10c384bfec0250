using System.CommandLine;
using Lungfish.Cli.Client;
using Lungfish.Cli.Rendering;

namespace Lungfish.Cli.CommandLine;

/// <summary>What a command works with.</summary>
internal sealed class CommandContext(ParseResult parsed, Surroundings surroundings) : IDisposable
{
    private LungfishClient? _client;

    public Surroundings Surroundings { get; } = surroundings;

    public Output Output { get; } = new(surroundings, parsed.GetValue(GlobalOptions.Output) switch
    {
        "json" => OutputFormat.Json,
        "id" => OutputFormat.Id,
        _ => OutputFormat.Table,
    });

    /// <summary>Where the server is if nothing names it.</summary>
    public string UsualEndpoint { get; set; } = GlobalOptions.DefaultEndpoint;

    public Uri Endpoint => ReadEndpoint();

    public LungfishClient Client => _client ??= new(Endpoint, Surroundings.Handler(), Surroundings.OutIsClosed);

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T Get<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    public bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };

    public void Dispose() => _client?.Dispose();

    private Uri ReadEndpoint()
    {
        var given = parsed.GetValue(GlobalOptions.Endpoint)
            ?? Set("LUNGFISH_ENDPOINT")
            ?? Set("AWS_ENDPOINT_URL")
            ?? UsualEndpoint;
        return Uri.TryCreate(given, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new CommandException(
                ExitCode.Usage,
                $"\"{given}\" is no address of a server.",
                $"--endpoint {GlobalOptions.DefaultEndpoint}");
    }

    private string? Set(string variable) => Surroundings.Environment(variable) is { Length: > 0 } value ? value : null;
}
