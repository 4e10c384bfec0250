using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Lungfish.Deployment.Packaging;

/// <summary>Which files of a folder belong to a function: everything, less what is excluded, plus what is taken
/// back.</summary>
/// <remarks>Patterns are globs in the framework's order; one with <c>!</c> in front excludes, and the last match
/// wins.</remarks>
public sealed record PackagePatterns(ImmutableArray<string> Patterns)
{
    /// <summary>What never belongs to a function, however the file is packaged.</summary>
    private static readonly ImmutableArray<string> Never =
    [
        "!.git/**", "!.gitignore", "!.DS_Store", "!npm-debug.log", "!serverless.yml", "!serverless.yaml",
        "!.serverless/**", "!.serverless_plugins/**", "!.lungfish/**", "!**/__pycache__/**",
    ];

    public static readonly PackagePatterns Everything = new([]);

    /// <summary>The same without a folder, whatever else is said of it.</summary>
    /// <param name="path">As seen from the folder that is packed; one that is not below it changes nothing.</param>
    public PackagePatterns Without(string path) => this with { LeftOut = path.Replace('\\', '/') };

    private string? LeftOut { get; init; }

    /// <returns>Tells of a path with <c>/</c> between its parts whether it belongs to the function.</returns>
    public Func<string, bool> Compile()
    {
        var rules = Never.AddRange(Patterns)
            .Select(p => p.StartsWith('!') ? (Take: false, Glob: p[1..]) : (Take: true, Glob: p))
            .Select(rule => (rule.Take, Regex: ToRegex(rule.Glob)))
            .ToArray();
        return path =>
        {
            if (LeftOut is not null && path.StartsWith(LeftOut + "/", StringComparison.Ordinal))
            {
                return false;
            }

            var last = Array.FindLastIndex(rules, rule => rule.Regex.IsMatch(path));
            return last < 0 || rules[last].Take;
        };
    }

    private static Regex ToRegex(string glob)
    {
        var pattern = new StringBuilder("^");
        if (glob.StartsWith("./", StringComparison.Ordinal))
        {
            glob = glob[2..];
        }

        for (var i = 0; i < glob.Length; i++)
        {
            if (glob.AsSpan(i).StartsWith("**/"))
            {
                pattern.Append("(?:.*/)?");
                i += 2;
            }
            else if (glob.AsSpan(i).StartsWith("**"))
            {
                pattern.Append(".*");
                i++;
            }
            else
            {
                i = AppendOne(glob, i, pattern);
            }
        }

        // A folder's name stands for all that is in it.
        pattern.Append("(?:/.*)?$");
        return new Regex(pattern.ToString(), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }

    private static int AppendOne(string glob, int i, StringBuilder pattern)
    {
        switch (glob[i])
        {
            case '*':
                pattern.Append("[^/]*");
                return i;
            case '?':
                pattern.Append("[^/]");
                return i;
            case '{' when glob.IndexOf('}', i) is > 0 and var close:
                pattern.Append("(?:").AppendJoin('|', glob[(i + 1)..close].Split(',').Select(Regex.Escape)).Append(')');
                return close;
            default:
                pattern.Append(Regex.Escape(glob[i].ToString()));
                return i;
        }
    }
}
