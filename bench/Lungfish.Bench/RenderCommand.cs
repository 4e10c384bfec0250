using Lungfish.Bench.Measuring;

namespace Lungfish.Bench;

/// <summary>Puts saved results into a page of documentation, between the marks that name them, so that nobody types a
/// number: <c>&lt;!-- bench NAME --&gt;</c> and <c>&lt;!-- end --&gt;</c>.</summary>
internal static class RenderCommand
{
    private const string Begin = "<!-- bench ";
    private const string End = "<!-- end -->";

    public static async Task<int> RunAsync(string page)
    {
        var text = await File.ReadAllTextAsync(page);
        for (var at = text.IndexOf(Begin, StringComparison.Ordinal); at >= 0;
            at = text.IndexOf(Begin, at + 1, StringComparison.Ordinal))
        {
            var afterMark = text.IndexOf('\n', at) + 1;
            var name = text[(at + Begin.Length)..text.IndexOf(" -->", at, StringComparison.Ordinal)];
            var end = text.IndexOf(End, afterMark, StringComparison.Ordinal);
            if (end < 0)
            {
                throw new InvalidDataException($"{page}: nothing ends what begins with {Begin}{name} -->.");
            }

            var path = Path.Combine(Reports.Baselines, name + ".json");
            if (!File.Exists(path))
            {
                throw new InvalidDataException($"{page} shows {path}, which is not there.");
            }

            var rendered = Report.Read(await File.ReadAllTextAsync(path)).ToMarkdown();
            text = $"{text[..afterMark]}{rendered}{text[end..]}";
        }

        await File.WriteAllTextAsync(page, text);
        return 0;
    }
}
