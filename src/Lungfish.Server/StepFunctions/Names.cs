using System.Buffers;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

/// <summary>The names of state machines, executions and activities.</summary>
internal static class Names
{
    public static readonly TextRule Rule = TextRule.Length(1, 80);

    // Recorded in sfn_api_activities/test_create_activity_invalid_name; the same list is documented for all names.
    private static readonly SearchValues<char> Refused = SearchValues.Create(
        [
            .. " \t\r\n<>{}[]?*\"#%\\^|~`$&,;:/",
            .. Enumerable.Range(0x00, 0x20).Select(c => (char)c),
            .. Enumerable.Range(0x7F, 0x21).Select(c => (char)c),
            '\uFFFE',
            '\uFFFF',
        ]);

    /// <exception cref="Lungfish.Engine.ApiException">InvalidName.</exception>
    public static void Check(string name)
    {
        if (!IsValid(name))
        {
            throw StepFunctionsErrors.InvalidName(name);
        }
    }

    public static bool IsValid(string name) => !name.AsSpan().ContainsAny(Refused) && HasOnlyPairedSurrogates(name);

    private static bool HasOnlyPairedSurrogates(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (!char.IsSurrogate(name[i]))
            {
                continue;
            }

            if (i + 1 == name.Length || !char.IsSurrogatePair(name[i], name[i + 1]))
            {
                return false;
            }

            i++;
        }

        return true;
    }
}
