using System.Security.Cryptography;

namespace Lungfish.Functions.Runtimes;

/// <summary>Our bootstraps as files: written anew by each version of the program, side by side with older
/// ones.</summary>
internal sealed class BootstrapFiles
{
    private readonly string _directory;

    public BootstrapFiles(string directory)
    {
        var assembly = typeof(BootstrapFiles).Assembly;
        var contents = assembly.GetManifestResourceNames()
            .Order(StringComparer.Ordinal)
            .ToDictionary(name => name, name => ReadResource(assembly, name), StringComparer.Ordinal);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var content in contents.Values)
        {
            hash.AppendData(content);
        }

        _directory = Path.Combine(directory, "runtimes", Convert.ToHexStringLower(hash.GetHashAndReset())[..16]);
        _ = Directory.CreateDirectory(_directory);
        foreach (var (name, content) in contents)
        {
            var path = Path.Combine(_directory, name);
            if (!File.Exists(path) || new FileInfo(path).Length != content.Length)
            {
                File.WriteAllBytes(path, content);
            }
        }
    }

    public string PathOf(string name) => Path.Combine(_directory, name);

    private static byte[] ReadResource(System.Reflection.Assembly assembly, string name)
    {
        using var resource = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing.");
        using var content = new MemoryStream();
        resource.CopyTo(content);
        return content.ToArray();
    }
}
