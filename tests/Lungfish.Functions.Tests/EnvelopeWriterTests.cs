using Lungfish.Durable;
using Lungfish.Engine.Durable;
using Lungfish.Functions.Durable;
using Lungfish.Json;

namespace Lungfish.Functions.Tests;

/// <summary>The envelope of an invocation, as durable.md 3 has it.</summary>
public sealed class EnvelopeWriterTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);

    private static readonly Operation Execution = new()
    {
        Id = "0197",
        Sequence = 0,
        Type = OperationType.Execution,
        Name = "one",
        Status = OperationStatus.Started,
        StartedAt = At,
        Payload = """{"a":"é"}""",
        Change = 1,
    };

    [Fact]
    public void Write_AllKindsOfOperations_HasTheirDetailsAndMilliseconds()
    {
        Operation[] operations =
        [
            Execution,
            Of("s", OperationType.Step, OperationStatus.Pending) with
            {
                SubType = "WaitForCondition",
                Attempt = 2,
                NextAttemptAt = At.AddSeconds(1),
                Payload = "null",
            },
            Of("w", OperationType.Wait, OperationStatus.Started) with { ParentId = "c", ScheduledEndAt = At },
            Of("b", OperationType.Callback, OperationStatus.TimedOut) with
            {
                Callback = new("id+/=", null, null, null),
                Error = new ErrorObject { ErrorType = "Callback.Timeout" },
                EndedAt = At,
            },
            Of("c", OperationType.Context, OperationStatus.Succeeded) with { ReplayChildren = true, Payload = "" },
            Of("i", OperationType.ChainedInvoke, OperationStatus.Succeeded) with { Payload = "1" },
        ];

        var envelope = Write(operations, ["w", "b"]);

        Assert.Equal(
            JsonValue.Parse("""
                {"DurableExecutionArn": "arn:e", "CheckpointToken": "token+/=",
                 "InitialExecutionState": {"Operations": [
                   {"Id": "0197", "Name": "one", "Type": "EXECUTION", "StartTimestamp": 1700000000123,
                    "Status": "STARTED", "ExecutionDetails": {"InputPayload": "{\"a\":\"é\"}"}},
                   {"Id": "s", "Type": "STEP", "SubType": "WaitForCondition", "StartTimestamp": 1700000000123,
                    "Status": "PENDING",
                    "StepDetails": {"Attempt": 2, "NextAttemptTimestamp": 1700000001123, "Result": "null"}},
                   {"Id": "w", "ParentId": "c", "Type": "WAIT", "StartTimestamp": 1700000000123, "Status": "STARTED",
                    "WaitDetails": {"ScheduledEndTimestamp": 1700000000123}},
                   {"Id": "b", "Type": "CALLBACK", "StartTimestamp": 1700000000123, "EndTimestamp": 1700000000123,
                    "Status": "TIMED_OUT",
                    "CallbackDetails": {"CallbackId": "id+/=", "Error": {"ErrorType": "Callback.Timeout"}}},
                   {"Id": "c", "Type": "CONTEXT", "StartTimestamp": 1700000000123, "Status": "SUCCEEDED",
                    "ContextDetails": {"ReplayChildren": true, "Result": ""}},
                   {"Id": "i", "Type": "CHAINED_INVOKE", "StartTimestamp": 1700000000123, "Status": "SUCCEEDED",
                    "ChainedInvokeDetails": {"Result": "1"}}], "NextMarker": ""},
                 "UpdatedOperationIds": ["w", "b"]}
                """),
            envelope);
    }

    [Fact]
    public void Write_MoreThanAPayloadHolds_SendsWhatFitsAndTheMarkerOfTheRest()
    {
        var large = new string('"', 500_000); // Quotes double.
        Operation[] operations =
        [
            Execution,
            .. Enumerable.Range(1, 10).Select(n => Of($"{n}", OperationType.Step, OperationStatus.Succeeded) with
            {
                Payload = large,
            }),
        ];

        var invocation = Invocation(operations, []);
        var bytes = EnvelopeWriter.Write(invocation);

        Assert.InRange(bytes.Length, 6_000_000, EnvelopeWriter.BytesMax);
        var state = State(bytes);
        Assert.Equal(7, Assert.IsType<JsonArray>(state["Operations"]).Count);
        Assert.Equal("from 7", state["NextMarker"]);
    }

    [Fact]
    public void Write_InputThatFillsThePayload_IsSentAlone()
    {
        Operation[] operations =
        [
            Execution with { Payload = new string('x', EnvelopeWriter.BytesMax) },
            Of("s", OperationType.Step, OperationStatus.Started),
        ];

        var state = State(EnvelopeWriter.Write(Invocation(operations, [])));

        Assert.Single(Assert.IsType<JsonArray>(state["Operations"]));
        Assert.Equal("from 1", state["NextMarker"]);
    }

    private static Operation Of(string id, OperationType type, OperationStatus status) =>
        new() { Id = id, Sequence = 1, Type = type, Status = status, StartedAt = At, Change = 1 };

    private static JsonValue Write(Operation[] operations, string[] updated) =>
        JsonValue.Parse(EnvelopeWriter.Write(Invocation(operations, updated)).Span);

    private static JsonObject State(ReadOnlyMemory<byte> envelope) =>
        Assert.IsType<JsonObject>(Assert.IsType<JsonObject>(JsonValue.Parse(envelope.Span))["InitialExecutionState"]);

    private static DurableInvocation Invocation(Operation[] operations, string[] updated) => new(
        new DurableIdentity
        {
            Arn = "arn:e",
            Name = "one",
            Id = "0197",
            FunctionArn = "f:1",
            Version = "1",
            ExecutionTimeoutSeconds = 60,
            RetentionDays = 14,
        },
        "request",
        "token+/=",
        operations,
        [.. updated],
        index => $"from {index}");
}
