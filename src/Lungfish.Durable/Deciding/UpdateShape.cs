using System.Buffers;

namespace Lungfish.Durable.Deciding;

/// <summary>What an update must be like whatever the state of the execution.</summary>
internal static class UpdateShape
{
    private const int SecondsMax = 31_622_400;
    private const int IdCharactersMax = 64;
    private const int NameCharactersMax = 256;
    private const int SubTypeCharactersMax = 32;

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static Refusal? Check(OperationUpdate update, DurableLimits limits) =>
        (CheckNames(update)
            ?? CheckAction(update)
            ?? CheckContent(update, limits)
            ?? CheckSeconds(update)) is { } problem
            ? Refusal.Invalid($"{Described(update)}: {problem}")
            : null;

    /// <summary>As messages call it: <c>STEP START of operation ID (NAME)</c>.</summary>
    public static string Described(OperationUpdate update)
    {
        var name = update.Name is { } given ? $" ('{Shortened(given)}')" : "";
        return $"{WireNames.Of(update.Type)} {WireNames.Of(update.Action)} of operation {Shortened(update.Id)}{name}";
    }

    private static string? CheckNames(OperationUpdate update) => update switch
    {
        { Id: var id } when !IsId(id) =>
            $"the Id must be 1 to {IdCharactersMax} letters, digits, hyphens and underscores.",
        { ParentId: { } parent } when !IsId(parent) =>
            $"the ParentId must be 1 to {IdCharactersMax} letters, digits, hyphens and underscores.",
        { Name: { } name } when !IsName(name) =>
            $"the Name must be 1 to {NameCharactersMax} printable ASCII characters.",
        { SubType: { Length: 0 or > SubTypeCharactersMax } } =>
            $"the SubType must be 1 to {SubTypeCharactersMax} characters long.",
        _ => null,
    };

    private static string? CheckAction(OperationUpdate update)
    {
        var allowed = update.Type switch
        {
            OperationType.Execution => "SUCCEED and FAIL",
            OperationType.Context => "START, SUCCEED and FAIL",
            OperationType.Step => "START, SUCCEED, FAIL and RETRY",
            OperationType.Wait => "START and CANCEL",
            _ => "START",
        };
        return allowed.Contains(WireNames.Of(update.Action), StringComparison.Ordinal)
            ? null
            : $"the actions of {WireNames.Of(update.Type)} are {allowed}.";
    }

    private static string? CheckContent(OperationUpdate update, DurableLimits limits) => update switch
    {
        { Action: OperationAction.Fail, Payload: not null } => "FAIL takes an Error and no Payload.",
        { Action: OperationAction.Succeed, Error: not null } => "SUCCEED takes a Payload and no Error.",
        { Action: OperationAction.Retry, Payload: not null, Error: not null } =>
            "RETRY takes a Payload or an Error, not both.",
        { Error: { } error } when !Texts.FitsUtf8(error, limits.ErrorBytesMax) =>
            $"the Error is longer than {limits.ErrorBytesMax} bytes.",
        { Payload.Length: var length } when length > limits.PayloadCharactersMax =>
            $"the Payload is longer than {limits.PayloadCharactersMax} characters.",
        { Type: OperationType.Step or OperationType.Context, Payload: { } result }
            when !Texts.FitsUtf8(result, limits.ResultBytesMax) =>
            $"the Payload is longer than {limits.ResultBytesMax} bytes, which is the most that a step or a context may "
            + "end with. Store large results elsewhere and return where they are.",
        { Type: OperationType.ChainedInvoke, FunctionName: null or "" } =>
            "ChainedInvokeOptions.FunctionName is missing.",
        _ => null,
    };

    private static string? CheckSeconds(OperationUpdate update) => update switch
    {
        { Type: OperationType.Wait, Action: OperationAction.Start } =>
            Within("WaitOptions.WaitSeconds", update.WaitSeconds),
        { Action: OperationAction.Retry } =>
            Within("StepOptions.NextAttemptDelaySeconds", update.NextAttemptDelaySeconds),
        { Type: OperationType.Callback } =>
            NotNegative("CallbackOptions.TimeoutSeconds", update.TimeoutSeconds)
            ?? NotNegative("CallbackOptions.HeartbeatTimeoutSeconds", update.HeartbeatTimeoutSeconds),
        _ => null,
    };

    private static string? Within(string member, int? seconds) => seconds switch
    {
        null => $"{member} is missing.",
        < 1 or > SecondsMax => $"{member} must be 1 to {SecondsMax}; it is {seconds}.",
        _ => null,
    };

    private static string? NotNegative(string member, int? seconds) =>
        seconds < 0 ? $"{member} must not be negative; it is {seconds}." : null;

    private static bool IsId(string text) =>
        text.Length is > 0 and <= IdCharactersMax && !text.AsSpan().ContainsAnyExcept(IdCharacters);

    private static bool IsName(string text) =>
        text.Length is > 0 and <= NameCharactersMax && !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static string Shortened(string text) =>
        text.Length <= NameCharactersMax ? text : text[..NameCharactersMax] + "...";
}
