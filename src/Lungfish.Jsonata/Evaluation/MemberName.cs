using Lungfish.Json;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

/// <summary>A name in an expression. Objects of an array mostly have one shape: it remembers where it stood last.
/// </summary>
internal sealed class MemberName(string text)
{
    private int _place; // A hint only: threads may overwrite each other's.

    public JsonValue? In(JsonObject json) => json.Find(text, ref _place);

    public Value In(OpenObject open) => open.Find(text);
}
