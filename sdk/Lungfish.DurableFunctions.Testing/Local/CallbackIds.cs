using System.Globalization;
using System.Text;

namespace Lungfish.DurableFunctions.Testing.Local;

/// <summary>Ids of callbacks, which say which operation of which execution they complete.</summary>
internal static class CallbackIds
{
    public static string Write(string executionId, int sequence) => Convert.ToBase64String(
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{executionId}/{sequence}")));

    public static bool TryRead(string callbackId, out string executionId, out int sequence)
    {
        (executionId, sequence) = ("", 0);
        var bytes = new byte[callbackId.Length];
        if (!Convert.TryFromBase64String(callbackId, bytes, out var length)
            || Encoding.ASCII.GetString(bytes, 0, length).Split('/') is not [var id, var place])
        {
            return false;
        }

        executionId = id;
        return int.TryParse(place, CultureInfo.InvariantCulture, out sequence);
    }
}
