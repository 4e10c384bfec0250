using System.Collections.Immutable;
using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Packaging;

namespace Lungfish.Deployment.Serverless;

/// <summary>Reads the key <c>package</c>, of the service or of one function.</summary>
internal static class PackageReader
{
    public static PackagePatterns Read(Section section, PackagePatterns inherited)
    {
        if (section.Open("package") is not { } package)
        {
            return inherited;
        }

        // Documented: the old exclude goes before the old include, so that what is included comes back.
        var patterns = inherited.Patterns
            .AddRange(Texts(package, "exclude").Select(glob => $"!{glob}"))
            .AddRange(Texts(package, "include"))
            .AddRange(Texts(package, "patterns"));
        package.Accept("excludeDevDependencies", "individually");
        package.Refuse("artifact", "Functions are packed from the folder; take the key out.");
        package.End();
        return new PackagePatterns(patterns);
    }

    private static ImmutableArray<string> Texts(Section package, string key)
    {
        switch (package.Read(key))
        {
            case null:
                return [];
            case ListNode list:
                return [.. list.Items.OfType<ScalarNode>().Select(item => item.Display)];
            case var other:
                package.Complain(
                    other.Mark, package.KeyOf(key), $"this is {other.Kind}, and must be a list", "List glob patterns.");
                return [];
        }
    }
}
