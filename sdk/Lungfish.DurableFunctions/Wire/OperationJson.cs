using System.Text.Json;

namespace Lungfish.DurableFunctions;

/// <summary>Reads operations. By hand: this is on the way of every invocation and every checkpoint.</summary>
internal static class OperationJson
{
    // The envelope counts milliseconds since 1970, API answers count seconds. As seconds this figure is the year 5138,
    // as milliseconds it is 1973: what is larger counts milliseconds.
    private const double SecondsMax = 100_000_000_000;

    // Names that come again and again are not made anew each time.
    private static readonly Interned s_names = new(
        "Id", "Type", "Status", "ParentId", "Name", "SubType", "StartTimestamp", "EndTimestamp", "ExecutionDetails",
        "ContextDetails", "StepDetails", "WaitDetails", "CallbackDetails", "ChainedInvokeDetails", "InputPayload",
        "Result", "Error", "ReplayChildren", "Attempt", "NextAttemptTimestamp", "ScheduledEndTimestamp", "CallbackId",
        "ErrorType", "ErrorMessage", "ErrorData", "StackTrace", "Operations", "NextMarker", "DurableExecutionArn",
        "CheckpointToken", "InitialExecutionState", "NewExecutionState", "UpdatedOperationIds",
        OperationTypes.Execution, OperationTypes.Context, OperationTypes.Step, OperationTypes.Wait,
        OperationTypes.Callback, OperationTypes.ChainedInvoke,
        OperationSubTypes.Step, OperationSubTypes.Wait, OperationSubTypes.Callback, OperationSubTypes.RunInChildContext,
        OperationSubTypes.Map, OperationSubTypes.MapIteration, OperationSubTypes.Parallel,
        OperationSubTypes.ParallelBranch, OperationSubTypes.WaitForCallback, OperationSubTypes.WaitForCondition,
        OperationSubTypes.ChainedInvoke,
        OperationStatuses.Started, OperationStatuses.Pending, OperationStatuses.Ready, OperationStatuses.Succeeded,
        OperationStatuses.Failed, OperationStatuses.Cancelled, OperationStatuses.TimedOut, OperationStatuses.Stopped);

    public static OperationPage ReadPage(ref Utf8JsonReader reader)
    {
        IReadOnlyList<Operation> operations = [];
        string? marker = null;
        while (NextMember(ref reader))
        {
            switch (Member(ref reader))
            {
                case "Operations": operations = ReadList(ref reader); break;
                case "NextMarker": marker = reader.GetString(); break;
                default: reader.Skip(); break;
            }
        }

        return new OperationPage { Operations = operations, NextMarker = marker };
    }

