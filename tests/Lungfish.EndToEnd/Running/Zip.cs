using System.IO.Compression;

namespace Lungfish.EndToEnd.Running;

internal static class Zip
{
    /// <summary>A zip of one file, in base64, as CreateFunction takes it.</summary>
    public static async Task<string> OfAsync(string path, string text)
    {
        using var buffer = new MemoryStream();
        await using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var writer = new StreamWriter(await zip.CreateEntry(path).OpenAsync());
            await writer.WriteAsync(text);
        }

        return Convert.ToBase64String(buffer.ToArray());
    }
}
