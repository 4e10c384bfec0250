using System.CommandLine;

namespace Lungfish.Cli.CommandLine;

/// <summary>Options that every command takes.</summary>
internal static class GlobalOptions
{
    public const string DefaultEndpoint = "http://127.0.0.1:8083";

    public static readonly Option<string?> Endpoint = new("--endpoint")
    {
        Description = $"the server's address; else LUNGFISH_ENDPOINT, AWS_ENDPOINT_URL or {DefaultEndpoint}",
        HelpName = "URL",
        Recursive = true,
    };

    public static readonly Option<string> Output = CreateOutput();

    private static Option<string> CreateOutput()
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "table for people, json for programs, id for one ARN or name a line",
            HelpName = "table|json|id",
            Recursive = true,
            DefaultValueFactory = _ => "table",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not ("table" or "json" or "id") and var value }])
            {
                result.AddError($"\"{value}\" is no output format: use table, json or id.");
            }
        });
        return option;
    }
}
