using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Packaging;

namespace Lungfish.Deployment.Serverless;

internal static partial class FunctionsReader
{
    private const int FunctionsMax = 500; // They become resources of one stack, which has no more.

    public static ImmutableArray<(FunctionResource Function, EnvironmentNodes Environment)> Read(
        Section file, ProviderDefaults defaults, PackagePatterns package, string stackName)
    {
        return file.Open("functions") is { } functions
            ? [.. functions.NamedUpTo(FunctionsMax).Select(
                entry => ReadOne(functions.Open(entry), entry, defaults, package, stackName))]
            : [];
    }

    private static (FunctionResource Function, EnvironmentNodes Environment) ReadOne(
        Section section, MapEntry entry, ProviderDefaults defaults, PackagePatterns package, string stackName)
    {
        var function = new FunctionResource
        {
            Key = entry.Key,
            Name = ReadName(section, entry, stackName),
            Handler = section.RequireText("handler"),
            Runtime = section.ReadText("runtime") ?? defaults.Runtime ?? MissingRuntime(section),
            Timeout = TimeSpan.FromSeconds(section.ReadNumber("timeout", 1, 900) ?? defaults.TimeoutSeconds),
            MemoryMegabytes = section.ReadNumber("memorySize", 128, 10_240) ?? defaults.MemoryMegabytes,
            Description = section.ReadText("description") ?? "",
            Environment = ImmutableSortedDictionary<string, string>.Empty, // Set when all references are known.
            Durable = ReadDurable(section),
            Code = new FolderCode("", PackageReader.Read(section, package), IsSource: true),
            Mark = entry.KeyMark,
        };
        var environment = EnvironmentNodes.Read(section).Over(defaults.Environment);
        RefuseEvents(section);
        section.Accept(
            "architecture", "awsKmsKeyArn", "condition", "dependsOn", "disableLogs", "ephemeralStorageSize",
            "iamRoleStatements", "iamRoleStatementsName", "kmsKeyArn", "logRetentionInDays", "logs",
            "provisionedConcurrency", "reservedConcurrency", "role", "runtimeManagement", "snapStart", "tags",
            "tracing", "versionFunction", "vpc");
        section.Refuse("layers", "Put what the layer holds beside the function.");
        section.Refuse("image", "Functions run as processes; images come later.");
        section.Refuse("url", "Invoke the function with the Lambda API instead.");
        section.Refuse("destinations", "Take it out, or call the destination from the function.");
        section.Refuse("onError", "Take it out, or use Catch in the state machine.");
        section.Refuse("maximumRetryAttempts", "Take it out; asynchronous invocations are tried three times.");
        section.Refuse("maximumEventAge", "Take it out; asynchronous invocations wait for up to six hours.");
        section.Refuse("fileSystemConfig", "Functions see this machine's files.");
        section.End();
        return (function, environment);
    }

    private static string ReadName(Section section, MapEntry entry, string stackName)
    {
        var name = section.ReadText("name") ?? $"{stackName}-{entry.Key}";
        if (!NamePattern.IsMatch(name))
        {
            section.Complain(entry.KeyMark, section.KeyOf("name"), $"{name} is no name for a function",
                "Use at most 64 letters, digits, hyphens and underscores.");
        }

        return name;
    }

    private static DurableSettings? ReadDurable(Section section)
    {
        if (section.Open("durableConfig") is not { } durable)
        {
            return null;
        }

        var timeout = durable.ReadNumber("executionTimeout", 1, DurableSettings.ExecutionTimeoutSecondsMax);
        if (timeout is null)
        {
            _ = durable.RequireText("executionTimeout");
        }

        var retention = durable.ReadNumber("retentionPeriodInDays", 1, DurableSettings.RetentionDaysMax);
        durable.End();
        return new DurableSettings(timeout ?? 1, retention ?? DurableSettings.RetentionDaysDefault);
    }

    private static string MissingRuntime(Section section)
    {
        section.Complain(section.Mark, section.KeyOf("runtime"), "the key is missing",
            "Set it here or at provider.runtime, such as python3.13 or nodejs22.x.");
        return "";
    }

    private static void RefuseEvents(Section section)
    {
        if (section.Read("events") is { } events and not ListNode { Items.IsEmpty: true })
        {
            section.Complain(events.Mark, section.KeyOf("events"), "events of functions are not read yet",
                "Put the event on a state machine, or invoke the function with the Lambda API.");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$", RegexOptions.None, 1000)]
    private static partial Regex NamePattern { get; }
}