    private static List<Operation> ReadList(ref Utf8JsonReader reader)
    {
        var list = new List<Operation>();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                list.Add(Read(ref reader));
            }
        }

        return list;
    }

    private static Operation Read(ref Utf8JsonReader reader)
    {
        string? id = null, type = null, status = null, parentId = null, name = null, subType = null;
        DateTimeOffset? start = null, end = null;
        ExecutionDetails? execution = null;
        ContextDetails? context = null;
        StepDetails? step = null;
        WaitDetails? wait = null;
        CallbackDetails? callback = null;
        ChainedInvokeDetails? invoke = null;
        while (NextMember(ref reader))
        {
            switch (Member(ref reader))
            {
                case "Id": id = reader.GetString(); break;
                case "Type": type = Known(ref reader); break;
                case "Status": status = Known(ref reader); break;
                case "ParentId": parentId = reader.GetString(); break;
                case "Name": name = reader.GetString(); break;
                case "SubType": subType = Known(ref reader); break;
                case "StartTimestamp": start = ReadTime(ref reader); break;
                case "EndTimestamp": end = ReadTime(ref reader); break;
                case "ExecutionDetails" when IsObject(ref reader): execution = ReadExecution(ref reader); break;
                case "ContextDetails" when IsObject(ref reader): context = ReadContext(ref reader); break;
                case "StepDetails" when IsObject(ref reader): step = ReadStep(ref reader); break;
                case "WaitDetails" when IsObject(ref reader): wait = ReadWait(ref reader); break;
                case "CallbackDetails" when IsObject(ref reader): callback = ReadCallback(ref reader); break;
                case "ChainedInvokeDetails" when IsObject(ref reader): invoke = ReadInvoke(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new Operation
        {
            Id = id ?? throw new JsonException("An operation has no Id."),
            Type = type ?? throw new JsonException($"The operation '{id}' has no Type."),
            Status = status ?? throw new JsonException($"The operation '{id}' has no Status."),
            ParentId = parentId,
            Name = name,
            SubType = subType,
            StartTimestamp = start,
            EndTimestamp = end,
            ExecutionDetails = execution,
            ContextDetails = context,
            StepDetails = step,
            WaitDetails = wait,
            CallbackDetails = callback,
            ChainedInvokeDetails = invoke,
        };
    }

    private static ExecutionDetails ReadExecution(ref Utf8JsonReader reader)
    {
        string? input = null;
        while (NextMember(ref reader))
        {
            switch (Member(ref reader))
            {
                case "InputPayload": input = reader.GetString(); break;
                default: reader.Skip(); break;
            }
        }

        return new ExecutionDetails { InputPayload = input };
    }

    private static ContextDetails ReadContext(ref Utf8JsonReader reader)
    {
        string? result = null;
        ErrorObject? error = null;
        var replay = false;
        while (NextMember(ref reader))
        {
            switch (Member(ref reader))
            {
                case "Result": result = reader.GetString(); break;
                case "Error": error = ReadError(ref reader); break;
                case "ReplayChildren": replay = reader.TokenType == JsonTokenType.True; break;
                default: reader.Skip(); break;
            }
        }

        return new ContextDetails { Result = result, Error = error, ReplayChildren = replay };
    }

    private static StepDetails ReadStep(ref Utf8JsonReader reader)
    {
        var attempt = 0;
        DateTimeOffset? next = null;
        string? result = null;
        ErrorObject? error = null;
        while (NextMember(ref reader))
        {
            switch (Member(ref reader))
            {
                case "Attempt": attempt = reader.TokenType == JsonTokenType.Null ? 0 : reader.GetInt32(); break;
                case "NextAttemptTimestamp": next = ReadTime(ref reader); break;
                case "Result": result = reader.GetString(); break;
                case "Error": error = ReadError(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new StepDetails { Attempt = attempt, NextAttemptTimestamp = next, Result = result, Error = error };
    }

    private static WaitDetails ReadWait(ref Utf8JsonReader reader)
    {
        DateTimeOffset? end = null;
        while (NextMember(ref reader))
        {
            switch (Member(ref reader))
            {
                case "ScheduledEndTimestamp": end = ReadTime(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new WaitDetails { ScheduledEndTimestamp = end };
    }

    private static CallbackDetails ReadCallback(ref Utf8JsonReader reader)
    {
        string? id = null, result = null;
        ErrorObject? error = null;
        while (NextMember(ref reader))
        {
            switch (Member(ref reader))
            {
                case "CallbackId": id = reader.GetString(); break;
                case "Result": result = reader.GetString(); break;
                case "Error": error = ReadError(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new CallbackDetails { CallbackId = id, Result = result, Error = error };
    }

    private static ChainedInvokeDetails ReadInvoke(ref Utf8JsonReader reader)
    {
        string? result = null;
        ErrorObject? error = null;
        while (NextMember(ref reader))
        {
            switch (Member(ref reader))
            {
                case "Result": result = reader.GetString(); break;
                case "Error": error = ReadError(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new ChainedInvokeDetails { Result = result, Error = error };
    }

    public static ErrorObject? ReadError(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        string? type = null, message = null, data = null;
        List<string>? stack = null;
        while (NextMember(ref reader))
        {
            switch (Member(ref reader))
            {
                case "ErrorType": type = reader.GetString(); break;
                case "ErrorMessage": message = reader.GetString(); break;
                case "ErrorData": data = reader.GetString(); break;
                case "StackTrace": stack = ReadStrings(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new ErrorObject { ErrorType = type, ErrorMessage = message, ErrorData = data, StackTrace = stack };
    }

    public static List<string>? ReadStrings(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        var list = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            list.Add(reader.GetString() ?? "");
        }

        return list;
    }

    /// <summary>Goes to the next member of the object that the reader is in; false at its end.</summary>
    public static bool NextMember(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    private static bool IsObject(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.StartObject;

    /// <summary>
    /// The member's name; the reader then stands on its value, and on the value's end after reading it.
    /// </summary>
    public static string? Member(ref Utf8JsonReader reader)
    {
        var name = s_names.Get(ref reader);
        reader.Read();
        return name;
    }

    private static string? Known(ref Utf8JsonReader reader) => s_names.Get(ref reader);

    private static DateTimeOffset? ReadTime(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetDateTimeOffset();
        }

        var value = reader.GetDouble();
        return DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Round(value > SecondsMax ? value : value * 1000));
    }
}
