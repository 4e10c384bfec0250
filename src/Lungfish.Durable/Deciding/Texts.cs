using System.Text;

namespace Lungfish.Durable.Deciding;

/// <summary>How long texts are on the wire.</summary>
internal static class Texts
{
    public static bool FitsUtf8(string text, int bytesMax) =>
        text.Length <= bytesMax / 3 || Encoding.UTF8.GetByteCount(text) <= bytesMax;

    public static bool FitsUtf8(ErrorObject error, int bytesMax)
    {
        var frames = error.StackTrace.IsDefault ? [] : error.StackTrace;
        return Bytes(error.ErrorType) + Bytes(error.ErrorMessage) + Bytes(error.ErrorData) + frames.Sum(Bytes)
            <= bytesMax;
    }

    private static long Bytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
