using System.Collections.Immutable;
using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;
using Lungfish.States.Model;
using Lungfish.States.Validation;

namespace Lungfish.Server.StepFunctions;

internal sealed class ValidateStateMachineDefinition(IStateMachines stateMachines)
    : IApiAction<ValidateStateMachineDefinitionInput, ValidateStateMachineDefinitionOutput>
{
    public Task<ValidateStateMachineDefinitionOutput> HandleAsync(
        ValidateStateMachineDefinitionInput input, CancellationToken cancellationToken)
    {
        var parse = stateMachines.Validate(input.Definition, input.Type);
        var shown = parse.Diagnostics.Where(
            diagnostic => input.WantsWarnings || diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        return Task.FromResult(new ValidateStateMachineDefinitionOutput
        {
            IsValid = parse.Definition is not null,
            Diagnostics = [.. shown.Take(input.CountMax)],
            IsTruncated = shown.Count > input.CountMax,
        });
    }
}

internal sealed record ValidateStateMachineDefinitionInput : IApiInput<ValidateStateMachineDefinitionInput>
{
    // Documented: 0, and no number at all, mean 100.
    private const int CountDefault = 100;

    private static readonly TextRule SeverityRule = TextRule.OneOf("ERROR", "WARNING");

    public required string Definition { get; init; }

    public required StateMachineType Type { get; init; }

    /// <summary>Documented: ERROR, the default, leaves the warnings out.</summary>
    public required bool WantsWarnings { get; init; }

    public required int CountMax { get; init; }

    public static ValidateStateMachineDefinitionInput Read(RequestMembers members)
    {
        var definition = members.Text("definition", StateMachineMembers.DefinitionRule);
        var type = members.OptionalText("type", StateMachineMembers.TypeRule);
        var severity = members.OptionalText("severity", SeverityRule);
        var count = members.OptionalInteger("maxResults", 0, CountDefault) ?? 0;
        members.Complete();
        return new ValidateStateMachineDefinitionInput
        {
            Definition = definition,
            Type = StateMachineMembers.TypeOf(type),
            WantsWarnings = severity == "WARNING",
            CountMax = count == 0 ? CountDefault : count,
        };
    }
}

internal sealed record ValidateStateMachineDefinitionOutput : IApiOutput
{
    public required bool IsValid { get; init; }

    public required ImmutableArray<Diagnostic> Diagnostics { get; init; }

    public required bool IsTruncated { get; init; }

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteString("result"u8, IsValid ? "OK"u8 : "FAIL"u8);
        writer.WriteStartArray("diagnostics"u8);
        foreach (var diagnostic in Diagnostics)
        {
            writer.WriteStartObject();
            writer.WriteString(
                "severity"u8, diagnostic.Severity == DiagnosticSeverity.Error ? "ERROR"u8 : "WARNING"u8);
            writer.WriteString("code"u8, diagnostic.Code);
            writer.WriteString("message"u8, diagnostic.Message);
            writer.WriteText("location"u8, diagnostic.Location);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteBoolean("truncated"u8, IsTruncated);
    }
}
