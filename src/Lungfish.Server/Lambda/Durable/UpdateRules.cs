using System.Buffers;
using Lungfish.Durable;

namespace Lungfish.Server.Lambda.Durable;

/// <summary>The constraints that the API's model puts on the members of an update. What an update means is the
/// decider's business.</summary>
internal static class UpdateRules
{
    private const int IdLengthMax = 64;
    private const int NameLengthMax = 256;
    private const int SubTypeLengthMax = 32;
    private const int FunctionNameLengthMax = 256;
    private const int TenantIdLengthMax = 256;
    private const int PayloadLengthMax = 6_291_456;
    private const int SecondsMax = 31_622_400; // 366 days.

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly SearchValues<char> TenantCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/=+-@ ");

    /// <param name="number">Of the update in its list, from 1.</param>
    public static void Check(OperationUpdate update, int number)
    {
        CheckText(update.Id, "id", IdLengthMax, IdCharacters, "[a-zA-Z0-9-_]+", number);
        CheckText(update.ParentId, "parentId", IdLengthMax, IdCharacters, "[a-zA-Z0-9-_]+", number);
        CheckText(update.SubType, "subType", SubTypeLengthMax, IdCharacters, "[a-zA-Z0-9-_]+", number);
        CheckText(
            update.TenantId, "tenantId", TenantIdLengthMax, TenantCharacters, @"[a-zA-Z0-9\._:\/=+\-@ ]+", number);
        CheckLength(update.FunctionName, "functionName", FunctionNameLengthMax, number);
        CheckLength(update.Name, "name", NameLengthMax, number);
        if (update.Name is { } name && name.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw DurableCall.Violation(
                name, Path("name", number), @"Member must satisfy regular expression pattern: [\x20-\x7E]+");
        }

        if (update.Payload?.Length > PayloadLengthMax)
        {
            throw Violation("payload", number, $"Member must have length less than or equal to {PayloadLengthMax}");
        }

        CheckNumber(update.NextAttemptDelaySeconds, "nextAttemptDelaySeconds", 1, SecondsMax, number);
        CheckNumber(update.WaitSeconds, "waitSeconds", 1, SecondsMax, number);
        CheckNumber(update.TimeoutSeconds, "timeoutSeconds", 0, int.MaxValue, number);
        CheckNumber(update.HeartbeatTimeoutSeconds, "heartbeatTimeoutSeconds", 0, int.MaxValue, number);
    }

    /// <summary>Of ids, subtypes and the names of executions.</summary>
    public static bool IsOfIdCharacters(string text) => !text.AsSpan().ContainsAnyExcept(IdCharacters);

    public static void CheckLength(string? text, string path, int lengthMax)
    {
        if (text?.Length == 0)
        {
            throw DurableCall.Violation(text, path, "Member must have length greater than or equal to 1");
        }

        if (text?.Length > lengthMax)
        {
            throw DurableCall.Violation(text, path, $"Member must have length less than or equal to {lengthMax}");
        }
    }

    /// <summary>Of a member of an update, whose place is spelled out only where it breaks a rule.</summary>
    private static void CheckLength(string? text, string member, int lengthMax, int number)
    {
        if (text?.Length == 0 || text?.Length > lengthMax)
        {
            CheckLength(text, Path(member, number), lengthMax);
        }
    }

    private static void CheckText(
        string? text, string member, int lengthMax, SearchValues<char> characters, string pattern, int number)
    {
        if (text is null)
        {
            return;
        }

        CheckLength(text, member, lengthMax, number);
        if (text.AsSpan().ContainsAnyExcept(characters))
        {
            throw DurableCall.Violation(
                text, Path(member, number), $"Member must satisfy regular expression pattern: {pattern}");
        }
    }

    private static void CheckNumber(int? value, string member, int min, int max, int number)
    {
        if (value < min)
        {
            throw Violation(member, number, $"Member must have value greater than or equal to {min}", $"{value}");
        }

        if (value > max)
        {
            throw Violation(member, number, $"Member must have value less than or equal to {max}", $"{value}");
        }
    }

    private static Exception Violation(string member, int number, string constraint, string? value = "(sensitive)") =>
        DurableCall.Violation(value, Path(member, number), constraint);

    private static string Path(string member, int number) => $"updates.{number}.member.{member}";
}
