using System.Globalization;
using Lungfish.Engine.Storage;

namespace Lungfish.Engine.Identifiers;

/// <summary>Places in lists of executions, as page tokens hold them.</summary>
internal static class ListCursors
{
    public static string Write(ExecutionHeader header) => Write(header.StartedAt, header.Id.Uuid);

    public static string Write(DateTimeOffset startedAt, Guid uuid) =>
        string.Create(CultureInfo.InvariantCulture, $"{startedAt.UtcTicks} {uuid}");

    public static ExecutionCursor Read(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var ticks = long.Parse(text.AsSpan(0, space), CultureInfo.InvariantCulture);
        return new ExecutionCursor(
            new DateTimeOffset(ticks, TimeSpan.Zero), Guid.Parse(text.AsSpan(space + 1), CultureInfo.InvariantCulture));
    }
}
