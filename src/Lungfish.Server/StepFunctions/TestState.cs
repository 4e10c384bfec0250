using System.Text.Json;
using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Json;
using Lungfish.Server.Protocol;
using Lungfish.States.Testing;

namespace Lungfish.Server.StepFunctions;

/// <param name="tests">Where the state is tested.</param>
/// <param name="stopping">Cancelled when the server stops: a test may take minutes.</param>
internal sealed class TestState(IStateTests tests, CancellationToken stopping)
    : IApiAction<TestStateInput, TestStateOutput>
{
    public async Task<TestStateOutput> HandleAsync(TestStateInput input, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        return new TestStateOutput(await tests.RunAsync(input.Request, either.Token), input.WithInspection);
    }
}

/// <param name="WithInspection">DEBUG or TRACE.</param>
internal sealed record TestStateInput(StateTestRequest Request, bool WithInspection) : IApiInput<TestStateInput>
{
    private static readonly TextRule NameRule = new() { LengthMin = 1, LengthMax = 80, IsSensitive = true };
    private static readonly TextRule LevelRule = TextRule.OneOf("INFO", "DEBUG", "TRACE");
    private static readonly TextRule ValidationRule = TextRule.OneOf("STRICT", "PRESENT", "NONE");

    public static TestStateInput Read(RequestMembers members)
    {
        var input = members.OptionalText("input", JsonInput.Rule);
        var request = new StateTestRequest
        {
            Definition = members.Text("definition", StateMachineMembers.DefinitionRule),
            RoleArn = members.OptionalText("roleArn", ArnForm.Rule),
            RevealSecrets = members.OptionalBoolean("revealSecrets") ?? false,
            Variables = members.OptionalText("variables", JsonInput.Rule),
            StateName = members.OptionalText("stateName", NameRule),
            Mock = members.OptionalObject("mock") is { } mock ? ReadMock(mock) : null,
            Context = members.OptionalText("context", JsonInput.Rule),
            Configuration = members.OptionalObject("stateConfiguration") is { } configuration
                ? ReadConfiguration(configuration)
                : new StateTestConfiguration(),
        };
        var level = members.OptionalText("inspectionLevel", LevelRule);
        members.Complete();
        return new TestStateInput(request with { Input = ReadInput(input) }, level is "DEBUG" or "TRACE");
    }

    private static JsonValue ReadInput(string? text)
    {
        if (text is null)
        {
            return JsonObject.Empty;
        }

        return JsonInput.TryParse(text, "Invalid execution input.", out var why)?.Value
            ?? throw StepFunctionsErrors.InvalidExecutionInput(why);
    }

    private static MockRequest ReadMock(RequestMembers mock) => new()
    {
        Result = mock.OptionalText("result", JsonInput.Rule),
        ErrorOutput = mock.OptionalObject("errorOutput") is { } output
            ? new MockedErrorOutput(
                output.OptionalText("error", FailureRules.Error), output.OptionalText("cause", FailureRules.Cause))
            : null,
        Validation = mock.OptionalText("fieldValidationMode", ValidationRule) switch
        {
            "PRESENT" => MockValidation.Present,
            "NONE" => MockValidation.None,
            _ => MockValidation.Strict,
        },
    };

    private static StateTestConfiguration ReadConfiguration(RequestMembers configuration) => new()
    {
        RetrierRetryCount = configuration.OptionalInteger("retrierRetryCount", 0, int.MaxValue),
        ErrorCausedByState = configuration.OptionalText("errorCausedByState", NameRule),
        MapIterationFailureCount = configuration.OptionalInteger("mapIterationFailureCount", 0, int.MaxValue),
        MapItemReaderData = configuration.OptionalText("mapItemReaderData", JsonInput.Rule),
    };
}

internal sealed record TestStateOutput(StateTestResult Result, bool WithInspection) : IApiOutput
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        WriteJson(writer, "output"u8, Result.Output);
        writer.WriteText("error"u8, Result.Error);
        writer.WriteText("cause"u8, Result.Cause);
        if (WithInspection)
        {
            writer.WriteStartObject("inspectionData"u8);
            Write(writer, Result.Inspection);
            writer.WriteEndObject();
        }

        writer.WriteText("nextState"u8, Result.NextState);
        writer.WriteString("status"u8, Result.Status switch
        {
            StateTestStatus.Succeeded => "SUCCEEDED",
            StateTestStatus.Failed => "FAILED",
            StateTestStatus.Retriable => "RETRIABLE",
            _ => "CAUGHT_ERROR",
        });
    }

    private static void Write(Utf8JsonWriter writer, StateInspection inspection)
    {
        WriteJson(writer, "input"u8, inspection.Input);
        WriteJson(writer, "afterArguments"u8, inspection.AfterArguments);
        WriteJson(writer, "afterInputPath"u8, inspection.AfterInputPath);
        WriteJson(writer, "afterParameters"u8, inspection.AfterParameters);
        WriteJson(writer, "result"u8, inspection.Result);
        WriteJson(writer, "afterResultSelector"u8, inspection.AfterResultSelector);
        WriteJson(writer, "afterResultPath"u8, inspection.AfterResultPath);
        WriteJson(writer, "variables"u8, inspection.Variables);
        WriteJson(writer, "afterItemsPath"u8, inspection.AfterItemsPath);
        WriteJson(writer, "afterItemsPointer"u8, inspection.AfterItemsPointer);
        WriteJson(writer, "afterItemSelector"u8, inspection.AfterItemSelector);
        WriteJson(writer, "afterItemBatcher"u8, inspection.AfterItemBatcher);
        WriteNumber(writer, "toleratedFailureCount"u8, inspection.ToleratedFailureCount);
        if (inspection.ToleratedFailurePercentage is { } percentage)
        {
            writer.WriteNumber("toleratedFailurePercentage"u8, percentage);
        }

        WriteNumber(writer, "maxConcurrency"u8, inspection.MaxConcurrency);
        if ((inspection.RetryIndex ?? inspection.CatchIndex) is not null)
        {
            writer.WriteStartObject("errorDetails"u8);
            WriteNumber(writer, "catchIndex"u8, inspection.CatchIndex);
            WriteNumber(writer, "retryIndex"u8, inspection.RetryIndex);
            WriteNumber(writer, "retryBackoffIntervalSeconds"u8, (long?)inspection.RetryBackoff?.TotalSeconds);
            writer.WriteEndObject();
        }
    }

    /// <summary>JSON values travel as texts.</summary>
    private static void WriteJson(Utf8JsonWriter writer, ReadOnlySpan<byte> name, JsonValue? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value.ToText());
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }
}
