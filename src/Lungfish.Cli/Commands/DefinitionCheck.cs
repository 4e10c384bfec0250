using Lungfish.Deployment;
using Lungfish.Deployment.CloudFormation;
using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Serverless;
using Lungfish.Engine.Identifiers;
using Lungfish.Integrations.Items;
using Lungfish.Integrations.Messaging;
using Lungfish.Integrations.Results;
using Lungfish.Integrations.S3;
using Lungfish.Integrations.StepFunctions;
using Lungfish.Json;
using Lungfish.States.Model;
using Lungfish.States.Parsing;
using Lungfish.States.Validation;

namespace Lungfish.Cli.Commands;

/// <summary>Something that a definition's author should know, at its place in the author's file.</summary>
internal sealed record Finding(string File, Mark Mark, Diagnostic Diagnostic)
{
    public bool IsError => Diagnostic.Severity == DiagnosticSeverity.Error;

    public string Sentence
    {
        get
        {
            var place = Mark.Line > 0 ? $"{File}:{Mark.Line}:{Mark.Column}" : File;
            var location = Diagnostic.Location is { Length: > 0 } pointer ? $" {pointer}:" : "";
            var hint = Diagnostic.Hint is { Length: > 0 } advice ? $" {advice}" : "";
            return $"{place}:{location} {Diagnostic.Message.TrimEnd('.')} ({Diagnostic.Code}).{hint}";
        }
    }

    /// <summary>As compilers tell it, so that editors find the place: <c>file:line:column: error CODE: message</c>.
    /// </summary>
    public string Headline =>
        $"{(Mark.Line > 0 ? $"{File}:{Mark.Line}:{Mark.Column}" : File)}: {(IsError ? "error" : "warning")} "
        + $"{Diagnostic.Code}: {Diagnostic.Message.Split('\n')[0]}";

    /// <summary>The place inside the definition, and what to do.</summary>
    public string? Advice => Diagnostic.Location is ['/', ..] location
        ? Diagnostic.Hint is null ? location : $"{location}: {Diagnostic.Hint}"
        : Diagnostic.Hint;

    public JsonObject ToJson() => JsonObject.Of(
        ("severity", IsError ? "ERROR" : "WARNING"),
        ("code", Diagnostic.Code),
        ("message", Diagnostic.Message),
        ("location", Diagnostic.Location is null ? JsonValue.Null : Diagnostic.Location),
        ("pointer", Diagnostic.Pointer is null ? JsonValue.Null : Diagnostic.Pointer),
        ("hint", Diagnostic.Hint is null ? JsonValue.Null : Diagnostic.Hint),
        ("file", File),
        ("line", Mark.Line),
        ("column", Mark.Column));
}

/// <summary>Checks definitions without a server, with the server's own parser.</summary>
internal static class DefinitionCheck
{
    private static readonly DefinitionOptions Options = new()
    {
        CanRun = CanRun,
        CanReadItems = S3ItemReader.Offers,
        CanWriteResults = S3ResultWriter.Offers,
    };

    /// <exception cref="DeploymentException">The serverless.yml or template cannot be read.</exception>
    public static IReadOnlyList<Finding> CheckFile(
        string path, string text, StateMachineType type, Func<string, string?> environment)
    {
        if (Path.GetExtension(path) is not (".yml" or ".yaml") && !IsTemplate(path, text))
        {
            return [.. DefinitionParser.Parse(text, Options with { Type = type }).Diagnostics
                .Select(d => new Finding(path, new Mark(d.Line, d.Column), d))];
        }

        return [.. Read(path, text, environment).StateMachines.SelectMany(m => Check(path, m, type))];
    }

    private static bool IsTemplate(string path, string text) =>
        text.Contains("\"Resources\"", StringComparison.Ordinal) && TemplateReader.IsTemplate(path, text);

    private static Application Read(string path, string text, Func<string, string?> environment)
    {
        var options = new ReadOptions
        {
            AccountId = AwsAccount.Default.AccountId,
            Environment = environment,
            GenerateName = id => id,
        };
        return !TemplateReader.IsTemplate(path, text)
            ? ServerlessReader.Read(path, text, options)
            : TemplateReader.Read(
                new TemplateSource
                {
                    FileName = path,
                    Text = text,
                    StackName = "stack",
                    Folder = Path.GetDirectoryName(path) ?? "",
                    ReadFile = file => File.Exists(file) ? YamlDocumentReader.ReadText(file, file) : null,
                },
                options);
    }

    public static IEnumerable<Finding> Check(
        string file, StateMachineResource machine, StateMachineType type = StateMachineType.Standard) =>
        DefinitionParser.Parse(machine.Definition, Options with { Type = type }).Diagnostics
            .Select(d => new Finding(file, machine.Locate(d.Location), d));

    private static bool CanRun(TaskResource resource) => resource switch
    {
        LambdaFunctionResource or ActivityResource => true,
        ServiceIntegration { Service: "lambda", Action: "invoke" } invoke =>
            invoke.Pattern is IntegrationPattern.RequestResponse or IntegrationPattern.WaitForTaskToken,
        _ => AwsSdkS3Task.Offers(resource) || StepFunctionsTasks.Offers(resource) || MessagingTasks.Offers(resource),
    };
}
